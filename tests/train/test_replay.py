"""A loss that is not finite is followed back, step by step, to where it came from."""

from __future__ import annotations

import numpy as np
import pytest

import glasswork
from glasswork.data import Batches
from glasswork.nn import MSE, Dropout, Linear, Module, Sequential
from glasswork.optim import SGD, Adam
from glasswork.train import Callback, fit

x = np.random.default_rng(0).normal(size=(320, 3))
y = x @ np.ones((3, 1))


class Noted(Callback):
    """Notes each step's parameters, and the state of the generator that the order comes from."""

    def __init__(self, rng):
        self.rng, self.noted = rng, []

    def on_batch(self, run):
        self.noted.append((run.model.state_dict(), self.rng.bit_generator.state))


def trained(model, optimizer=None, data=(x, y), epochs=5, **options):
    rng = np.random.default_rng(1)
    batches = Batches(*data, batch_size=16, rng=rng) if isinstance(data, tuple) else data
    noted = Noted(rng)
    with np.errstate(all="ignore"):
        optimizer = optimizer or SGD(model.parameters(), 0.01)
        history = fit(model, MSE(), optimizer, batches, epochs, callbacks=[noted], **options)
    return history.stopped, noted


def test_the_step_is_counted_over_all_epochs():
    stopped, noted = trained(Linear(3, 1, rng=0), optimizer=None, data=(x, y * 1e170))
    assert stopped.startswith("the loss is not a finite number: in step 1, ")
    assert noted.noted == []


def test_an_update_that_overflows_is_told_with_its_learning_rate():
    model = Linear(3, 1, rng=0, dtype=np.float64)
    stopped, _ = trained(
        model, SGD(model.parameters(), lambda step: 1.7e308 if step == 9 else 0.01)
    )
    assert "in step 10, the update of weights at learning rate 1.7e+308 gave it" in stopped


def test_a_derivative_that_is_not_finite_is_told_though_only_the_next_loss_shows_it():
    class Root(Module):
        def forward(self, x):
            return abs(x).sqrt()

    model = Sequential(Linear(3, 1, bias=False, rng=0), Root())
    rare = x.copy()
    rare[100] = 0
    stopped, noted = trained(model, data=(rare, y))
    step = len(noted.noted)
    assert f"in step {step}, the derivative of sqrt in model.1 Root() is" in stopped
    assert not np.isfinite(noted.noted[-1][0]["0.weights"]).all()
    assert all(np.isfinite(state["0.weights"]).all() for state, _ in noted.noted[:-1])


@pytest.mark.parametrize("rng", [None, 0])
def test_what_draws_is_repeated_with_the_same_numbers(rng):
    class Rare(Module):
        """The logarithm of what dropout leaves of many ones: 0 once in a while."""

        def __init__(self):
            self.noise = Dropout(0.5, rng=rng)

        def forward(self, x):
            kept = self.noise(x[:, :1] * 0 + 1)
            return x + 0 * np.log(kept.sum())

    glasswork.seed(0)
    model = Sequential(Rare(), Linear(3, 1, rng=0))
    batches = Batches(x, y, batch_size=4, rng=1)
    with np.errstate(all="ignore"):
        history = fit(model, MSE(), SGD(model.parameters(), 0.01), batches, 9)
    assert "log in model.0 Rare() gave -inf for inputs from 0 to 0" in history.stopped


def test_the_training_stays_as_it_was_when_the_loss_was_found():
    model = Linear(3, 1, rng=0)
    optimizer = Adam(model.parameters(), lambda step: 1e30 if step == 50 else 0.01)
    stopped, noted = trained(model, optimizer)
    assert "in step 52, square in MSE() gave inf" in stopped
    state, order = noted.noted[-1]
    for path, value in model.state_dict().items():
        np.testing.assert_array_equal(value, state[path])
    assert noted.rng.bit_generator.state == order
    assert optimizer.steps == len(noted.noted) == 51


def test_batches_that_come_but_once_end_the_search():
    class Once:
        def __init__(self):
            self.batches = [(x[:16], y[:16])] * 11

        def __iter__(self):
            while self.batches:
                yield self.batches.pop()

    model = Linear(3, 1, rng=0, dtype=np.float64)
    optimizer = SGD(model.parameters(), lambda step: 1.7e308 if step == 9 else 0.01)
    stopped, _ = trained(model, optimizer, data=Once(), epochs=1)
    assert stopped.startswith("the loss is not a finite number: in step 11, model.weights has ")
