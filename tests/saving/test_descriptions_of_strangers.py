"""Whatever a description says, building from it does no harm."""

import copy
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

import glasswork
from glasswork.errors import DataError
from glasswork.nn import BatchNorm, CrossEntropy, Dropout, Linear, Module, Sequential
from glasswork.saving.descriptions import build, describe

LINEAR = {"class": "Linear", "config": {"input_neurons": 2, "output_neurons": 3}}


def linear(**config):
    return {"class": "Linear", "config": LINEAR["config"] | config}


def batch_norm(features):
    return {"class": "BatchNorm", "config": {"features": features}}


HOSTILE = {
    "nothing": None,
    "a number": 1,
    "a text": "Linear",
    "a list": [LINEAR],
    "no class": {},
    "class a number": {"class": 1},
    "class a list": {"class": ["Linear"]},
    "unknown class": {"class": "Popen", "config": {"args": "ls"}},
    "a function": {"class": "penalty"},
    "config a list": {"class": "Linear", "config": [2, 3]},
    "argument missing": {"class": "Linear", "config": {"input_neurons": 2}},
    "argument unknown": linear(command="ls"),
    "argument of a parent": linear(children=[]),
    "children of none": LINEAR | {"children": []},
    "children a number": {"class": "Sequential", "children": 3},
    "children of numbers": {"class": "Sequential", "children": [3]},
    "children in the config": {"class": "Sequential", "config": {"children": 3}},
    "size a text": linear(input_neurons="2"),
    "size a fraction": linear(input_neurons=2.5),
    "size negative": linear(input_neurons=-2),
    "size a table": linear(input_neurons={"dict": []}),
    "size a module": linear(input_neurons={"class": "ReLU"}),
    "size absurd": linear(input_neurons=10**12),
    "size beyond numbers": linear(input_neurons=10**400),
    "size infinite": linear(input_neurons={"float": "inf"}),
    "dtype unknown": linear(dtype={"dtype": "object"}),
    "dtype of fields": linear(dtype={"dtype": "f8,f8"}),
    "dtype a text": linear(dtype="O"),
    "float of words": linear(bias={"float": "much"}),
    "dict of numbers": linear(bias={"dict": [1]}),
    "dict with a list as key": linear(bias={"dict": [[[], 1]]}),
    "tuple of a number": linear(bias={"tuple": 1}),
    "array of one": linear(bias={"array": ["float64"]}),
    "array ragged": linear(bias={"array": ["float64", [[1], [1, 2]]]}),
    "array of objects": linear(bias={"array": ["object", [None]]}),
    "shared without a first": {"shared": 0},
    "shared with itself": {"class": "Sequential", "children": [{"shared": 0}]},
    "shared by name": {"class": "Sequential", "children": [LINEAR, {"shared": "weights"}]},
    "tied to nothing": LINEAR | {"tied": {"weights": [1, "weights"]}},
    "tied to no tensor": LINEAR | {"tied": {"weights": [0, "forward"]}},
    "tied by a number": LINEAR | {"tied": {"weights": 0}},
    "eval a number": LINEAR | {"eval": 3},
    "frozen of lists": LINEAR | {"frozen": [[]]},
}


@pytest.mark.parametrize("case", HOSTILE)
@pytest.mark.parametrize("elements", [None, 9])
def test_hostile_words_are_one_clear_error(case, elements):
    with pytest.raises(DataError, match=r"\n  ") as caught:
        build(HOSTILE[case], elements)
    assert len(str(caught.value)) < 2000


def test_nesting_for_ever_is_refused():
    node = LINEAR
    for _ in range(10_000):
        node = {"class": "Sequential", "children": [node]}
    with pytest.raises(DataError, match="cannot be followed"):
        build(node)


def test_what_is_tied_cannot_replace_anything_but_tensors():
    made = build(LINEAR | {"tied": {"forward": [0, "weights"], "training": [0, "weights"]}})
    assert made.forward(glasswork.Tensor([[1.0, 2.0]])).shape == (1, 3)
    assert made.training is True


@pytest.mark.parametrize(
    "said",
    [
        linear(input_neurons=10**5, output_neurons=10**5),
        linear(input_neurons=1, output_neurons=10**8),
        batch_norm(10**8),
        batch_norm({"array": ["int64", [10**8]]}),
        batch_norm({"array": ["int64", [1e8]]}),
        {"class": "Sequential", "children": [linear(input_neurons=10**3)] * 10**3},
        {"class": "Sequential", "children": [batch_norm(60_000)] * 99},
    ],
    ids=["square", "wide", "features", "array", "fractions", "many", "many features"],
)  # fmt: skip
def test_what_the_values_do_not_account_for_is_refused_before_it_takes_memory(said):
    tracemalloc.start()
    try:
        with pytest.raises(DataError):
            build(said, elements=10_000)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4_000_000


GOOD = describe(
    Sequential(
        Linear(2, 3), BatchNorm(3), Dropout(0.5), CrossEntropy(class_weights=[1.0, 2.0])
    ).eval()
)
NAMES = ["class", "config", "children", "shared", "tied", "eval", "frozen", "features", "bias"]
TAGS = ["tuple", "dict", "float", "array", "dtype"]
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3)
    | st.sampled_from(["Linear", "Module", "weights", 10**12, -1]),
    lambda parts: st.lists(parts, max_size=3)
    | st.dictionaries(st.sampled_from(NAMES + TAGS), parts, max_size=3),
    max_leaves=8,
)  # fmt: skip


@st.composite
def changed(draw):
    """A good description with some of its parts exchanged for junk."""
    said = copy.deepcopy(GOOD)
    for _ in range(draw(st.integers(1, 3))):
        node = said
        while True:
            keys = list(node) if isinstance(node, dict) else list(range(len(node)))
            key = draw(st.sampled_from(keys)) if keys else None
            if key is None or not isinstance(node[key], dict | list) or draw(st.booleans()):
                break
            node = node[key]
        if key is not None:
            node[key] = draw(JUNK)
    return said


@given(changed() | JUNK)
def test_of_random_words_only_a_data_error_escapes(said):
    try:
        module = build(said, elements=30)
    except DataError:
        return
    assert isinstance(module, Module)
