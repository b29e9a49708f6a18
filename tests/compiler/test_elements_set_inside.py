"""Elements that a step sets itself are in the parameters afterwards, and in what comes next."""

from __future__ import annotations

import numpy as np

import glasswork as gw
from glasswork import nn

from .side_by_side import Training, check, of_batches
from .test_layers import exactness
from .test_ways_to_train import OPTIMIZERS, data, learn, loss, made_of, network


@exactness
def test_an_average_of_the_weights_is_kept_beside_them(exact):
    def make():
        model, mean = network(), network()
        optimizer = gw.SGD(model.parameters(), 0.05)

        def step(x, y):
            value = learn(model, optimizer, x, y)
            for average, current in zip(mean.parameters(), model.parameters(), strict=True):
                average.els = 0.9 * average.els + 0.1 * current.els
            return value

        return Training(step, [model, mean], [optimizer])

    check(make, data, exact)


@exactness
def test_parameters_that_are_exchanged(exact):
    def make():
        pair = nn.Module()
        pair.a, pair.b = gw.Parameter([1.0, 2.0]), gw.Parameter([3.0, 4.0])

        def step(x):
            pair.a.els, pair.b.els = pair.b.els, pair.a.els
            return (pair.a * x).sum()

        return Training(step, [pair], [])

    check(make, of_batches((2,), steps=3), exact)


@exactness
def test_a_target_takes_the_weights_before_the_step(exact):
    def make():
        online, target = network(), network()
        optimizer = gw.SGD(online.parameters(), 0.05)

        def step(x, y):
            for old, new in zip(target.parameters(), online.parameters(), strict=True):
                old.els = new.els
            value = learn(online, optimizer, x, y)
            return value, target(x)

        return Training(step, [online, target], [optimizer])

    check(make, data, exact)


@exactness
def test_a_target_takes_the_weights_after_the_step(exact):
    def make():
        online, target = network(), network()
        optimizer = gw.SGD(online.parameters(), 0.05)

        def step(x, y):
            value = learn(online, optimizer, x, y)
            for old, new in zip(target.parameters(), online.parameters(), strict=True):
                old.els = new.els
            return value, target(x)

        return Training(step, [online, target], [optimizer])

    check(make, data, exact)


@exactness
def test_weights_may_be_clipped_after_the_step(exact):
    def step_of(model, optimizer):
        def step(x, y):
            value = learn(model, optimizer, x, y)
            for parameter in model.parameters():
                parameter.els = np.clip(parameter.els, -0.3, 0.3)
            return value

        return step

    check(made_of(step_of, OPTIMIZERS["momentum"]), data, exact)


@exactness
def test_elements_are_rebound_before_and_after_the_step(exact):
    def step_of(model, optimizer):
        def step(x, y):
            for parameter in model.parameters():
                parameter.els = 0.9 * parameter.els
            value = learn(model, optimizer, x, y)
            for parameter in model.parameters()[:2]:
                parameter.els = parameter.els + 0.01
            return value, loss(model(x), y)

        return step

    check(made_of(step_of, OPTIMIZERS["momentum"]), data, exact)
