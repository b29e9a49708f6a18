"""Adam and its kin against PyTorch's: 200 steps, each option alone, constant learning rate."""

from __future__ import annotations

import numpy as np
import pytest

from glasswork.optim import Adagrad, Adam, AdamW, RMSprop

pytestmark = pytest.mark.peers
torch = pytest.importorskip("torch")

# At its default rate RMSprop circles round the minimum, and rounding decides on which side it is.
SLOW = {"learning_rate": 0.001}, {"lr": 0.001}
CASES = {
    "Adam": (Adam, {}, {}),
    "Adam beta1": (Adam, {"beta1": 0.5}, {"betas": (0.5, 0.999)}),
    "Adam beta2": (Adam, {"beta2": 0.9}, {"betas": (0.9, 0.9)}),
    "Adam epsilon": (Adam, {"epsilon": 0.1}, {"eps": 0.1}),
    "Adam l2": (Adam, {"l2": 0.1}, {"weight_decay": 0.1}),
    "AdamW": (AdamW, {}, {}),
    "AdamW weight_decay": (AdamW, {"weight_decay": 0.5}, {"weight_decay": 0.5}),
    "RMSprop": (RMSprop, SLOW[0], SLOW[1]),
    "RMSprop smoothing": (RMSprop, {"smoothing": 0.5} | SLOW[0], {"alpha": 0.5} | SLOW[1]),
    "RMSprop epsilon": (RMSprop, {"epsilon": 0.1} | SLOW[0], {"eps": 0.1} | SLOW[1]),
    "RMSprop l2": (RMSprop, {"l2": 0.1} | SLOW[0], {"weight_decay": 0.1} | SLOW[1]),
    "Adagrad": (Adagrad, {}, {}),
    "Adagrad epsilon": (Adagrad, {"epsilon": 0.1}, {"eps": 0.1}),
    "Adagrad l2": (Adagrad, {"l2": 0.1}, {"weight_decay": 0.1}),
}


@pytest.mark.parametrize(("kind", "options", "theirs"), CASES.values(), ids=CASES)
def test_two_hundred_steps_are_pytorchs(side_by_side, kind, options, theirs):
    ours, expected = side_by_side(
        lambda parameters: kind(parameters, **options),
        lambda parameters: getattr(torch.optim, kind.__name__)(parameters, **theirs),
    )
    np.testing.assert_allclose(ours, expected, rtol=1e-6)
