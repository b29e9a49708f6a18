"""Values of a configuration survive JSON."""

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasswork.errors import DataError, OptionError
from glasswork.saving.values import decode, encode

PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
HASHED = PLAIN | st.tuples(PLAIN, PLAIN)
VALUES = st.recursive(
    PLAIN,
    lambda parts: (
        st.lists(parts, max_size=3)
        | st.lists(parts, max_size=3).map(tuple)
        | st.dictionaries(HASHED, parts, max_size=3)
    ),
)


def there_and_back(value):
    text = json.dumps(encode(value, "Net.value", None), allow_nan=False)
    return decode(json.loads(text), None)


@given(VALUES)
def test_plain_values_and_containers_come_back_with_their_types(value):
    back = there_and_back(value)
    assert back == value
    assert repr(back) == repr(value)  # tells 1 from 1.0 and True, and a list from a tuple


def test_what_is_no_number_comes_back():
    assert math.isnan(there_and_back(float("nan")))
    assert there_and_back(-math.inf) == -math.inf


def test_numpy_scalars_become_the_numbers_they_are():
    back = there_and_back([np.float32(0.5), np.int8(3), np.True_])
    assert repr(back) == "[0.5, 3, True]"


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "int64", "uint8", "bool"])
def test_dtypes_and_arrays_come_back(dtype):
    array = np.array([[1, 0], [1, 1]], dtype)
    back = there_and_back({"dtype": np.dtype(dtype), "array": array})
    assert back["dtype"] == np.dtype(dtype)
    assert back["array"].dtype == array.dtype
    np.testing.assert_array_equal(back["array"], array)


@pytest.mark.parametrize("value", [len, {1}, 1j, object(), b"", [{"f": (len,)}]])
def test_what_there_are_no_words_for_is_named(value):
    with pytest.raises(OptionError, match=r"(?s)save: Net.value is .*, a .*Let the constructor"):
        encode(value, "Net.value", None)


@pytest.mark.parametrize(
    "words", [7, [[7]], {"tuple": [7]}, {"dict": [["a", 7]]}, {"array": ["int8", [7]]}]
)
def test_a_whole_number_above_the_largest_is_refused(words):
    decode(words, None, largest=7)
    with pytest.raises(DataError, match=r"asks for 7 elements(?s:.*)have 6"):
        decode(words, None, largest=6)


def test_whole_numbers_are_not_smuggled_in_as_fractions():
    with pytest.raises(TypeError, match="Cannot cast"):
        decode({"array": ["int64", [1e12]]}, None, largest=6)
