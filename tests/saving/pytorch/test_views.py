"""A tensor is a window on a storage, and reaches never beyond it; a name means one, or nothing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasswork.errors import DataError
from glasswork.saving.pytorch.views import Call, Numbers, Storage, View, meaning

SIZES = st.lists(st.integers(0, 4), max_size=3).map(tuple)


def view(length, offset, shape, strides, code="f4"):
    numbers = Numbers(np.dtype(code))
    return View(Storage("a", numbers, length), numbers, offset, shape, strides)


@given(st.integers(0, 30), st.integers(0, 5), SIZES, SIZES)
def test_what_fits_is_what_numpy_can_index(length, offset, shape, strides):
    window = view(length, offset, shape, strides)
    places = [
        offset + sum(i * stride for i, stride in zip(index, strides, strict=False))
        for index in np.ndindex(shape)
    ]
    fits = len(shape) == len(strides) and all(place < length for place in places)
    assert window.fits == fits
    if fits:
        content = np.arange(length, dtype=np.float32).tobytes()
        assert window.array(content, "<").ravel().tolist() == places


@pytest.mark.parametrize(
    ("offset", "shape", "strides"),
    [
        (-1, (2,), (1,)),
        (0, (2.0,), (1,)),
        (0, (True,), (1,)),
        (None, (2,), (1,)),
        (0, (2,), (-1,)),
        (0, (1,) * 65, (1,) * 65),
        (0, (0, 2**62, 4), (1, 1, 1)),
    ],
)
def test_numbers_that_no_tensor_has_are_refused(offset, shape, strides):
    with pytest.raises(DataError, match=r"storage 'a'(?s:.*)8 numbers(?s:.*)fetch it again"):
        view(8, offset, shape, strides).checked()


def test_a_stride_that_is_never_taken_may_be_anything():
    assert view(1, 0, (1,), (2**80,)).array(b"\0\0\x80\x3f", "<") == 1


def test_both_orders_of_bytes_become_this_machines():
    for order in "<>":
        content = np.arange(3, dtype=f"{order}f4").tobytes()
        array = view(3, 0, (3,), (1,)).array(content, order)
        assert array.dtype == np.dtype("f4") and array.dtype.isnative
        assert array.tolist() == [0, 1, 2]


def test_any_byte_but_zero_is_true():
    assert view(3, 0, (3,), (1,), "?").array(b"\0\1\7", "<").tobytes() == b"\0\1\1"


def test_a_storage_is_named_with_what_its_bytes_mean():
    assert meaning("torch", "HalfStorage").dtype == "float16"
    assert meaning("torch", "BFloat16Storage").width == 4


def test_a_function_is_named_by_ours():
    assert isinstance(meaning("torch._utils", "_rebuild_tensor_v2"), Call)


def test_a_name_without_a_meaning_is_refused_with_what_to_do():
    with pytest.raises(DataError, match=r"'os.system'(?s:.*)nothing is run(?s:.*)state_dict\(\)"):
        meaning("os", "system")
