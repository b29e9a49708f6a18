"""What is changed around a compiled step, by name or in place, is seen by its next call."""

from __future__ import annotations

import numpy as np

import glasswork as gw
from glasswork import nn

from .side_by_side import BATCH, FEATURES, OUTPUTS, check, of_batches, training
from .test_changes_between_calls import OPTIMIZERS, data, made_with
from .test_layers import exactness


@exactness
def test_arrays_from_around_the_function_are_read_at_each_call(exact):
    scale, shift = np.ones(FEATURES, np.float32), np.zeros(FEATURES, np.float32)

    def make():
        scale[...], shift[...] = 1, 0
        made = made_with(OPTIMIZERS["SGD"])()
        return made._replace(step=lambda x, y: made.step((x - shift) / scale, y))

    def between(i, made):
        scale[...] = 1 + i
        shift[i % FEATURES] = i

    check(make, data, exact, between)


@exactness
def test_arrays_around_the_function_may_be_replaced(exact):
    class Data:
        mask = np.ones(FEATURES, np.float32)

    def make():
        Data.mask = np.ones(FEATURES, np.float32)
        made = made_with(OPTIMIZERS["SGD"])()
        return made._replace(step=lambda x, y: made.step(x * Data.mask, y))

    def between(i, made):
        Data.mask = np.full(FEATURES, i, np.float32)

    check(make, data, exact, between)


@exactness
def test_the_class_weights_of_a_loss_are_replaced(exact):
    def make():
        model, loss = made_with(OPTIMIZERS["SGD"])().modules[0], nn.CrossEntropy("mean", [1, 2, 3])
        return training(model, loss, gw.SGD(model.parameters(), 0.02))._replace(
            modules=[model, loss]
        )

    def between(i, made):
        made.modules[1].class_weights = np.array([1.0, 2.0, i])

    check(make, of_batches((BATCH, FEATURES), labels, steps=5), exact, between)


def labels(rng):
    return rng.integers(0, OUTPUTS, BATCH)


@exactness
def test_the_optimizer_is_replaced(exact):
    def make():
        made = made_with(OPTIMIZERS["momentum"])()
        (model,) = made.modules
        world = {"optimizer": made.optimizers[0]}

        def step(x, y):
            value = nn.MSE()(model(x), y)
            world["optimizer"].zero_grad()
            value.backward()
            world["optimizer"].step()
            return value

        return made._replace(step=step, modules=[model], optimizers=[Replaced(world)])

    def between(i, made):
        if i == 5:
            made.optimizers[0].replace(gw.Adam(made.modules[0].parameters(), 0.01))

    check(make, data, exact, between)


class Replaced:
    """The optimizer that there is."""

    def __init__(self, world):
        self.world = world

    def replace(self, optimizer):
        self.world["optimizer"] = optimizer

    def state_dict(self):
        return self.world["optimizer"].state_dict()


@exactness
def test_a_layer_is_replaced(exact):
    def between(i, made):
        if i == 7:
            first, _, last = made.modules[0].children
            made.modules[0].children = (first, nn.ReLU(), last)

    check(made_with(OPTIMIZERS["SGD"]), data, exact, between)


@exactness
def test_the_option_of_a_loss_is_set(exact):
    def make():
        made = made_with(OPTIMIZERS["SGD"])()
        loss, (optimizer,) = nn.Huber(1.0), made.optimizers
        made = training(made.modules[0], loss, optimizer)
        return made._replace(modules=[*made.modules, loss])

    def between(i, made):
        made.modules[1].delta = 0.1 + 0.1 * (i % 3)

    check(make, data, exact, between)


@exactness
def test_an_attribute_of_a_layer_is_set(exact):
    def between(i, made):
        made.modules[0].children[1].slope = 0.1 * (i % 3)

    check(made_with(OPTIMIZERS["SGD"], nn.LeakyReLU), data, exact, between)
