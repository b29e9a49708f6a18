"""Several optimizers, or several steps of one, in one call of a compiled step."""

from __future__ import annotations

import pytest

import glasswork as gw
from glasswork import optim

from .side_by_side import Training, check
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


@pytest.mark.xfail(strict=True, reason="a parameter has one home")
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
