"""A compiled step of any optimizer, with any of its options alone, is the eager step."""

from __future__ import annotations

import numpy as np
import pytest

import glasswork as gw
from glasswork import nn, optim

from .side_by_side import BATCH, FEATURES, OUTPUTS, Training, check, of_batches, training
from .test_layers import exactness


def network(dtype=np.float32):
    return nn.Sequential(
        nn.Linear(FEATURES, 5, rng=7, dtype=dtype),
        nn.Tanh(),
        nn.Linear(5, OUTPUTS, rng=8, dtype=dtype),
    )


def groups(model, **options):
    first, last = model.children[0].parameters(), model.children[2].parameters()
    return [{"parameters": first, **options}, {"parameters": last}]


OPTIMIZERS = {
    "SGD": lambda m: gw.SGD(m.parameters(), 0.02),
    "SGD, momentum": lambda m: gw.SGD(m.parameters(), 0.02, momentum=0.9),
    "SGD, nesterov": lambda m: gw.SGD(m.parameters(), 0.02, momentum=0.9, nesterov=True),
    "SGD, l1": lambda m: gw.SGD(m.parameters(), 0.02, l1=0.01),
    "SGD, l2": lambda m: gw.SGD(m.parameters(), 0.02, l2=0.1),
    "SGD, all": lambda m: gw.SGD(m.parameters(), 0.02, 0.9, nesterov=True, l1=0.01, l2=0.1),
    "Adam": lambda m: gw.Adam(m.parameters(), 0.01),
    "Adam, beta1": lambda m: gw.Adam(m.parameters(), 0.01, beta1=0.5),
    "Adam, beta1 = 0": lambda m: gw.Adam(m.parameters(), 0.01, beta1=0.0),
    "Adam, beta2": lambda m: gw.Adam(m.parameters(), 0.01, beta2=0.9),
    "Adam, epsilon": lambda m: gw.Adam(m.parameters(), 0.01, epsilon=0.1),
    "Adam, l1": lambda m: gw.Adam(m.parameters(), 0.01, l1=0.01),
    "Adam, l2": lambda m: gw.Adam(m.parameters(), 0.01, l2=0.1),
    "AdamW": lambda m: gw.AdamW(m.parameters(), 0.01),
    "AdamW, weight_decay": lambda m: gw.AdamW(m.parameters(), 0.01, weight_decay=0.3),
    "AdamW, no weight_decay": lambda m: gw.AdamW(m.parameters(), 0.01, weight_decay=0.0),
    "RMSprop": lambda m: gw.RMSprop(m.parameters(), 0.01),
    "RMSprop, smoothing": lambda m: gw.RMSprop(m.parameters(), 0.01, smoothing=0.5),
    "RMSprop, epsilon": lambda m: gw.RMSprop(m.parameters(), 0.01, epsilon=0.1),
    "RMSprop, l1": lambda m: gw.RMSprop(m.parameters(), 0.01, l1=0.01),
    "RMSprop, l2": lambda m: gw.RMSprop(m.parameters(), 0.01, l2=0.1),
    "Adagrad": lambda m: gw.Adagrad(m.parameters(), 0.01),
    "Adagrad, epsilon": lambda m: gw.Adagrad(m.parameters(), 0.01, epsilon=0.1),
    "Adagrad, l1": lambda m: gw.Adagrad(m.parameters(), 0.01, l1=0.01),
    "Adagrad, l2": lambda m: gw.Adagrad(m.parameters(), 0.01, l2=0.1),
    "SGD, a group's learning rate": lambda m: gw.SGD(groups(m, learning_rate=0.1), 0.02),
    "SGD, a group's schedule": lambda m: gw.SGD(
        groups(m, learning_rate=optim.cosine(0.1, steps=30)), 0.02
    ),
    "SGD, a group's momentum": lambda m: gw.SGD(groups(m, momentum=0.5), 0.02, momentum=0.9),
    "SGD, a group without momentum": lambda m: gw.SGD(groups(m, momentum=0.0), 0.02, momentum=0.9),
    "SGD, a group's l2": lambda m: gw.SGD(groups(m, l2=0.5), 0.02, l2=0.1),
    "Adam, a group's options": lambda m: gw.Adam(groups(m, beta1=0.5, l1=0.01), 0.01),
    "AdamW, a group's weight_decay": lambda m: gw.AdamW(groups(m, weight_decay=0.0), 0.01),
    "SGD, some of the parameters": lambda m: gw.SGD(m.children[2].parameters(), 0.02),
    "SGD, in another order": lambda m: gw.SGD(m.parameters()[::-1], 0.02, momentum=0.9, l2=0.1),
}

SCHEDULES = {
    "constant": lambda: optim.constant(0.05),
    "exponential_decay": lambda: optim.exponential_decay(0.1, decay=0.05),
    "step_decay": lambda: optim.step_decay(0.1, every=10, factor=0.5),
    "inverse_time": lambda: optim.inverse_time(0.1, decay=0.1),
    "cosine": lambda: optim.cosine(0.1, steps=40, final=0.01),
    "warm_up": lambda: optim.warm_up(10, then=optim.cosine(0.1, steps=30)),
    "one_cycle": lambda: optim.one_cycle(0.1, steps=45),
    "a function": lambda: lambda step: 0.1 / (1 + step),
    "a function of one's own": lambda: optim.schedule(lambda step, initial: initial / (step + 1))(
        0.1
    ),
}

data = of_batches((BATCH, FEATURES), (BATCH, OUTPUTS))


@exactness
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=OPTIMIZERS)
def test_any_optimizer_compiled_is_the_optimizer(optimizer, dtype, exact):
    def make():
        model = network(dtype)
        return training(model, nn.MSE(), optimizer(model))

    check(make, data, exact)


@exactness
@pytest.mark.parametrize("kind", [gw.SGD, gw.Adam])
@pytest.mark.parametrize("schedule", SCHEDULES.values(), ids=SCHEDULES)
def test_any_schedule_is_read_at_each_step(schedule, kind, exact):
    def make():
        model = network()
        return training(model, nn.MSE(), kind(model.parameters(), schedule()))

    check(make, data, exact)


@exactness
def test_a_plateau_observed_between_steps_is_seen_by_the_next(exact):
    def make():
        model = network()
        rate = optim.ReduceOnPlateau(0.1, factor=0.5, patience=1)
        return training(model, nn.MSE(), gw.SGD(model.parameters(), rate))

    def between(i, made):
        if i % 5 == 4:
            made.optimizers[0].learning_rate.observe(1.0)

    check(make, data, exact, between)


def clipped(clip, optimizer, *limits):
    def make():
        model, loss = network(), nn.MSE()
        moves = optimizer(model.parameters(), 0.02)

        def step(x, y):
            value = loss(model(x), y)
            moves.zero_grad()
            value.backward()
            result = clip(model.parameters(), *limits)
            moves.step()
            return value if result is None else (value, result)

        return Training(step, [model], [moves])

    return make


@exactness
@pytest.mark.parametrize("optimizer", [gw.SGD, gw.Adam])
@pytest.mark.parametrize("limit", [0.1, 2.0, 1000.0])
@pytest.mark.parametrize("clip", [optim.clip_gradient_norm, optim.clip_gradient_values])
def test_clipped_gradients_are_what_moves(clip, limit, optimizer, exact):
    check(clipped(clip, optimizer, limit), data, exact)


@exactness
def test_a_gradient_norm_that_is_only_measured_changes_nothing(exact):
    check(clipped(optim.gradient_norm, gw.SGD), data, exact)


@exactness
@pytest.mark.parametrize("decay", [True, False])
def test_a_parameter_may_be_spared_by_decay(decay, exact):
    class Scale(nn.Module):
        def __init__(self):
            self.factor = gw.Parameter(np.ones(FEATURES, np.float32), decay=decay)

        def forward(self, x):
            return x * self.factor

    def make():
        model = nn.Sequential(Scale(), *network().children)
        return training(model, nn.MSE(), gw.AdamW(model.parameters(), 0.01, weight_decay=0.5))

    check(make, data, exact)


@exactness
@pytest.mark.parametrize("optimizer", [gw.SGD, gw.Adam, gw.AdamW])
def test_a_frozen_parameter_stays(optimizer, exact):
    def make():
        model = network()
        model.children[0].weights.requires_grad = False
        model.children[2].biases.requires_grad = False
        return training(model, nn.MSE(), optimizer(model.parameters(), 0.01))

    check(make, data, exact)


@exactness
def test_a_parameter_that_no_gradient_reaches_is_carried_on_by_momentum(exact):
    def make():
        model, spare, loss = network(), gw.Parameter([1.0, -2.0]), nn.MSE()
        optimizer = gw.SGD([*model.parameters(), spare], 0.02, momentum=0.9, l2=0.1)
        made = training(model, loss, optimizer)
        return made._replace(modules=[model, nn.Module()])

    check(make, data, exact)


@exactness
def test_a_rule_of_ones_own_is_written_out(exact):
    class SignDescent(optim.Optimizer):
        def rule(self, options):
            return lambda w, g, *, learning_rate: (-learning_rate * np.sign(g),)

    def make():
        model = network()
        return training(model, nn.MSE(), SignDescent(model.parameters(), 0.01))

    check(make, data, exact)


@exactness
def test_a_rule_that_looks_at_whole_parameters_gets_each_by_itself(exact):
    class Normalized(optim.Optimizer):
        def rule(self, options):
            def rule(w, g, velocity, *, learning_rate):
                velocity = 0.5 * velocity - learning_rate * g / (np.square(g).sum() + 1)
                return velocity, velocity

            return rule

    def make():
        model = network()
        return training(model, nn.MSE(), Normalized(model.parameters(), 0.1))

    check(make, data, exact)
