"""Clipped gradients against PyTorch's."""

from __future__ import annotations

import numpy as np
import pytest

from glasswork import Parameter
from glasswork.optim import clip_gradient_norm, clip_gradient_values

pytestmark = pytest.mark.peers
torch = pytest.importorskip("torch")


@pytest.fixture
def both(rng):
    """The same gradients in parameters of ours and of PyTorch's, of norm about 400."""
    gradients = [100 * rng.standard_normal(shape) for shape in ((4, 3), (3,), ())]
    ours = [Parameter(np.zeros_like(g)) for g in gradients]
    theirs = [torch.zeros(np.shape(g), dtype=torch.float64, requires_grad=True) for g in gradients]
    for w, t, g in zip(ours, theirs, gradients, strict=True):
        w.grad, t.grad = g, torch.tensor(g)
    return ours, theirs


def assert_same(ours, theirs):
    for w, t in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(w.grad, t.grad.numpy(), rtol=1e-6)


@pytest.mark.parametrize("limit", [2.0, 1e6])
def test_clipping_by_norm_is_pytorchs(both, limit):
    ours, theirs = both
    norm = torch.nn.utils.clip_grad_norm_(theirs, limit)
    assert clip_gradient_norm(ours, limit) == pytest.approx(norm.item(), rel=1e-12)
    assert_same(ours, theirs)  # PyTorch divides by ‖g‖ + 1e-6: that is 3e-9 of it


def test_clipping_by_value_is_pytorchs(both):
    ours, theirs = both
    clip_gradient_values(ours, 50.0)
    torch.nn.utils.clip_grad_value_(theirs, 50.0)
    assert_same(ours, theirs)
