"""What the tests of learning rules share."""

from __future__ import annotations

import numpy as np
import pytest

from glasswork import Parameter
from glasswork.optim import SGD, Adagrad, Adam, AdamW, RMSprop

KINDS = {
    "SGD": lambda p, rate=0.05: SGD(p, rate),
    "momentum": lambda p, rate=0.05: SGD(p, rate, momentum=0.9),
    "nesterov": lambda p, rate=0.05: SGD(p, rate, momentum=0.9, nesterov=True),
    "SGD with l1 and l2": lambda p, rate=0.05: SGD(p, rate, l1=0.01, l2=0.01),
    "Adam": lambda p, rate=0.05: Adam(p, rate),
    "AdamW": lambda p, rate=0.05: AdamW(p, rate),
    "RMSprop": lambda p, rate=0.05: RMSprop(p, rate),
    "Adagrad": lambda p, rate=0.05: Adagrad(p, rate),
}


@pytest.fixture(params=KINDS)
def kind(request):
    """What makes an optimizer of parameters."""
    return KINDS[request.param]


@pytest.fixture
def side_by_side(rng):
    """200 steps of our optimizer and of PyTorch's on one network in float64: both paths."""
    torch = pytest.importorskip("torch")
    x, y = rng.standard_normal((16, 4)), rng.standard_normal((16, 2))
    starts = [rng.standard_normal(shape) / 2 for shape in ((4, 5), (5,), (5, 2), (2,))]

    def loss(parameters, x, y):
        w1, b1, w2, b2 = parameters
        return (((x @ w1 + b1).tanh() @ w2 + b2 - y) ** 2).mean()

    def path(parameters, optimizer, values, x, y):
        found = []
        for _ in range(200):
            optimizer.zero_grad()
            loss(parameters, x, y).backward()
            optimizer.step()
            found.append(np.concatenate([values(p).ravel() for p in parameters]))
        return found

    def run(ours, theirs):
        mine = [Parameter(start) for start in starts]
        others = [torch.tensor(start, requires_grad=True) for start in starts]
        return (
            path(mine, ours(mine), lambda p: p.els, x, y),
            path(
                others,
                theirs(others),
                lambda p: p.detach().numpy(),
                torch.tensor(x),
                torch.tensor(y),
            ),
        )

    return run
