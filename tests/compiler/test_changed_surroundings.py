"""What is changed around a compiled step, by name or in place, is seen by its next call."""

from __future__ import annotations

import gc
import linecache
import re

import numpy as np
import pytest

import glasswork as gw
from glasswork import functional as F
from glasswork import nn

from .side_by_side import BATCH, FEATURES, OUTPUTS, Training, check, of_batches, training
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


def made_of(world, cost):
    """A training whose cost is a function of a model, a batch and what is around it."""
    (model,) = made_with(OPTIMIZERS["SGD"])().modules
    world.optimizer = gw.SGD(model.parameters(), 0.02)

    def step(x, y):
        value = cost(model, x, y)
        world.optimizer.zero_grad()
        value.backward()
        world.optimizer.step()
        return value

    return Training(step, [model], [])


class Place:
    def tripled(self):
        return 3 * self.rate


class World(Place):
    """What a step finds around it."""

    rate, scale, activation, rng = 1.0, np.ones(FEATURES), F.tanh, np.random.default_rng(0)

    def __init__(self, rate=1.0):
        self.rate = rate
        self.options = {"rate": rate}
        self.steps = 0

    def doubled(self):
        return 2 * self.rate

    def tripled(self):
        return super().tripled() + 1

    @property
    def halved(self):
        return self.rate / 2


AROUND = {
    "a number": (
        lambda w, model, x, y: w.rate * nn.MSE()(model(x), y),
        lambda w, i: setattr(w, "rate", 1 + i % 2),
    ),
    "a number of the class": (
        lambda w, model, x, y: w.scale.size * nn.MSE()(model(x), y) * World.rate,
        lambda w, i: setattr(World, "rate", 1.0 + i % 2),
    ),
    "a number in a dict": (
        lambda w, model, x, y: w.options["rate"] * nn.MSE()(model(x), y),
        lambda w, i: w.options.update(rate=i % 3),
    ),
    "a number in a method": (
        lambda w, model, x, y: w.doubled() * nn.MSE()(model(x), y),
        lambda w, i: setattr(w, "rate", 1 + i % 2),
    ),
    "a number in a method of a base class": (
        lambda w, model, x, y: w.tripled() * nn.MSE()(model(x), y),
        lambda w, i: setattr(w, "rate", 1 + i % 2),
    ),
    "a number in a property": (
        lambda w, model, x, y: w.halved * nn.MSE()(model(x), y),
        lambda w, i: setattr(w, "rate", 1 + i % 2),
    ),
    "a function": (
        lambda w, model, x, y: nn.MSE()(w.activation(model(x)), y),
        lambda w, i: setattr(w, "activation", [F.tanh, F.relu][i % 2]),
    ),
    "a generator": (
        lambda w, model, x, y: nn.MSE()(model(x + F.uniform_like(x, w.rng)), y),
        lambda w, i: setattr(w, "rng", np.random.default_rng(i)) if i % 4 == 0 else None,
    ),
    "an optimizer": (
        lambda w, model, x, y: nn.MSE()(model(x), y),
        lambda w, i: setattr(w, "optimizer", gw.Adam(w.optimizer.parameters, 0.1 / (i + 1))),
    ),
    "elements, in arithmetic of NumPy alone": (
        lambda w, model, x, y: nn.MSE()(model(x * (2 * w.scale)), y),
        lambda w, i: w.scale.__setitem__(i % FEATURES, i % 5),
    ),
    "elements of which a tensor is made": (
        lambda w, model, x, y: nn.MSE()(model(gw.Tensor(x) * gw.Tensor(w.scale)), y),
        lambda w, i: w.scale.__setitem__(i % FEATURES, i % 5),
    ),
    "a view of elements": (
        lambda w, model, x, y: nn.MSE()(model(x * w.scale[None]), y),
        lambda w, i: setattr(w, "scale", np.full(FEATURES, i, np.float32)),
    ),
    "what no function names": (
        lambda w, model, x, y: nn.MSE()(model(x), y),
        lambda w, i: setattr(w, "steps", i),
    ),
}


@exactness
@pytest.mark.parametrize("name", AROUND)
def test_what_is_around_a_step_may_be_set(name, exact):
    cost, change = AROUND[name]
    current = []

    def make():
        world, World.rate = World(), 1.0
        world.scale = np.ones(FEATURES, np.float32)
        current[:] = [world]
        return made_of(world, lambda *arguments: cost(world, *arguments))

    check(make, data, exact, lambda i, made: change(current[0], i))


@exactness
def test_all_around_a_step_may_be_replaced(exact):
    def make():
        world = World(2.0)

        def replace(i):
            nonlocal world
            optimizer, world = world.optimizer, World(1.0 + i % 3)
            world.scale, world.optimizer = np.full(FEATURES, i, np.float32), optimizer

        made = made_of(world, lambda model, x, y: nn.MSE()(model(x * world.scale), y) * world.rate)
        return made._replace(optimizers=[Replaceable(replace)])

    check(make, data, exact, lambda i, made: made.optimizers[0].replace(i))


class Replaceable:
    """What replaces something, and has no state."""

    def __init__(self, replace):
        self.replace = replace

    def state_dict(self):
        return {}


def test_pages_are_written_only_for_what_a_step_names():
    """Neither for what its object notes after each call, nor for numbers that come again."""

    class Trainer:
        def __init__(self):
            self.made = made_with(OPTIMIZERS["momentum"])()
            self.learn = gw.compile(self.learning)
            self.losses, self.steps, self.rate = np.zeros(len(data)), 0, 0.5

        def learning(self, x, y):
            return self.made.step(x, self.rate * y)

        def step(self, x, y):
            self.rate = 0.5 + self.steps % 2
            self.last = self.learn(x, y)
            self.losses[self.steps] = self.last.item()
            self.steps += 1

    trainer = Trainer()
    for batch in data:
        trainer.step(*batch)
    assert [page.why for page in trainer.learn.programs] == [
        "the first call", "other numbers or functions around it",
    ]  # fmt: skip


def written_pages():
    """How many pages linecache has lines of."""
    names = [name for name in linecache.cache if name.startswith("<glasswork")]
    return len([name for name in names if linecache.getlines(name)])


def test_there_is_an_end_to_the_pages_of_one_function(monkeypatch):
    monkeypatch.setattr("glasswork.compiler.step.PAGES", 3)
    gc.collect()
    pages = written_pages()
    made = made_with(OPTIMIZERS["SGD"])()
    step = gw.compile(made.step)
    for n in (1, 2, 3, 4, 5, 1):
        step(*(each[:n] for each in data[0]))
    assert [page.arguments[:4] for page in step.programs] == ["x (4", "x (5", "x (1"]
    gc.collect()
    assert written_pages() <= pages + 3


def test_pages_may_be_collected_while_a_traceback_is_made():
    for _ in range(3):
        step = gw.compile(made_with(OPTIMIZERS["SGD"])().step)
        step(*data[0])
        known = {name for name in linecache.cache if name.startswith("<glasswork step")}
        (filename,) = (name for name in known if "".join(linecache.getlines(name)) == step.source)
        del step
        gc.collect()
        assert known <= linecache.cache.keys()  # as linecache.checkcache expects of its names
        assert linecache.getlines(filename) == []
    assert known == {name for name in linecache.cache if name.startswith("<glasswork step")}


def test_methods_of_python_s_own_objects_may_be_called():
    words = re.compile("mean|sum")
    step = gw.compile(lambda x: x.mean() if words.match("mean") else x.sum())
    assert [step(gw.Tensor([1.0, 3.0])).item() for _ in range(2)] == [2, 2]
    assert len(step.programs) == 1
