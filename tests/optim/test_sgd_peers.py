"""SGD against PyTorch's: 200 steps, each option alone, at a constant learning rate.

PyTorch's velocity has no learning rate in it: U ← αU + ∇L(W), W ← W − ηU. Ours has, as the
article's. The two walk the same way as long as the learning rate is constant.
"""

from __future__ import annotations

import numpy as np
import pytest

from glasswork import Parameter
from glasswork.optim import SGD

pytestmark = pytest.mark.peers
torch = pytest.importorskip("torch")

CASES = {
    "plain": ({}, {}),
    "momentum": ({"momentum": 0.9}, {"momentum": 0.9}),
    "nesterov": ({"momentum": 0.9, "nesterov": True}, {"momentum": 0.9, "nesterov": True}),
    "l2": ({"l2": 0.1}, {"weight_decay": 0.1}),
    "l2 and momentum": ({"l2": 0.1, "momentum": 0.9}, {"weight_decay": 0.1, "momentum": 0.9}),
}


@pytest.mark.parametrize(("options", "theirs"), CASES.values(), ids=CASES)
def test_two_hundred_steps_are_pytorchs(side_by_side, options, theirs):
    ours, expected = side_by_side(
        lambda parameters: SGD(parameters, 0.01, **options),
        lambda parameters: torch.optim.SGD(parameters, lr=0.01, **theirs),
    )
    np.testing.assert_allclose(ours, expected, rtol=1e-6)


def test_when_the_learning_rate_changes_the_two_velocities_part():
    w, t = Parameter(np.zeros(1)), torch.zeros(1, dtype=torch.float64, requires_grad=True)
    ours, theirs = SGD([w], 1.0, momentum=0.5), torch.optim.SGD([t], lr=1.0, momentum=0.5)
    for rate in (1.0, 0.0):
        ours.learning_rate = theirs.param_groups[0]["lr"] = rate
        w.grad, t.grad = [-4.0], torch.tensor([-4.0], dtype=torch.float64)
        ours.step()
        theirs.step()
    assert (w.item(), t.item()) == (6.0, 4.0)


def test_a_parameter_without_a_gradient_goes_on_as_pytorchs_does_when_its_gradient_is_zeros():
    w, t = Parameter(np.ones(1)), torch.ones(1, dtype=torch.float64, requires_grad=True)
    ours = SGD([w], 0.1, momentum=0.5, l2=0.1)
    theirs = torch.optim.SGD([t], lr=0.1, momentum=0.5, weight_decay=0.1)
    w.grad, t.grad = [1.0], torch.ones(1, dtype=torch.float64)
    for _ in range(3):
        ours.step()
        ours.zero_grad()
        theirs.step()
        theirs.zero_grad(set_to_none=False)
    assert w.item() == pytest.approx(t.item(), rel=1e-14)
