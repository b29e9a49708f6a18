"""What can be compiled: any kind of function, over objects of any kind, that returns anything."""

from __future__ import annotations

import copy
import pickle
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest

import glasswork as gw
from glasswork import functional as F
from glasswork import nn
from glasswork.errors import CompileError

from .side_by_side import BATCH, FEATURES, OUTPUTS, Training, check, of_batches
from .test_layers import exactness

data = of_batches((BATCH, FEATURES), (BATCH, OUTPUTS), steps=20)
loss = nn.MSE()

everywhere = {}  # what a function finds among its globals


def network(seed=7):
    return nn.Sequential(
        nn.Linear(FEATURES, 5, rng=seed), nn.Tanh(), nn.Linear(5, OUTPUTS, rng=seed + 1)
    )


def pair():
    model = network()
    return model, gw.SGD(model.parameters(), 0.02, momentum=0.9)


def learn(model, optimizer, x, y):
    value = loss(model(x), y)
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value


class Trainer:
    """A step as a method."""

    rate = 0.02

    def __init__(self):
        self.model = network()
        self.parts = {"optimizer": gw.SGD(self.model.parameters(), self.rate)}

    def step(self, x, y):
        return learn(self.model, self.parts["optimizer"], x, y)

    def __call__(self, x, y):
        return self.step(x, y)


def as_closure():
    model, optimizer = pair()
    return Training(lambda x, y: learn(model, optimizer, x, y), [model], [optimizer])


def as_globals():
    model, optimizer = everywhere["model"], everywhere["optimizer"] = pair()

    def step(x, y):
        return learn(everywhere["model"], everywhere["optimizer"], x, y)

    return Training(step, [model], [optimizer])


def as_defaults():
    model, optimizer = pair()

    def step(x, y, model=model, *, optimizer=optimizer):
        return learn(model, optimizer, x, y)

    return Training(step, [model], [optimizer])


def as_method():
    trainer = Trainer()
    return Training(trainer.step, [trainer.model], [trainer.parts["optimizer"]])


def as_object():
    trainer = Trainer()
    return Training(trainer, [trainer.model], [trainer.parts["optimizer"]])


def as_partial():
    model, optimizer = pair()
    return Training(partial(learn, model, optimizer), [model], [optimizer])


def as_partial_with_names():
    model, optimizer = pair()
    step = partial(lambda x, y, m, o: learn(m, o, x, y), m=model, o=optimizer)
    return Training(step, [model], [optimizer])


def as_attributes():
    model, optimizer = pair()
    world = SimpleNamespace(inner=SimpleNamespace(model=model), tools=[optimizer])
    return Training(
        lambda x, y: learn(world.inner.model, world.tools[0], x, y), [model], [optimizer]
    )


def as_list_and_dict():
    first, second = network(), network(9)
    models, optimizers = [first], {"second": second}
    optimizer = gw.SGD([*first.parameters(), *second.parameters()], 0.02)

    def step(x, y):
        value = loss(models[0](x) + optimizers["second"](x), y)
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
        return value

    return Training(step, [first, second], [optimizer])


def as_inner_functions():
    model, optimizer = pair()

    def forward(x):
        return model(x)

    def step(x, y):
        value = loss(forward(x), y)
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
        return value

    return Training(step, [model], [optimizer])


def as_named_arguments():
    model, optimizer = pair()
    return Training(
        Named(lambda x, target: learn(model, optimizer, x, target["y"])), [model], [optimizer]
    )


class Named:
    """A function whose arguments come by name and in a dict."""

    def __init__(self, function):
        self.function = function

    def __call__(self, x, y):
        return self.function(x, target={"y": y, "weight": (0.5, None)})


def as_compiled_inside():
    model, optimizer = pair()
    inner = gw.compile(lambda x, y: learn(model, optimizer, x, y), exact=True)
    return Training(lambda x, y: inner(2 * x, y), [model], [optimizer])


WAYS = [
    as_closure, as_globals, as_defaults, as_method, as_object, as_partial, as_partial_with_names,
    as_attributes, as_list_and_dict, as_inner_functions, as_named_arguments,
    as_compiled_inside,
]  # fmt: skip


@exactness
@pytest.mark.parametrize("make", WAYS)
def test_functions_of_any_kind_find_what_they_work_on(make, exact):
    check(make, data, exact)


@exactness
def test_a_module_needs_no_constructor_of_ours(exact):
    class Own(nn.Module):
        def __init__(self):
            self.layers = [nn.Linear(FEATURES, 5, rng=1), {"last": nn.Linear(5, OUTPUTS, rng=2)}]
            self.scale = gw.Parameter([1.0])

        def forward(self, x):
            first, rest = self.layers
            return rest["last"](first(x).relu()) * self.scale

    def make():
        model = Own()
        optimizer = gw.Adam(model.parameters(), 0.01)
        return Training(partial(learn, model, optimizer), [model], [optimizer])

    check(make, data, exact)


def softsign(x):
    return x / (1 + np.abs(x))


OWN_OPS = {
    "elementwise": gw.elementwise(
        "softsign",
        softsign,
        slopes=(lambda y, x: 1 / np.square(1 + np.abs(x)),),
        equation="y = x / (1 + |x|)",
    ),
    "linear": gw.linear(
        "reversed",
        lambda x: x[:, ::-1],
        transpose=lambda g, y, x: g[:, ::-1],
        equation="yᵢⱼ = x[i, n - j]",
    ),
    "general": gw.general(
        "unit_rows",
        lambda x: x / np.sqrt(np.square(x).sum(axis=1, keepdims=True)),
        vjp=(
            lambda g, y, x: (
                (g - y * (g * y).sum(axis=1, keepdims=True))
                / np.sqrt(np.square(x).sum(axis=1, keepdims=True))
            ),
        ),
        jvp=(None,),
        equation="y = x / ‖x‖",
    ),
    "of its values": gw.general(
        "sorted",
        lambda x: np.array(sorted(x.ravel().tolist()), x.dtype).reshape(x.shape),
        vjp=(lambda g, y, x: F.getitem(g.reshape(-1), places(x)).reshape(x.shape),),
        jvp=(None,),
        equation="y = x, from the smallest to the largest",
        whole=True,
    ),
}


def places(x):
    """Where each element goes to when all are sorted."""
    return F.argsort(F.argsort(x.reshape(-1)))


@exactness
@pytest.mark.parametrize("op", OWN_OPS.values(), ids=OWN_OPS)
def test_ops_of_ones_own_are_written_out(op, exact):
    def make():
        first, last = nn.Linear(FEATURES, 5, rng=1), nn.Linear(5, OUTPUTS, rng=2)
        model = nn.Sequential(first, last)
        optimizer = gw.SGD(model.parameters(), 0.02)

        def step(x, y):
            value = loss(last(op(first(x))), y)
            optimizer.zero_grad()
            value.backward()
            optimizer.step()
            return value

        return Training(step, [model], [optimizer])

    check(make, data, exact)


@exactness
def test_bare_arrays_may_be_computed_with(exact):
    def make():
        model, optimizer = pair()

        def step(x, y):
            x = (x - x.mean(axis=0)) / (np.std(x, axis=0) + 1e-3)
            value = learn(model, optimizer, np.concatenate([x[:3], x[3:]]), np.where(y > 0, y, 0))
            return value, x.sum(), np.abs(y).max()

        return Training(step, [model], [optimizer])

    check(make, data, exact)


def test_what_a_module_keeps_is_refused_and_put_back():
    class Keeping(nn.Module):
        def __init__(self):
            self.inner = network()
            self.last = None

        def forward(self, x):
            self.last = self.inner(x)
            return self.last

    model = Keeping()
    step = gw.compile(partial(learn, model, gw.SGD(model.parameters(), 0.02)))
    with pytest.raises(CompileError, match=r"last is set while the page is written"):
        step(*data[0])
    assert model.last is None


@exactness
def test_floats_are_arguments_and_whole_numbers_are_not(exact):
    def make():
        model, optimizer = pair()

        def step(x, y, scale, power=1):
            return learn(model, optimizer, x * scale**power, y), scale + 1

        return Training(step, [model], [optimizer])

    calls = [(x, y, 0.1 * i, 1 + i % 2) for i, (x, y) in enumerate(data)]
    check(make, calls, exact)


class Learner(gw.Module):
    """A network whose step is a method that is compiled."""

    def __init__(self, seed):
        self.model = network(seed)
        self.optimizer = gw.SGD(self.model.parameters(), 0.02)

    @gw.compile
    def learn(self, x, y):
        return learn(self.model, self.optimizer, x, y)


def test_a_method_is_compiled_for_each_object():
    first, second, plain = Learner(1), Learner(2), Learner(1)
    for x, y in data:
        expected = learn(plain.model, plain.optimizer, x, y)
        np.testing.assert_allclose(first.learn(x, y).item(), expected.item(), rtol=1e-5)
        second.learn(x, y)
    assert first.learn is first.learn and first.learn is not second.learn
    assert [len(each.learn.programs) for each in (first, second)] == [1, 1]


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_a_copy_has_pages_of_its_own(copied):
    learner = Learner(1)
    learner.learn(*data[0])
    other = copied(learner)
    assert not other.learn.programs
    assert other.learn(*data[1]).item() == learner.learn(*data[1]).item()
    assert other.model.parameters()[0] is not learner.model.parameters()[0]


def test_a_compiled_model_is_no_method():
    model = network()

    class Service:
        predict = gw.compile(model)

    found = Service().predict(data[0][0])
    np.testing.assert_allclose(found.els, model(data[0][0]).els, rtol=1e-5)
    assert Service.predict.programs
