"""What an optimizer saves, and goes on from."""

from __future__ import annotations

import numpy as np
import pytest

from glasswork import Parameter
from glasswork.errors import StateError
from glasswork.optim import SGD, Adam, ReduceOnPlateau, exponential_decay

from .descent import descend


def test_training_goes_on_exactly_where_a_saved_state_stood(kind):
    w, b = Parameter([1.0, 7.0]), Parameter(2.0, decay=False)
    optimizer = kind([w, b])
    descend(optimizer, w, b, steps=5)
    state, values = optimizer.state_dict(), (w.els.copy(), b.els.copy())
    descend(optimizer, w, b, steps=5)

    again = [Parameter(value, decay=p.decay) for value, p in zip(values, (w, b), strict=True)]
    resumed = kind(again)
    resumed.load_state_dict(state)
    descend(resumed, *again, steps=5)
    assert [p.els.tobytes() for p in again] == [w.els.tobytes(), b.els.tobytes()]
    assert resumed.steps == 10


def test_a_state_dict_holds_numbers_and_copies():
    w = Parameter([1.0])
    optimizer = SGD([w], 0.5, momentum=0.5)
    descend(optimizer, w)
    state = optimizer.state_dict()
    assert list(state) == ["steps", "learning_rate", "0.steps", "0.velocity"]
    descend(optimizer, w)
    assert [state["steps"], state["0.steps"], state["0.velocity"].tolist()] == [1, 1, [2.0]]


def test_a_loaded_state_is_copied_too():
    w = Parameter([1.0])
    optimizer = SGD([w], 0.5, momentum=0.5)
    state = optimizer.state_dict() | {"0.velocity": np.array([2.0])}
    optimizer.load_state_dict(state)
    state["0.velocity"][:] = 0.0
    assert optimizer.state_dict()["0.velocity"].tolist() == [2.0]


def test_a_state_that_does_not_fit_changes_nothing():
    w = Parameter([1.0])
    optimizer = SGD([w], 0.5, momentum=0.5)
    before = optimizer.state_dict()
    bad = before | {"steps": 9, "learning_rate": 0.1, "0.velocity": np.ones(3)}
    with pytest.raises(StateError, match=r"misshapen   0\.velocity is \(3,\), and here \(1,\)"):
        optimizer.load_state_dict(bad)
    assert optimizer.state_dict() == before


@pytest.mark.parametrize("rate", [float("nan"), -1.0, float("inf")])
@pytest.mark.parametrize("name", ["learning_rate", "group.1.learning_rate"])
def test_a_loaded_learning_rate_that_may_not_be_changes_nothing(name, rate):
    group = {"parameters": [Parameter([1.0])], "learning_rate": 0.25}
    optimizer = SGD([group, Parameter([1.0])], 0.5)
    before = optimizer.state_dict()
    with pytest.raises(StateError, match=f"unfit       {name} is {rate}"):
        optimizer.load_state_dict(before | {"steps": 9, name: rate})
    assert optimizer.state_dict() == before


def test_the_state_of_another_optimizer_is_refused_by_the_names_of_its_memory():
    state = Adam([Parameter([1.0])], 0.5).state_dict()
    with pytest.raises(StateError, match=r"missing     0\.velocity\n  unexpected  0\.mean\n"):
        SGD([Parameter([1.0])], 0.5, momentum=0.5).load_state_dict(state)


def test_learning_rates_that_were_set_and_the_state_of_schedules_are_loaded():
    def build():
        group = {
            "parameters": [Parameter([1.0])],
            "learning_rate": ReduceOnPlateau(0.5, patience=0),
        }
        return SGD([group, Parameter([2.0])], 0.25), group["learning_rate"]

    optimizer, plateau = build()
    plateau.observe(1.0)
    plateau.observe(1.0)
    optimizer.learning_rate = 0.125
    resumed, other = build()
    resumed.load_state_dict(optimizer.state_dict())
    assert resumed.learning_rate == 0.125
    assert other(0) == plateau(0) == 0.05


def test_a_schedule_without_a_state_is_not_in_the_state_dict():
    optimizer = SGD([Parameter([1.0])], exponential_decay(0.1, 0.5))
    assert list(optimizer.state_dict()) == ["steps", "0.steps"]
    optimizer.load_state_dict(optimizer.state_dict() | {"steps": 2})
    assert optimizer.current_learning_rate == exponential_decay(0.1, 0.5)(2)
