"""State dicts that do not fit are refused as a whole."""

from __future__ import annotations

import numpy as np
import pytest

from glasswork.errors import StateError
from glasswork.optim.states import fitted, under, with_prefix

OWN = {"steps": 3, "learning_rate": 0.1, "0.velocity": np.zeros((2, 1), np.float32)}


def test_every_fault_is_named_in_one_error():
    with pytest.raises(StateError) as raised:
        fitted("SGD", OWN, {"steps": -1, "0.velocity": np.ones(2), "1.velocity": np.ones(2)})
    assert str(raised.value) == (
        "SGD: the state dict does not fit, and nothing has been changed.\n"
        "  missing     learning_rate\n"
        "  unexpected  1.velocity\n"
        "  misshapen   0.velocity is (2,), and here (2, 1)\n"
        "  unfit       steps is -1\n"
        "  Build it as it was: if it is an optimizer, with the same rule,\n"
        "  and over the same parameters in the same order."
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [("steps", 2.5), ("learning_rate", "much"), ("0.velocity", np.array([["a"], ["b"]]))],
)
def test_what_is_no_number_is_unfit(name, value):
    with pytest.raises(StateError, match=f"unfit       {name} is"):
        fitted("SGD", OWN, OWN | {name: value})


def test_entries_come_back_in_the_order_kinds_and_dtypes_of_the_optimizer():
    velocity = np.array([[1.0], [2.0]])
    found = fitted(
        "SGD", OWN, {"0.velocity": velocity, "steps": np.int64(7), "learning_rate": np.array(1)}
    )
    assert list(found) == list(OWN)
    assert [type(value) for value in found.values()] == [int, float, np.ndarray]
    assert found["0.velocity"].dtype == np.float32


def test_arrays_are_copied():
    velocity = np.zeros((2, 1), np.float32)
    assert not np.shares_memory(
        fitted("SGD", OWN, OWN | {"0.velocity": velocity})["0.velocity"], velocity
    )


def test_what_is_put_under_a_prefix_is_found_under_it():
    state = {"steps": 1, "velocity": 2}
    assert under("1", with_prefix("1", state) | with_prefix("11", {"steps": 3})) == state


def test_what_is_no_mapping_is_no_state():
    with pytest.raises(StateError, match=r"SGD: None is no state\.\n  Pass what state_dict"):
        fitted("SGD", OWN, None)
