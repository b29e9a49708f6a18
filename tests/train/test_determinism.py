"""One seed, one machine: every bit of a training comes out again."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

import glasswork as gw
from glasswork import (
    SGD,
    Adam,
    Batches,
    BatchNorm,
    CrossEntropy,
    Dropout,
    History,
    Linear,
    ReLU,
    Sequential,
    fit,
    split,
)
from glasswork.data import moons

Trained = tuple[History, dict[str, np.ndarray]]


def train(optimizer_of: Callable[..., gw.optim.Optimizer]) -> Trained:
    """A short training in which everything is drawn from the default generator."""
    data = moons(samples=200)
    x_train, x_test, y_train, y_test = split(data.x, data.y, test=0.25)
    model = Sequential(Linear(2, 16), BatchNorm(16), ReLU(), Dropout(0.2), Linear(16, 2))
    optimizer = optimizer_of(model.parameters(), 0.02)
    batches = Batches(x_train, y_train, batch_size=16)
    history = fit(model, CrossEntropy(), optimizer, batches, 5, validation=(x_test, y_test))
    return history, model.state_dict()


@pytest.mark.parametrize("optimizer_of", [SGD, Adam])
def test_one_seed_gives_one_history_and_one_network(optimizer_of):
    gw.seed(5)
    first_history, first = train(optimizer_of)
    gw.seed(5)
    second_history, second = train(optimizer_of)
    assert first_history == second_history
    assert list(first) == list(second)
    for path in first:
        np.testing.assert_array_equal(first[path], second[path], strict=True)


def test_another_seed_gives_another_history():
    gw.seed(5)
    first, _ = train(SGD)
    gw.seed(6)
    second, _ = train(SGD)
    assert first != second


def test_generators_that_are_passed_leave_the_default_one_alone():
    x, y = np.ones((8, 2), np.float32), np.zeros(8, int)
    gw.seed(5)
    model = Sequential(Linear(2, 3, rng=0), Dropout(0.5, rng=1), Linear(3, 2, rng=2))
    fit(model, CrossEntropy(), SGD(model.parameters(), 0.1), (x, y), epochs=2, rng=3)
    drawn = gw.nn.Linear(2, 3).weights.els
    gw.seed(5)
    np.testing.assert_array_equal(drawn, gw.nn.Linear(2, 3).weights.els)


def test_nothing_is_drawn_from_numpys_global_state():
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    train(SGD)
    np.testing.assert_array_equal(before, np.random.get_state()[1])  # noqa: NPY002
