"""Gradients add up, are forgotten, scaled and asked for in compiled steps as in others."""

from __future__ import annotations

import numpy as np

import glasswork as gw
from glasswork import nn

from .side_by_side import (
    TOLERANCE,
    Training,
    agree,
    check,
    run,
)
from .test_layers import exactness
from .test_ways_to_train import OPTIMIZERS, data, each_optimizer, loss, made_of, network


@exactness
@each_optimizer
def test_gradients_are_forgotten_by_the_step_itself(moves, exact):
    def step_of(model, optimizer):
        def step(x, y):
            value = loss(model(x), y)
            value.backward()
            optimizer.step(zero_grad=True)
            return value

        return step

    check(made_of(step_of, moves), data, exact)


@exactness
@each_optimizer
def test_gradients_that_are_never_forgotten_add_up(moves, exact):
    def step_of(model, optimizer):
        def step(x, y):
            value = loss(model(x), y)
            value.backward()
            optimizer.step()
            return value

        return step

    check(made_of(step_of, moves), data[:10], exact)


@exactness
@each_optimizer
def test_two_backward_passes_before_a_step_add_up(moves, exact):
    def step_of(model, optimizer):
        def step(x, y):
            optimizer.zero_grad()
            first = loss(model(x), y)
            first.backward()
            second = loss(model(2 * x), y)
            second.backward()
            optimizer.step()
            return first, second

        return step

    check(made_of(step_of, moves), data, exact)


@exactness
@each_optimizer
def test_a_step_in_two_functions_accumulates_between_them(moves, exact):
    def make(compiled):
        model = network()
        optimizer = moves(model.parameters())

        @compiled
        def accumulate(x, y):
            value = loss(model(x), y) / 2
            value.backward()
            return value

        @compiled
        def move():
            optimizer.step()
            optimizer.zero_grad()

        def step(x, y):
            values = [accumulate(x[:3], y[:3]), accumulate(x[3:], y[3:])]
            move()
            return values

        return Training(step, [model], [optimizer])

    expected = run(make(lambda function: function), data)
    found = run(make(gw.compile(exact=exact)), data)
    agree(found, expected, 0 if exact else TOLERANCE[np.dtype(np.float32)])


@exactness
@each_optimizer
def test_several_losses_add_up(moves, exact):
    def step_of(model, optimizer):
        def step(x, y):
            yhat = model(x)
            parts = loss(yhat, y), nn.MAE()(yhat, y), nn.Huber(0.3)(yhat, y)
            value = parts[0] + 0.5 * parts[1] + parts[2] * 2
            optimizer.zero_grad()
            value.backward()
            optimizer.step()
            return value, *parts

        return step

    check(made_of(step_of, moves), data, exact)


@exactness
def test_backward_alone_leaves_gradients_that_the_next_adds_to(exact):
    def make():
        model = network()

        def step(x, y):
            value = loss(model(x), y)
            value.backward()
            return value

        return Training(step, [model], [])

    check(make, data[:7], exact)


@exactness
def test_gradients_of_gradients_are_written_out(exact):
    def make():
        model = network()
        optimizer = gw.SGD(model.parameters(), 0.01)

        def step(x, y):
            parameters = model.parameters()
            value = loss(model(x), y)
            slopes = gw.gradients(value, parameters, record=True)
            whole = value + 0.1 * sum(slope.square().sum() for slope in slopes)
            optimizer.zero_grad()
            whole.backward()
            optimizer.step()
            return whole

        return Training(step, [model], [optimizer])

    check(make, data, exact)


@exactness
def test_a_loss_may_go_back_twice(exact):
    def step_of(model, optimizer):
        def step(x, y):
            value = loss(model(x), y)
            optimizer.zero_grad()
            value.backward()
            value.backward(0.5)
            optimizer.step()
            return value

        return step

    check(made_of(step_of, OPTIMIZERS["SGD"]), data, exact)


@exactness
@each_optimizer
def test_gradients_are_scaled_in_place(moves, exact):
    def step_of(model, optimizer):
        def step(x, y):
            value = loss(model(x), y)
            optimizer.zero_grad()
            value.backward()
            for parameter in model.parameters():
                gradient = parameter.grad
                gradient *= 0.5
            optimizer.step()
            return value

        return step

    check(made_of(step_of, moves), data, exact)


@exactness
def test_an_input_may_have_a_gradient(exact):
    def make():
        model = network()

        def step(x, y):
            x = gw.Tensor(x, requires_grad=True)
            value = loss(model(x), y)
            value.backward()
            return value, x.grad, model(x + 0.1 * np.sign(x.grad))

        return Training(step, [model], [])

    check(make, data[:10], exact)
