"""Several optimizers, or several steps of one, in one call of a compiled step."""

from __future__ import annotations

from itertools import cycle

import numpy as np
import pytest

import glasswork as gw
from glasswork import optim

from .side_by_side import TOLERANCE, Training, agree, check, run
from .test_layers import exactness
from .test_ways_to_train import data, each_optimizer, learn, loss, made_of, network


@exactness
@each_optimizer
def test_two_models_with_two_optimizers_learn_in_one_step(moves, exact):
    def step_of(first, second, of_first, of_second):
        def step(x, y):
            a, b = first(x), second(x)
            value = loss(a, y) + loss(b, a.detach())
            of_first.zero_grad()
            of_second.zero_grad()
            value.backward()
            of_first.step()
            of_second.step()
            return value

        return step

    check(made_of(step_of, moves, 7, 9), data, exact)


@exactness
@each_optimizer
def test_one_model_learns_from_the_other_as_it_is_after_its_step(moves, exact):
    def step_of(first, second, of_first, of_second):
        def step(x, y):
            a = loss(first(x), y)
            a.backward()
            of_first.step(zero_grad=True)
            b = loss(second(x), first(x).detach())
            b.backward()
            of_second.step(zero_grad=True)
            return a, b

        return step

    check(made_of(step_of, moves, 7, 9), data, exact)


@exactness
@each_optimizer
def test_one_is_frozen_while_the_other_learns(moves, exact):
    """As the two networks of an adversarial training."""

    def step_of(first, second, of_first, of_second):
        def step(x, y):
            a = loss(second(first(x).detach()[:, :1] * x), y)
            a.backward()
            of_second.step(zero_grad=True)
            second.freeze()
            b = loss(second(first(x)[:, :1] * x), 0.5 * y)
            b.backward()
            of_first.step(zero_grad=True)
            second.freeze(False)
            return a, b

        return step

    check(made_of(step_of, moves, 7, 9), data, exact)


@exactness
@each_optimizer
def test_two_steps_of_one_optimizer_in_one_call(moves, exact):
    def step_of(model, optimizer):
        def step(x, y):
            return [learn(model, optimizer, x, y) for _ in range(2)]

        return step

    check(made_of(step_of, moves), data, exact)


@exactness
@pytest.mark.parametrize("kind", [gw.SGD, gw.Adam])
def test_two_steps_in_one_call_have_two_places_in_the_schedule(kind, exact):
    def step_of(model, optimizer):
        def step(x, y):
            for _ in range(2):
                value = loss(model(x), y)
                value.backward()
                optimizer.step(zero_grad=True)
            return value

        return step

    def moves(parameters):
        return kind(parameters, optim.exponential_decay(0.05, 0.1))

    check(made_of(step_of, moves), data, exact)


@exactness
@each_optimizer
def test_two_optimizers_may_share_a_parameter(moves, exact):
    def make():
        model = network()
        optimizers = [gw.SGD(model.parameters()[:2], 0.01), moves(model.parameters()[1:])]

        def step(x, y):
            value = loss(model(x), y)
            value.backward()
            for optimizer in optimizers:
                optimizer.step()
            for optimizer in optimizers:
                optimizer.zero_grad()
            return value

        return Training(step, [model], optimizers)

    check(make, data, exact)


@exactness
@each_optimizer
@pytest.mark.parametrize("shared", [slice(4), slice(1, 3), slice(3, 4)], ids=str)
def test_two_optimizers_take_turns_within_a_step(moves, shared, exact):
    """The second goes first, and what is left of the gradient then is half of it."""

    def make():
        model = network()
        parameters = model.parameters()
        first, second = moves(parameters), gw.Adam(parameters[shared], 0.003, l2=0.1)

        def step(x, y):
            value = loss(model(x), y)
            value.backward()
            second.step()
            for gradient in (p.grad for p in parameters if p.requires_grad):
                np.multiply(gradient, 0.5, out=gradient)
            first.step(zero_grad=True)
            again = loss(model(x), 0.5 * y)
            again.backward()
            second.step(zero_grad=True)
            return value, again

        return Training(step, [model], [first, second])

    def between(i, made):
        made.tensors()[3].requires_grad = i % 5 != 2
        made.tensors()[0].requires_grad = i % 7 != 3

    check(make, data, exact, between)


@exactness
@each_optimizer
def test_two_steps_of_one_model_may_have_optimizers_of_their_own(moves, exact):
    def make(way):
        model = network()
        both, one = moves(model.parameters()), gw.Adam(model.parameters()[1:3], 0.003)

        def of_both(x, y):
            value = loss(model(x), y)
            value.backward()
            both.step()
            one.step(zero_grad=True)
            return value

        def of_one(x, y):
            value = loss(model(x), y)
            value.backward()
            one.step()
            both.zero_grad()
            return value

        turns = cycle(map(way, (of_both, of_one)))

        def step(x, y):
            return next(turns)(x, y)

        return Training(step, [model], [both, one])

    expected = run(make(lambda step: step), data)
    found = run(make(gw.compile(exact=exact)), data)
    agree(found, expected, 0 if exact else TOLERANCE[np.dtype(np.float32)])
