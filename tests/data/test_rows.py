"""Rows: what is checked before anything is learnt."""

from __future__ import annotations

import numpy as np
import pytest

from glasswork.data.rows import as_float32, as_rows, rows_at
from glasswork.errors import DataError, ShapeError


def test_a_memory_mapped_array_stays_on_the_disk(tmp_path):
    np.save(tmp_path / "x.npy", np.zeros((3, 2)))
    mapped = np.load(tmp_path / "x.npy", mmap_mode="r")
    (rows,) = as_rows("test", [mapped])
    assert np.shares_memory(rows, mapped)


def test_the_one_who_asks_is_named():
    with pytest.raises(ShapeError, match=r"^kitchen: the arrays differ in length"):
        as_rows("kitchen", [[1], [1, 2]])


@pytest.mark.parametrize("order", ["C", "F"])
def test_rows_are_taken_from_any_layout(order):
    x = np.arange(12).reshape(4, 3).copy(order=order)
    assert rows_at(x, np.array([2, 0, 2])).tolist() == [[6, 7, 8], [0, 1, 2], [6, 7, 8]]


@pytest.mark.parametrize("dtype", ["b1", "u1", "i8", "f2", ">f8", "f4"])
def test_numbers_of_any_dtype_become_a_new_float32_array(dtype):
    x = np.array([[0, 1]], dtype)
    numbers = as_float32("test", x)
    assert numbers.dtype == np.float32
    assert numbers.tolist() == [[0, 1]]
    assert not np.shares_memory(numbers, x)


def test_text_is_no_number():
    with pytest.raises(DataError, match="kitchen holds text where numbers should be") as error:
        as_float32("kitchen", np.array([["sal"]]))
    assert "The first is 'sal'." in str(error.value)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [(np.nan, "not finite"), (np.inf, "not finite"), (-1e300, "too large for float32")],
)
def test_what_float32_cannot_hold_is_refused_with_its_place(wrong, said):
    with pytest.raises(DataError, match=f"kitchen holds numbers that are {said}") as error:
        as_float32("kitchen", np.array([[0.0, 1.0], [2.0, wrong]]))
    assert f"{wrong}, at (1, 1), of the shape (2, 2)" in str(error.value)
