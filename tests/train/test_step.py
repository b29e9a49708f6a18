"""The step of a training: compiled if it can be, as it is written if not."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

import glasswork as gw
from glasswork.compiler import Compiled
from glasswork.errors import CompileError
from glasswork.train.step import TrainingStep

RNG = np.random.default_rng(0)
X, Y = RNG.standard_normal((60, 3)), RNG.standard_normal((60, 2))


class Choosy(gw.Module):
    """A network that looks at its values."""

    def __init__(self):
        self.layer = gw.Linear(3, 2, rng=0, dtype=float)

    def forward(self, x):
        y = self.layer(x)
        return y if float(y.els.sum()) > 0 else -1 * y


def trained(model, **options):
    optimizer = gw.SGD(model.parameters(), 0.01, momentum=0.9)
    history = gw.fit(model, gw.MSE(), optimizer, (X, Y), 3, batch_size=16, rng=0, **options)
    return history, [parameter.els for parameter in model.parameters()]


def network():
    return gw.Sequential(
        gw.Linear(3, 8, rng=0, dtype=float), gw.Tanh(), gw.Linear(8, 2, rng=1, dtype=float)
    )


@pytest.mark.parametrize(
    "options",
    [{}, {"clip_norm": 0.1}, {"clip_values": 0.01}, {"gradient_norms": True}],
    ids=["plain", "clip_norm", "clip_values", "gradient_norms"],
)
def test_compiled_and_eager_trainings_learn_the_same(options):
    ours, found = trained(network(), **options)
    theirs, expected = trained(network(), compile=False, **options)
    assert list(ours.columns) == list(theirs.columns)
    for name in ours.columns:  # rounding, over twelve steps
        np.testing.assert_allclose(ours[name], theirs[name], rtol=1e-11)
    for a, b in zip(found, expected, strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-12)


def test_what_cannot_be_compiled_runs_as_it_is_after_one_warning():
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        _, found = trained(Choosy())
    assert len(told) == 1
    assert "a value is made a Python number" in str(told[0].message)
    assert "test_step.py" in str(told[0].message)
    _, expected = trained(Choosy(), compile=False)
    for a, b in zip(found, expected, strict=True):
        np.testing.assert_array_equal(a, b)


def test_the_page_of_a_step_can_be_read():
    model = network()
    step = TrainingStep(model, gw.MSE(), gw.SGD(model.parameters(), 0.01))
    step(X[:4], Y[:4])
    assert isinstance(step.run, Compiled)
    assert "np.isfinite(loss)" in step.run.source


def test_nothing_is_learnt_from_a_loss_that_is_not_finite():
    model = network()
    step = TrainingStep(model, gw.MSE(), gw.SGD(model.parameters(), 0.01))
    step(X[:4], Y[:4])
    before = [parameter.els.copy() for parameter in model.parameters()]
    loss, outputs, norms = step(X[:4], np.full((4, 2), np.inf))
    assert loss.item() == np.inf and outputs.shape == (4, 2) and norms == {}
    for parameter, els in zip(model.parameters(), before, strict=True):
        np.testing.assert_array_equal(parameter.els, els)


def test_a_step_that_is_not_to_be_compiled_raises_what_it_raises():
    def loss(yhat, y):
        raise CompileError("of the user's own")

    model = network()
    step = TrainingStep(model, loss, gw.SGD(model.parameters(), 0.01), compile=False)
    with pytest.raises(CompileError, match="of the user's own"):
        step(X[:4], Y[:4])
