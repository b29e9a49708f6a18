"""Options are Python numbers inside their limits."""

from __future__ import annotations

from math import inf, nan

import numpy as np
import pytest

from glasswork.errors import OptionError
from glasswork.limits import checked


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("learning_rate", -0.1, "a finite number from 0 up"),
        ("learning_rate", nan, "a finite number from 0 up"),
        ("learning_rate", inf, "a finite number from 0 up"),
        ("learning_rate", "0.1", "a finite number from 0 up"),
        ("learning_rate", None, "a finite number from 0 up"),
        ("learning_rate", True, "a finite number from 0 up"),
        ("momentum", 1.0, "a number from 0 up and below 1"),
        ("momentum", -0.1, "a number from 0 up and below 1"),
        ("beta2", 1, "a number from 0 up and below 1"),
        ("factor", 1.5, "a number from 0 to 1"),
        ("rise", 1.0, "a number between 0 and 1"),
        ("limit", 0.0, "a finite number above 0"),
        ("every", 0, "a whole number from 1 up"),
        ("every", 2.0, "a whole number from 1 up"),
        ("patience", -1, "a whole number from 0 up"),
        ("nesterov", 2, "True or False"),
        ("an_option_of_a_user", inf, "a finite number"),
    ],
)
def test_a_value_outside_its_limits_is_named_with_what_to_pass(name, value, wanted):
    with pytest.raises(OptionError) as raised:
        checked("SGD", name, value)
    assert str(raised.value) == f"SGD: {name} is {value!r}.\n  Pass {wanted}."


@pytest.mark.parametrize("value", [np.float64(0.5), np.float32(0.5), 0.5])
def test_numbers_of_numpy_become_numbers_of_python_which_widen_no_array(value):
    assert type(checked("SGD", "momentum", value)) is float


@pytest.mark.parametrize(("name", "value"), [("steps", np.int32(3)), ("patience", 0)])
def test_counts_stay_whole_numbers(name, value):
    found = checked("cosine", name, value)
    assert (type(found), found) == (int, value)


def test_a_flag_stays_a_flag():
    assert checked("SGD", "nesterov", True) is True
