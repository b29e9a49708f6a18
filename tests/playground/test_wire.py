from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasswork.playground.wire import Picture, as_json, packed, scaled

from .unpacked import unpacked


@given(st.dictionaries(st.text(), st.floats() | st.text() | st.lists(st.floats())))
def test_replies_are_strict_json_and_what_is_not_finite_is_null(reply):
    def refuse(word: str) -> None:
        raise AssertionError(word)

    read = json.loads(as_json(reply), parse_constant=refuse)
    assert read.keys() == reply.keys()
    for name, value in reply.items():
        if isinstance(value, float) and not np.isfinite(value):
            assert read[name] is None
        elif not isinstance(value, list):
            assert read[name] == value


@given(st.text(max_size=9), st.integers(0, 5), st.integers(0, 5))
def test_what_is_packed_can_be_unpacked(word, rows, columns):
    numbers = np.arange(rows * columns, dtype=np.float64).reshape(rows, columns)
    picture = Picture(np.arange(7, dtype=np.uint8), -1.0, 2.0)
    message = packed({"word": word}, {"picture": picture, "numbers": numbers})
    header, arrays = unpacked(message)
    assert header["word"] == word
    assert np.array_equal(arrays["numbers"], numbers) and arrays["numbers"].dtype == np.float32
    assert np.array_equal(arrays["picture"], picture.cells)
    described = {array["name"]: array for array in header["arrays"]}
    assert (described["picture"]["low"], described["picture"]["high"]) == (-1, 2)


def test_floats_begin_at_multiples_of_four():
    for word in ("", "a", "bc", "def"):
        length = int.from_bytes(packed({"word": word}, {})[:4], "little")
        assert length % 4 == 0


@pytest.mark.parametrize(
    ("numbers", "limits", "cells"),
    [
        ([0.0, 0.5, 1.0], (), [0, 128, 255]),
        ([-2.0, 2.0], (), [0, 255]),
        ([3.0, 3.0], (), [0, 0]),
        ([-1.0, 0.5, 9.0], (0.0, 1.0), [0, 128, 255]),
        ([np.nan, 1.0], (0.0, 1.0), [0, 255]),
        ([-np.inf, np.inf], (0.0, 1.0), [0, 255]),
    ],
)
def test_pictures_are_bytes_from_low_to_high(numbers, limits, cells):
    assert scaled(np.array(numbers), *limits).cells.tolist() == cells
