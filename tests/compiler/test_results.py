"""What a compiled step returns is what the function returns, and stays as it is."""

from __future__ import annotations

from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
import pytest

import glasswork as gw
from glasswork import nn
from glasswork.errors import CompileError

from .side_by_side import BATCH, FEATURES, OUTPUTS, arrays_of, of_batches
from .test_layers import exactness

data = of_batches((BATCH, FEATURES), (BATCH, OUTPUTS), steps=5)
SHAPES = {
    "None": lambda parts: None,
    "a tensor": lambda parts: parts["loss"],
    "a tuple": lambda parts: (parts["loss"], parts["yhat"]),
    "a tuple of one": lambda parts: (parts["yhat"],),
    "a list": lambda parts: [parts["h"], parts["loss"]],
    "a dict": lambda parts: parts,
    "nested": lambda parts: {"all": [parts, (parts["loss"], None, "word", 3)], 7: parts["h"]},
    "the same twice": lambda parts: (parts["yhat"], parts["yhat"]),
    "a view": lambda parts: (parts["yhat"][0], parts["yhat"].T),
    "an argument": lambda parts: parts["x"],
    "a part of an argument": lambda parts: parts["x"][1:],
    "a parameter": lambda parts: parts["weights"],
    "a gradient": lambda parts: parts["weights"].grad,
    "elements": lambda parts: parts["yhat"].els,
    "a constant": lambda parts: gw.Tensor([1.0, 2.0]),
    "a number": lambda parts: 3.5,
    "nothing": lambda parts: [],
}


def made(shape):
    model = nn.Sequential(nn.Linear(FEATURES, 5, rng=1), nn.Tanh(), nn.Linear(5, OUTPUTS, rng=2))
    optimizer, loss = gw.SGD(model.parameters(), 0.1, momentum=0.9), nn.MSE()
    first, tanh, last = model.children

    def step(x, y):
        h = tanh(first(x))
        yhat = last(h)
        value = loss(yhat, y)
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
        return shape({"x": x, "h": h, "yhat": yhat, "loss": value, "weights": first.weights})

    return step, model, optimizer


def kind(result):
    """The types of a result, without its values."""
    if isinstance(result, dict):
        return {key: kind(part) for key, part in result.items()}
    if isinstance(result, list | tuple):
        return type(result), [kind(part) for part in result]
    return "tensor" if isinstance(result, gw.Tensor) else type(result)


@exactness
@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_results_come_in_the_form_in_which_they_were_returned(shape, exact):
    eager, compiled = made(shape)[0], gw.compile(made(shape)[0], exact=exact)
    for batch in data:
        assert kind(compiled(*batch)) == kind(eager(*batch))


CURRENT = ("a parameter", "a gradient", "an argument", "a part of an argument")


@exactness
@pytest.mark.parametrize("name", [name for name in SHAPES if name not in CURRENT])
def test_results_that_are_kept_are_never_overwritten(name, exact):
    step, eager = gw.compile(made(SHAPES[name])[0], exact=exact), made(SHAPES[name])[0]
    results = [step(*batch) for batch in data]
    for batch, result in zip(data, results, strict=True):
        for ours, theirs in zip(arrays_of(result), arrays_of(eager(*batch)), strict=True):
            if ours.dtype.kind == "f":
                np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-6)


@exactness
def test_a_state_dict_that_is_kept_is_never_overwritten(exact):
    step, model, _ = made(SHAPES["a tensor"])
    step = gw.compile(step, exact=exact)
    step(*data[0])
    kept = model.state_dict()
    copies = {name: value.copy() for name, value in kept.items()}
    for batch in data:
        step(*batch)
    assert all(np.array_equal(kept[name], copies[name]) for name in kept)
    assert not np.array_equal(kept["0.weights"], model.children[0].weights.els)


@exactness
def test_arguments_are_never_written(exact):
    step = gw.compile(made(SHAPES["a tensor"])[0], exact=exact)
    for batch in data:
        copies = [array.copy() for array in batch]
        for array in batch:
            array.flags.writeable = False
        step(*batch)
        assert all(np.array_equal(a, b) for a, b in zip(batch, copies, strict=True))


@exactness
def test_parameters_and_gradients_are_current_after_each_step(exact):
    step, model, _ = made(SHAPES["a tensor"])
    eager, theirs, _ = made(SHAPES["a tensor"])
    step = gw.compile(step, exact=exact)
    arrays = [parameter.els for parameter in model.parameters()]
    for i, batch in enumerate(data):
        step(*batch)
        eager(*batch)
        for mine, other in zip(model.parameters(), theirs.parameters(), strict=True):
            np.testing.assert_allclose(mine.els, other.els, rtol=1e-5, atol=1e-6)
            np.testing.assert_allclose(mine.grad, other.grad, rtol=1e-4, atol=1e-6)
        if i == 0:
            arrays = [parameter.els for parameter in model.parameters()]
        assert all(p.els is a for p, a in zip(model.parameters(), arrays, strict=True))


@exactness
def test_two_runs_of_one_program_end_in_the_same_bits(exact):
    step, model, optimizer = made(SHAPES["a dict"])
    start = model.state_dict(), optimizer.state_dict()
    step = gw.compile(step, exact=exact)
    ends = []
    for _ in range(2):
        model.load_state_dict(start[0])
        optimizer.load_state_dict(start[1])
        results = [step(*batch) for batch in data]
        ends.append([*arrays_of(results), *model.state_dict().values()])
    for first, second in zip(*ends, strict=True):
        np.testing.assert_array_equal(first, second)


BEFORE = {
    "a parameter times one": lambda model, p: p * 1.0,
    "copied elements": lambda model, p: p.els.copy(),
    "a new tensor": lambda model, p: gw.Tensor(p),
    "turned round": lambda model, p: p.T * 1,
    "a gradient": lambda model, p: p.grad.copy(),
    "a sum": lambda model, p: p.sum(),
    "without axes": lambda model, p: model.scale * 1.0,
    "a buffer": lambda model, p: model.mean * 1.0,
    "all": lambda model, p: model.state_dict(),
}


def with_looks(look):
    model = nn.Module()
    model.weights = gw.Parameter(np.arange(6.0).reshape(2, 3))
    model.scale, model.mean = gw.Parameter(np.float64(2.0)), nn.Buffer(np.ones(3))
    optimizer = gw.SGD(model.parameters(), 0.1, momentum=0.5)

    def step(x):
        before = look(model, model.weights)
        loss = (x @ model.weights).square().sum() * model.scale
        loss.backward()
        optimizer.step()
        model.mean.els = 2 * model.mean.els
        optimizer.zero_grad()
        return before, look(model, model.weights)

    return step


@exactness
@pytest.mark.parametrize("name", BEFORE)
def test_what_was_there_before_the_step_is_returned(name, exact):
    eager, step = with_looks(BEFORE[name]), gw.compile(with_looks(BEFORE[name]), exact=exact)
    for i in range(3):
        x = np.random.default_rng(i).standard_normal((4, 2))
        for ours, theirs in zip(arrays_of(step(x)), arrays_of(eager(x)), strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=1e-12)


class Pair(NamedTuple):
    loss: gw.Tensor
    count: int


def test_a_named_tuple_is_returned():
    step = gw.compile(made(lambda parts: Pair(parts["loss"], 3))[0])
    for batch in data:
        result = step(*batch)
        assert type(result) is Pair and result.count == 3
        assert isinstance(result.loss.els, np.ndarray)


@pytest.mark.parametrize(
    "wrap",
    [lambda tensor: SimpleNamespace(loss=tensor), lambda tensor: (part for part in [tensor])],
    ids=["an object", "a generator"],
)
def test_objects_that_hold_tensors_are_refused(wrap):
    with pytest.raises(CompileError, match="return"):
        gw.compile(made(lambda parts: wrap(parts["loss"]))[0])(*data[0])
