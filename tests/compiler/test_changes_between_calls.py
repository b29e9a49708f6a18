"""What is changed between two calls of a compiled step is seen by the second."""

from __future__ import annotations

import numpy as np
import pytest

import glasswork as gw
from glasswork import nn, optim

from .side_by_side import (
    BATCH,
    FEATURES,
    OUTPUTS,
    TOLERANCE,
    agree,
    check,
    of_batches,
    run,
    training,
)
from .test_layers import exactness

data = of_batches((BATCH, FEATURES), (BATCH, OUTPUTS), steps=20)

OPTIMIZERS = {
    "SGD": lambda p: gw.SGD(p, 0.02),
    "momentum": lambda p: gw.SGD(p, 0.02, momentum=0.9, l2=0.1),
    "Adam": lambda p: gw.Adam(p, 0.01),
}
each_optimizer = pytest.mark.parametrize("moves", OPTIMIZERS.values(), ids=OPTIMIZERS)


def made_with(moves, *layers):
    def make():
        model = nn.Sequential(
            nn.Linear(FEATURES, 5, bias=not layers, rng=7),
            *(layer() for layer in layers),
            nn.Tanh(),
            nn.Linear(5, OUTPUTS, rng=8),
        )
        return training(model, nn.MSE(), moves(model.parameters()))

    return make


@exactness
@each_optimizer
def test_train_and_eval_mode(moves, exact):
    def between(i, made):
        made.modules[0].train(i % 4 < 2)

    make = made_with(moves, lambda: nn.BatchNorm(5), lambda: nn.Dropout(0.3, rng=4))
    check(make, data, exact, between)


@exactness
@each_optimizer
def test_parameters_are_frozen_and_thawed(moves, exact):
    def between(i, made):
        made.modules[0].children[0].freeze(i % 4 >= 2)
        made.modules[0].children[-1].biases.requires_grad = i % 3 != 0

    check(made_with(moves), data, exact, between)


@exactness
@each_optimizer
def test_a_state_dict_is_loaded(moves, exact):
    start = made_with(moves)().modules[0].state_dict()

    def between(i, made):
        if i % 5 == 4:
            made.modules[0].load_state_dict(start)

    check(made_with(moves), data, exact, between)


@exactness
@each_optimizer
def test_elements_are_replaced(moves, exact):
    def between(i, made):
        weights = made.modules[0].children[0].weights
        if i % 3 == 2:
            weights.els = weights.els * 0.5

    check(made_with(moves), data, exact, between)


@exactness
@each_optimizer
def test_elements_are_written_in_place(moves, exact):
    def between(i, made):
        made.modules[0].children[0].weights.els[0] += 0.1

    check(made_with(moves), data, exact, between)


@exactness
@each_optimizer
def test_buffers_are_replaced(moves, exact):
    def between(i, made):
        if i % 3 == 2:
            made.modules[0].children[1].running_mean.els = np.ones(5, np.float32)

    check(made_with(moves, lambda: nn.BatchNorm(5)), data, exact, between)


@exactness
@each_optimizer
def test_the_learning_rate_is_set(moves, exact):
    def between(i, made):
        (optimizer,) = made.optimizers
        optimizer.learning_rate = 0.1 / (i + 1)

    check(made_with(moves), data, exact, between)


@exactness
@each_optimizer
def test_a_learning_rate_becomes_a_schedule(moves, exact):
    def between(i, made):
        if i == 5:
            made.optimizers[0].learning_rate = optim.cosine(0.05, steps=15)

    check(made_with(moves), data, exact, between)


@exactness
@each_optimizer
def test_the_state_of_the_optimizer_is_loaded(moves, exact):
    kept = {}

    def between(i, made):
        (optimizer,) = made.optimizers
        if i == 5:
            kept.update(optimizer.state_dict())
        if i > 5 and i % 5 == 0:
            optimizer.load_state_dict(kept)

    check(made_with(moves), data, exact, between)


@exactness
@each_optimizer
def test_the_last_batch_is_odd(moves, exact):
    odd = of_batches((BATCH - 2, FEATURES), (BATCH - 2, OUTPUTS), steps=4)
    mixed = [*data[:5], odd[0], *data[5:10], odd[1], odd[2], *data[10:]]
    check(made_with(moves, lambda: nn.BatchNorm(5)), mixed, exact)


@exactness
@each_optimizer
def test_larger_batches_come_after_smaller_ones(moves, exact):
    sizes = [1, 6, 40, 6, 1, 200, 40, 0, 6]
    calls = [of_batches((n, FEATURES), (n, OUTPUTS), steps=1, seed=n)[0] for n in sizes if n]
    check(made_with(moves), calls, exact)


@exactness
@each_optimizer
def test_arguments_come_in_several_dtypes_and_orders(moves, exact):
    kinds = [
        lambda a: a,
        lambda a: a.astype(np.float64),
        np.asfortranarray,
        lambda a: a[::-1],
        lambda a: np.repeat(a, 2, axis=1)[:, ::2],
        lambda a: (10 * a).astype(np.int64),
        lambda a: a.tolist(),
        lambda a: a.astype(np.dtype(np.float32).newbyteorder()),
        gw.Tensor,
    ]
    calls = [tuple(map(kinds[i % len(kinds)], batch)) for i, batch in enumerate(data)]
    check(made_with(moves), calls, exact)


@exactness
@each_optimizer
def test_the_dtype_of_the_model_changes(moves, exact):
    def between(i, made):
        if i == 5:
            made.modules[0].astype(np.float64)

    calls = [(x.astype(np.float64), y) for x, y in data[:10]]
    expected = run(made_with(moves)(), calls, between)
    made = made_with(moves)()
    found = run(made._replace(step=gw.compile(made.step, exact=exact)), calls, between)
    agree(found, expected, TOLERANCE[np.dtype(np.float32)])  # in which the first steps were


@exactness
@each_optimizer
def test_gradients_are_forgotten_from_outside(moves, exact):
    def make():
        model = made_with(moves)().modules[0]
        optimizer = moves(model.parameters())

        def step(x, y):
            value = nn.MSE()(model(x), y)
            value.backward()
            optimizer.step()
            return value

        return training(model, nn.MSE(), optimizer)._replace(step=step)

    def between(i, made):
        if i % 3 == 0:
            made.optimizers[0].zero_grad()
        if i % 4 == 0:
            (10 * made.modules[0].children[0].weights).sum().backward()

    check(make, data, exact, between)


def forgetting(moves):
    """The article's step: it forgets the gradients at its end, not at its beginning."""

    def make():
        made = made_with(moves)()
        (model,), (optimizer,) = made.modules, made.optimizers

        def step(x, y):
            value = nn.MSE()(model(x), y)
            value.backward()
            optimizer.step(zero_grad=True)
            return value

        return made._replace(step=step)

    return make


@exactness
@each_optimizer
def test_a_step_adds_to_the_gradients_that_it_finds_before_it_forgets_them(moves, exact):
    def between(i, made):
        if i % 4 in (1, 2):
            (10 * made.modules[0].children[0].weights).sum().backward()
        if i % 4 == 2:
            made.modules[0].children[2].biases.sum().backward()

    check(forgetting(moves), data, exact, between)


def test_a_step_that_finds_no_gradients_is_the_page_of_one_that_forgets_them_first():
    step = gw.compile(forgetting(OPTIMIZERS["momentum"])().step)
    first = gw.compile(made_with(OPTIMIZERS["momentum"])().step)
    for batch in data:
        step(*batch), first(*batch)
    assert len(step.programs) == 1
    assert step.source == first.source


def test_there_is_another_page_for_gradients_that_are_there_before():
    made = forgetting(OPTIMIZERS["SGD"])()
    step = gw.compile(made.step)
    for i, batch in enumerate(data):
        if i % 4 in (1, 2):
            (10 * made.modules[0].children[0].weights).sum().backward()
        step(*batch)
    assert [program.why for program in step.programs] == ["the first call", "gradients to add to"]


def test_gradients_that_are_there_at_the_first_call_slow_no_later_one():
    made = forgetting(OPTIMIZERS["SGD"])()
    step = gw.compile(made.step)
    (10 * made.modules[0].children[0].weights).sum().backward()
    for batch in data:
        step(*batch)
    assert [program.why for program in step.programs] == [
        "the first call",
        "no gradients to add to",
    ]
    assert step.programs[1].page.source == step.source


@exactness
@each_optimizer
def test_eager_steps_may_come_in_between(moves, exact):
    def between(i, made):
        if i % 3 == 1:
            x, y = data[i]
            nn.MSE()(made.modules[0](x), y).backward()
            made.optimizers[0].step(zero_grad=True)

    check(made_with(moves), data, exact, between)


def test_two_programs_of_one_state_are_written_once():
    make = made_with(OPTIMIZERS["SGD"], lambda: nn.Dropout(0.3, rng=4))
    made = make()
    step = gw.compile(made.step)
    for i, batch in enumerate(data):
        made.modules[0].train(i % 4 < 2)
        step(*batch)
    assert len(step.programs) == 2


@each_optimizer
def test_a_frozen_parameter_makes_no_programs_anew(moves):
    made = made_with(moves)()
    made.modules[0].children[0].freeze()
    step = gw.compile(made.step)
    for i, (x, y) in enumerate(data):
        step(x[: 3 + i % 2], y[: 3 + i % 2])
    assert len(step.programs) == 2
