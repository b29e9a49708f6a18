from __future__ import annotations

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasswork.playground.state import CHOICES, FEATURES, State

STATES = st.builds(
    State,
    data=st.sampled_from([name for name in CHOICES["data"] if name != "digits"]),
    samples=st.integers(50, 2000),
    noise=st.floats(0, 0.5),
    test=st.floats(0.1, 0.9),
    seed=st.integers(0, 2**32 - 1),
    axes=st.tuples(st.integers(0, 9), st.integers(0, 9)),
    features=st.lists(st.sampled_from(FEATURES), min_size=1, unique=True).map(tuple),
    layers=st.lists(st.integers(1, 16), max_size=6).map(tuple),
    activation=st.sampled_from(CHOICES["activation"]),
    initialization=st.sampled_from(CHOICES["initialization"]),
    dropout=st.floats(0, 0.9),
    optimizer=st.sampled_from(CHOICES["optimizer"]),
    rate=st.floats(1e-5, 10),
    schedule=st.sampled_from(CHOICES["schedule"]),
    momentum=st.floats(0, 0.99),
    l1=st.floats(0, 1),
    l2=st.floats(0, 1),
    batch=st.integers(1, 256),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(STATES)
def test_a_state_comes_back_from_its_query_and_from_its_json_exactly(state):
    said = dict(parse_qsl(state.query(), keep_blank_values=True))
    assert State.of(said) == (state, [])
    assert State.of(state.as_json()) == (state, [])


@given(st.dictionaries(st.sampled_from([*vars(State()), "strange"]), JSON))
def test_whatever_is_said_a_state_comes_of_it_that_can_be_said_again(said):
    state, complaints = State.of(said)
    assert State.of(state.as_json()) == (state, [])
    assert all("\n" not in complaint and len(complaint) < 300 for complaint in complaints)


def test_what_need_not_be_said_is_not_said():
    assert State().query() == ""
    assert State.of({"data": "moons"})[0].query() == "data=moons"
    assert State.of({"layers": [], "rate": 0.1})[0].query() == "layers=none&rate=0.1"


def test_each_data_has_its_own_defaults():
    assert State.defaults("digits").layers == (64, 32)
    assert State.defaults("moons").noise == 0.1
    assert State.of({"data": "digits", "layers": "100"}) == (
        State(data="digits", noise=0.0, layers=(100,)),
        [],
    )


@pytest.mark.parametrize(
    ("said", "name", "meant", "complaint"),
    [
        ({"rate": 1e9}, "rate", 10, "rate: 1000000000.0 is not from 1e-05 to 10; it is 10"),
        ({"rate": "nan"}, "rate", 0.03, "rate: 'nan' is no number; it is 0.03"),
        ({"rate": True}, "rate", 0.03, "rate: True is no number; it is 0.03"),
        ({"batch": 1.5}, "batch", 16, "batch: 1.5 is no whole number; it is 16"),
        ({"layers": "8,99"}, "layers", (8, 16), "layers: '99' is not from 1 to 16; it is 8,16"),
        (
            {"layers": "1,1,1,1,1,1,1"},
            "layers",
            (8, 8),
            "layers: '1,1,1,1,1,1,1' is no list of 0 to 6; it is 8,8",
        ),
        (
            {"data": "stars"},
            "data",
            "spirals",
            "data: 'stars' is none of moons, circles, spirals, line, digits, upload; it is spirals",
        ),
        (
            {"features": ["x1", "x9"]},
            "features",
            ("x1", "x2"),
            f"features: 'x9' is none of {', '.join(FEATURES)}; it is x1,x2",
        ),
        ({"seed": 10**400}, "seed", 0, "seed: that is no number; it is 0"),
    ],
)
def test_what_cannot_be_meant_is_told_and_the_next_best_is_taken(said, name, meant, complaint):
    state, complaints = State.of(said)
    assert (getattr(state, name), complaints) == (meant, [complaint])


def test_of_names_that_are_none_a_few_are_told():
    state, complaints = State.of(dict.fromkeys(["foo", "", "a", "b", "edges"], 1))
    assert state == State()
    assert complaints == [f"{name!r}: there is nothing of that name" for name in ("", "a", "b")]
