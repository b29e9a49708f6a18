"""What no program can be made of is refused, with the line that asked for it; nothing changes."""

from __future__ import annotations

import inspect
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import glasswork as gw
from glasswork import functional as F
from glasswork import nn
from glasswork.errors import CompileError, DataError, GlassworkError, ShapeError
from glasswork.randomness import generator

from .side_by_side import BATCH, FEATURES, OUTPUTS, of_batches

X, Y = of_batches((BATCH, FEATURES), (BATCH, OUTPUTS), steps=1)[0]
LABELS = np.array([0, 2, 1, 1, 0, 2])


def printed(x):
    return f"{x}"


def branched(x):
    return x if x.mean() > 0 else -x


def looped(x):
    while x.mean() < 100:
        x = x + 1
    return x


def listed(x):
    return x.els.tolist()


def indexed(x):
    return np.arange(10)[x.argmax()]


ASKING = {
    "float": lambda x: float(x.mean()),
    "int": lambda x: int(x.mean()),
    "item": lambda x: x.mean().item(),
    "bool": lambda x: bool(x.mean()),
    "tolist": listed,
    "if": branched,
    "while": looped,
    "print": printed,
    "repr": lambda x: f"{x!r}",
    "repr of elements": lambda x: repr(x.els),
    "asarray": lambda x: np.asarray(x.detach()),
    "asarray of elements": lambda x: np.asarray(x.els),
    "array of elements": lambda x: np.array([x.els.sum(), 1.0]),
    "an index": indexed,
    "any": lambda x: any(x.mean(axis=0) > 0),
    "in": lambda x: 3.0 in x.els,
    "max of Python": lambda x: max(x.mean(axis=0)),
    "writing an element": lambda x: x.els.__setitem__(0, 1.0),
    "writing into an array of one's own": lambda x: np.add(x.els, 1, out=np.zeros(x.shape)),
    "a mask": lambda x: x.els[x.els > 0],
    "unique": lambda x: np.unique(x.els),
    "nonzero": lambda x: np.nonzero(x.els),
    "repeat": lambda x: np.repeat(x.els[0], LABELS[:3] + x.els.argmax()),
}


def trained():
    """A network that has learned a little, and all that a step may change."""
    gw.seed(3)
    model = nn.Sequential(
        nn.Linear(FEATURES, 5, rng=1), nn.BatchNorm(5), nn.Dropout(0.2, rng=2),
        nn.Dropout(0.2), nn.Linear(5, OUTPUTS, rng=2),
    )  # fmt: skip
    optimizer = gw.Adam(model.parameters(), 0.1)
    nn.MSE()(model(X), Y).backward()
    optimizer.step()
    return model, optimizer


def state(model, optimizer):
    """Copies of everything."""
    own = model.children[2]._rng.bit_generator.state["state"]["state"]
    return {
        **model.state_dict(),
        **optimizer.state_dict(),
        **{f"{path}.grad": p.grad.copy() for path, p in model.named_parameters()},
        "generators": np.array([str(own), str(generator().bit_generator.state["state"]["state"])]),
        "serials": np.array([p.serial for p in model.parameters()]),
        "steps": optimizer.steps,
    }


def same(first, second):
    assert first.keys() == second.keys()
    for name in first:
        np.testing.assert_array_equal(first[name], second[name], name)


@pytest.mark.parametrize("ask", ASKING.values(), ids=ASKING)
def test_what_looks_at_a_value_is_refused_with_the_line_and_changes_nothing(ask):
    model, optimizer = trained()

    def step(x, y):
        yhat = model(x)
        value = nn.MSE()(yhat, y)
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
        return ask(yhat)

    before = state(model, optimizer)
    with pytest.raises(CompileError) as caught:
        gw.compile(step)(X, Y)
    same(state(model, optimizer), before)
    message = str(caught.value)
    assert message.startswith("compile: ")
    assert Path(__file__).name in message
    assert any(f"line {n}" in message for n in lines_of(ask)), message
    step_eagerly(model, optimizer)


def lines_of(function):
    source, first = inspect.getsourcelines(function)
    return range(first, first + len(source))


def step_eagerly(model, optimizer):
    before = model.state_dict()
    nn.MSE()(model(X), Y).backward()
    optimizer.step(zero_grad=True)
    assert not np.array_equal(before["0.weights"], model.children[0].weights.els)
    assert isinstance(model(X).els, np.ndarray)


def test_the_refusal_says_what_to_do_instead():
    with pytest.raises(CompileError) as caught:
        gw.compile(lambda x: float(x.sum()))(X)
    what, where, do, *_ = str(caught.value).splitlines()
    assert "value" in what and "line" in where and "numpy.where" in do


def test_a_generator_made_inside_is_refused():
    def step(x):
        return F.uniform_like(x, rng=3)

    with pytest.raises(CompileError, match="new generator each time"):
        gw.compile(step)(X)


def test_a_learning_rate_that_is_set_inside_is_refused():
    model, optimizer = trained()

    def step(x):
        model(x).sum().backward()
        optimizer.step()
        optimizer.learning_rate = 0.5 * optimizer.learning_rate

    before = state(model, optimizer)
    with pytest.raises(CompileError, match=r"(?s)learning rate is set.*line \d+.*schedule"):
        gw.compile(step)(X)
    same(state(model, optimizer), before)
    assert optimizer.learning_rate == 0.1 and type(optimizer) is gw.Adam


kept = None


def changes():
    """Ways to keep something outside of a step, what they change by name, and all that there is."""
    losses, counts, world, last = [], {"calls": 0}, SimpleNamespace(calls=0), None

    def keep_in_a_list(value):
        losses.append(value)

    def count_in_a_dict(value):
        counts["calls"] += 1

    def count_in_an_object(value):
        world.calls += 1

    def keep_in_an_object(value):
        world.last = value

    def keep_in_a_variable(value):
        nonlocal last
        last = value

    def keep_in_a_global(value):
        global kept  # noqa: PLW0603 (that it is refused is the point)
        kept = value

    ways = {
        "losses": keep_in_a_list,
        "calls": count_in_a_dict,
        "world.calls": count_in_an_object,
        "SimpleNamespace.last": keep_in_an_object,
        "last": keep_in_a_variable,
        "kept": keep_in_a_global,
    }
    return ways, lambda: repr((losses, counts, world, last, kept))


@pytest.mark.parametrize("name", changes()[0])
def test_what_is_kept_outside_is_refused_and_put_back(name):
    model, optimizer = trained()
    ways, around = changes()
    change = ways[name]

    def step(x):
        value = model(x).sum()
        value.backward()
        optimizer.step()
        change(value)

    before = state(model, optimizer), around()
    with pytest.raises(CompileError, match=rf"{name.removeprefix('world.')} is changed while"):
        gw.compile(step)(X)
    same(state(model, optimizer), before[0])
    assert around() == before[1]


@pytest.mark.parametrize("fails", [float, KeyError])
def test_what_was_kept_is_put_back_when_something_else_is_refused(fails):
    ways, around = changes()
    append, before = ways["losses"], around()

    def step(x):
        append(1)
        raise fails(x.sum())

    with pytest.raises((CompileError, KeyError)):
        gw.compile(step)(X)
    assert around() == before


@pytest.mark.parametrize("again", [True, False], ids=["then a step", "for good"])
def test_freezing_inside_is_refused_and_put_back(again):
    model, optimizer = trained()

    def step(x):
        model(x).sum().backward()
        model.children[0].freeze()
        if again:
            optimizer.step()
            model.children[0].freeze(False)

    before = state(model, optimizer)
    with pytest.raises(CompileError, match="is frozen, or learns again"):
        gw.compile(step)(X)
    same(state(model, optimizer), before)
    assert all(parameter.requires_grad for parameter in model.parameters())


def test_a_choice_by_the_number_of_steps_is_refused():
    model, optimizer = trained()

    def step(x):
        return model(x) if optimizer.steps < 3 else x

    with pytest.raises(CompileError, match="decides what is done next"):
        gw.compile(step)(X)


own = np.random.default_rng(3)


def test_draws_from_a_generator_around_the_function_are_refused_and_put_back():
    before = own.bit_generator.state
    with pytest.raises(CompileError):
        gw.compile(lambda x: x + own.normal(size=x.shape))(X)
    assert own.bit_generator.state == before


def test_an_error_of_the_users_own_is_that_error_and_changes_nothing():
    model, optimizer = trained()

    def step(x):
        value = model(x).sum()
        value.backward()
        optimizer.step()
        raise KeyError("mine")

    before = state(model, optimizer)
    with pytest.raises(KeyError, match="mine"):
        gw.compile(step)(X)
    same(state(model, optimizer), before)


def test_shapes_that_do_not_fit_are_told_as_always():
    model, _ = trained()
    with pytest.raises(ShapeError) as eager:
        model(X[:, :2])
    with pytest.raises(ShapeError) as found:
        gw.compile(model)(X[:, :2])
    assert str(found.value) == str(eager.value)


WRONG = {
    "CrossEntropy": (nn.CrossEntropy(), LABELS, LABELS + 1),
    "CrossEntropy below": (nn.CrossEntropy(), LABELS, LABELS - 1),
    "CrossEntropy of uint8": (nn.CrossEntropy(), LABELS.astype(np.uint8), np.full(6, 7, np.uint8)),
    "CrossEntropy of int8": (nn.CrossEntropy(), LABELS.astype(np.int8), np.full(6, -1, np.int8)),
    "NLL": (nn.NLL(), LABELS, LABELS + 1),
    "BinaryCrossEntropy": (nn.BinaryCrossEntropy(), np.abs(np.sign(Y)), np.abs(np.sign(Y)) + 0.5),
    "BinaryCrossEntropy below": (nn.BinaryCrossEntropy(), np.abs(np.sign(Y)), np.sign(Y) - 1),
    "BinaryCrossEntropy of nan": (nn.BinaryCrossEntropy(), np.abs(np.sign(Y)), np.nan * Y),
    "Hinge": (nn.Hinge(), np.sign(Y), np.zeros_like(Y)),
}


@pytest.mark.parametrize("exact", [True, False])
@pytest.mark.parametrize("first", ["good", "bad"])
@pytest.mark.parametrize("name", WRONG)
def test_wrong_targets_are_told_before_anything_is_changed(name, first, exact):
    loss, good, bad = WRONG[name]
    model, optimizer = trained()

    def step(x, y):
        value = loss(model(x), y)
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
        return value

    compiled = gw.compile(step, exact=exact)
    if first == "good":
        compiled(X, good)
    model.children[1].eval(), model.children[2].eval(), model.children[3].eval()
    if first == "good":
        compiled(X, good)
    before = state(model, optimizer)
    with pytest.raises(DataError) as found:
        compiled(X, bad)
    same(state(model, optimizer), before)
    with pytest.raises(DataError) as eager:
        step(X, bad)
    assert str(found.value).partition(": ")[2] or str(found.value)
    assert str(eager.value).endswith(str(found.value).rpartition(": ")[2])
    compiled(X, good)


@pytest.mark.parametrize("exact", [True, False])
def test_weights_that_add_up_to_nothing_are_told(exact):
    model, optimizer = trained()
    model.eval()

    def step(x, y, weights):
        value = nn.MSE()(model(x), y, weights)
        value.backward()
        optimizer.step()
        return value

    compiled = gw.compile(step, exact=exact)
    compiled(X, Y, np.ones(BATCH))
    before = state(model, optimizer)
    with pytest.raises(DataError, match="no mean"):
        compiled(X, Y, np.zeros(BATCH))
    same(state(model, optimizer), before)


def test_arguments_that_are_no_numbers_are_refused():
    with pytest.raises(CompileError, match="the argument x"):
        gw.compile(lambda x: x)(np.array(["word"]))


def test_an_argument_that_requires_a_gradient_is_refused():
    with pytest.raises(CompileError, match="the argument x is a tensor that requires a gradient"):
        gw.compile(lambda x: x * 2)(gw.Tensor([1.0], requires_grad=True))


def test_all_errors_of_compiling_are_errors_of_glasswork():
    assert issubclass(CompileError, GlassworkError)
