"""Steps that are put together in other ways than the usual one are compiled as they stand."""

from __future__ import annotations

import numpy as np
import pytest

import glasswork as gw
from glasswork import functional as F
from glasswork import nn, optim

from .side_by_side import (
    BATCH,
    FEATURES,
    OUTPUTS,
    Training,
    check,
    of_batches,
)
from .test_layers import exactness

data = of_batches((BATCH, FEATURES), (BATCH, OUTPUTS))
loss = nn.MSE()


def network(seed=7):
    return nn.Sequential(
        nn.Linear(FEATURES, 5, rng=seed), nn.Tanh(), nn.Linear(5, OUTPUTS, rng=seed + 1)
    )


OPTIMIZERS = {
    "SGD": lambda p: gw.SGD(p, 0.02),
    "momentum": lambda p: gw.SGD(p, 0.02, momentum=0.9),
    "Adam": lambda p: gw.Adam(p, 0.01),
}
each_optimizer = pytest.mark.parametrize("moves", OPTIMIZERS.values(), ids=OPTIMIZERS)


def learn(model, optimizer, x, y):
    """The usual step."""
    value = loss(model(x), y)
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value


def made_of(step_of, moves, *seeds):
    """A training of as many networks as there are seeds."""

    def make():
        models = [network(seed) for seed in seeds or (7,)]
        optimizers = [moves(model.parameters()) for model in models]
        return Training(step_of(*models, *optimizers), models, optimizers)

    return make


@exactness
@each_optimizer
def test_tied_weights_move_as_one(moves, exact):
    class Tied(nn.Module):
        def __init__(self):
            self.first = nn.Linear(FEATURES, 5, rng=1)
            self.back = nn.Linear(5, FEATURES, rng=2)
            self.back.weights = self.first.weights

        def forward(self, x):
            h = self.first(x).tanh()
            return h @ self.back.weights.T + self.back.biases

    def make():
        model = Tied()
        optimizer = moves(model.parameters())

        def step(x):
            return learn(model, optimizer, x, x)

        return Training(step, [model], [optimizer])

    check(make, of_batches((BATCH, FEATURES)), exact)


@exactness
@each_optimizer
def test_a_layer_that_is_used_twice_is_one_layer(moves, exact):
    def make():
        shared = nn.Linear(FEATURES, FEATURES, rng=3)
        model = nn.Sequential(shared, nn.Tanh(), shared, nn.Linear(FEATURES, OUTPUTS, rng=4))
        optimizer = moves(model.parameters())

        def step(x, y):
            return learn(model, optimizer, x, y)

        return Training(step, [model], [optimizer])

    check(make, data, exact)


@exactness
def test_parameters_without_axes_learn(exact):
    class Line(nn.Module):
        def __init__(self):
            self.slope = gw.Parameter(np.float32(0.5))
            self.height = gw.Parameter(0.0)

        def forward(self, x):
            return self.slope * x + self.height

    def make():
        model = Line()
        optimizer = gw.SGD(model.parameters(), 0.05, momentum=0.5)

        def step(x):
            value = loss(model(x), 3 * x - 1)
            optimizer.zero_grad()
            value.backward()
            optimizer.step()
            return value

        return Training(step, [model], [optimizer])

    check(make, of_batches((BATCH, 1)), exact)


@exactness
def test_parameters_of_different_dtypes_learn_together(exact):
    def make():
        model = nn.Sequential(
            nn.Linear(FEATURES, 5, rng=1, dtype=np.float64),
            nn.Tanh(),
            nn.Linear(5, OUTPUTS, rng=2, dtype=np.float32),
        )
        optimizer = gw.Adam(model.parameters(), 0.01)

        def step(x, y):
            return learn(model, optimizer, x, y)

        return Training(step, [model], [optimizer])

    check(make, data, exact)


@exactness
def test_a_step_without_a_gradient_is_a_prediction(exact):
    def make():
        model = network()

        @gw.no_grad()
        def step(x):
            return model(x), F.softmax(model(x))

        return Training(step, [model], [])

    check(make, of_batches((BATCH, FEATURES)), exact)


@exactness
def test_the_learning_rate_is_returned(exact):
    def step_of(model, optimizer):
        def step(x, y):
            rate = optimizer.current_learning_rate
            return learn(model, optimizer, x, y), rate, optimizer.steps

        return step

    def moves(parameters):
        return gw.SGD(parameters, optim.cosine(0.1, steps=10))

    check(made_of(step_of, moves), data, exact)


@exactness
@each_optimizer
def test_numbers_of_the_optimizer_are_lines_of_the_page(moves, exact):
    """Before and after each of two steps, and computed with as Python does: nothing is widened."""

    def step_of(model, optimizer):
        def step(x, y):
            before = optimizer.steps
            first = learn(model, optimizer, x, y * 0.9 ** (optimizer.steps // 3))
            rates = [optimizer.learning_rate, optimizer.current_learning_rate]
            second = loss(model(x), y) * (1 + optimizer.steps % 4) / 2
            optimizer.zero_grad()
            second.backward()
            optimizer.step()
            return first, second, rates, before, optimizer.steps - before

        return step

    check(made_of(step_of, moves), data, exact)


@exactness
def test_parameters_are_moved_by_hand(exact):
    def make():
        model = network()

        def step(x, y):
            for parameter in model.parameters():
                parameter.zero_grad()
            value = loss(model(x), y)
            value.backward()
            for parameter in model.parameters():
                parameter.els = parameter.els - 0.05 * parameter.grad
            return value

        return Training(step, [model], [])

    check(make, data, exact)


@exactness
def test_the_mode_is_set_inside(exact):
    def make():
        model = nn.Sequential(
            nn.Linear(FEATURES, 5, False, rng=1), nn.BatchNorm(5), nn.Dropout(0.3, rng=2),
            nn.Linear(5, OUTPUTS, rng=3),
        )  # fmt: skip
        optimizer = gw.SGD(model.parameters(), 0.02)

        def step(x, y):
            model.train()
            value = learn(model, optimizer, x, y)
            model.eval()
            return value, model(x)

        return Training(step, [model], [optimizer])

    check(make, data, exact)


@exactness
def test_the_mode_that_a_step_ends_in_stays(exact):
    def make():
        model = nn.Sequential(nn.Dropout(0.3, rng=2), nn.Linear(FEATURES, OUTPUTS, rng=3))
        optimizer = gw.SGD(model.parameters(), 0.02)

        def step(x, y):
            value = learn(model, optimizer, x, y)
            model.eval()
            return value

        return Training(step, [model], [optimizer])

    seen = []

    def between(i, made):
        seen.append([module.training for module in made.modules[0].children])
        made.modules[0].train(i % 3 == 0)

    check(make, data, exact, between)
    assert seen[: len(data)] == seen[len(data) :]
