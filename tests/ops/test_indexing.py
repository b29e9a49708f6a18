"""Indexing of every kind: what NumPy reads, and a gradient that adds up where it was read."""

from __future__ import annotations

import numpy as np
import pytest

from glasswork import Tensor, gradients
from glasswork import functional as F
from glasswork.errors import DtypeError

SHAPE = (4, 3, 2)
MASK = np.arange(24).reshape(SHAPE) % 3 == 0
ROWS = np.array([True, False, True, True])

KEYS = {
    "an integer": 1,
    "a negative integer": -1,
    "NumPy's integer": np.int64(2),
    "integers": (3, -1, 0),
    "a slice": slice(1, 3),
    "a slice with a step": slice(None, None, 2),
    "a slice backwards": slice(None, None, -1),
    "slices": (slice(3, 0, -2), slice(None), slice(1, None)),
    "a slice of nothing": slice(2, 2),
    "a slice past the end": slice(2, 99),
    "ellipsis": (..., 0),
    "ellipsis in the middle": (1, ..., 1),
    "new axis": (None, 1, None),
    "new axis at the end": (..., None),
    "everything": (),
    "a list": [2, 0, 2],
    "an empty list": [],
    "a list of truths": [True, False, True, True],
    "an array": np.array([[0, 1], [-1, 0]]),
    "an array of one number": np.array(2),
    "a range": range(3),
    "an array and a slice": (slice(None), np.array([2, 2, 0])),
    "two arrays": (np.array([0, 0, 3]), np.array([1, 1, -1])),
    "two arrays that broadcast": (np.array([[0], [3]]), np.array([1, 1, 2])),
    "two arrays about a slice": (np.array([0, 3]), slice(None), np.array([1, 1])),
    "an array and an integer": (np.array([1, 1]), 2),
    "a list and an ellipsis": ([0, 0], ..., 1),
    "a mask": MASK,
    "a mask of rows": ROWS,
    "a mask of nothing": np.zeros(SHAPE, bool),
    "a mask and an array": (ROWS, np.array([0, 1, 1])),
    "a truth": True,
    "an untruth": (False, 0),
}


@pytest.mark.parametrize("name", KEYS)
def test_a_key_reads_what_numpy_reads_and_writes_back_where_it_read(name):
    key = KEYS[name]
    x = np.random.default_rng(0).normal(size=SHAPE)
    t = Tensor(x, requires_grad=True)
    np.testing.assert_array_equal(t[key].els, x[key])
    g = np.arange(1.0, t[key].size + 1).reshape(t[key].shape)
    expected = np.zeros(SHAPE)
    np.add.at(expected, key, g)
    np.testing.assert_array_equal(gradients(t[key], [t], g)[0].els, expected)


@pytest.mark.parametrize(
    "index", [Tensor([2, 0, 2]), Tensor(2), Tensor(np.zeros(4, bool)), Tensor([0, 1]) == 1]
)
def test_tensors_of_whole_numbers_and_truths_are_keys(index):
    x = np.random.default_rng(0).normal(size=index.size if index.dtype == bool else 4)
    t = Tensor(x, requires_grad=True)
    y = t[index]
    np.testing.assert_array_equal(y.els, x[index.els])
    y.sum().backward()
    expected = np.zeros_like(x)
    np.add.at(expected, index.els, 1)
    np.testing.assert_array_equal(t.grad, expected)


def test_a_comparison_of_the_tensor_is_its_mask():
    t = Tensor([1.0, -2.0, 3.0], requires_grad=True)
    (t[t > 0] ** 2).sum().backward()
    assert t.grad.tolist() == [2, 0, 6]


def test_a_place_that_is_read_twice_has_two_gradients():
    t = Tensor([1.0, 2.0], requires_grad=True)
    t[[0, 0, 1]].sum().backward()
    assert t.grad.tolist() == [2, 1]


@pytest.mark.parametrize("key", [5, (0, 0, 0, 0), 1.5, np.array([0.5])], ids=repr)
def test_a_key_that_numpy_refuses_raises_numpys_error(key):
    with pytest.raises(IndexError):
        Tensor(np.zeros((2, 2)))[key]


def test_a_number_has_no_rows():
    with pytest.raises(IndexError, match="too many indices"):
        Tensor(3.0)[np.array([0, -1])]


def test_letters_are_no_key():
    with pytest.raises(DtypeError, match="an operand holds <U1"):
        Tensor([1.0])["x"]


def test_taking_along_an_axis_stretches_index_and_array():
    x = Tensor(np.arange(6.0).reshape(2, 3), requires_grad=True)
    y = F.take_along_axis(x, np.array([[2, 2, 0]]), axis=1)
    assert y.tolist() == [[2, 2, 0], [5, 5, 3]]
    y.sum().backward()
    assert x.grad.tolist() == [[1, 0, 2], [1, 0, 2]]


def test_one_row_that_is_read_by_many_adds_up_their_gradients():
    x = Tensor(np.arange(3.0).reshape(1, 3), requires_grad=True)
    F.take_along_axis(x, np.array([[0], [0], [2]]), axis=1).sum().backward()
    assert x.grad.tolist() == [[2, 0, 1]]


def test_taking_along_no_axis_counts_in_one_row():
    x = Tensor(np.arange(4.0).reshape(2, 2), requires_grad=True)
    y = F.take_along_axis(x, np.array([3, 3, 0]), axis=None)
    assert y.tolist() == [3, 3, 0]
    y.sum().backward()
    assert x.grad.tolist() == [[1, 0], [0, 2]]


@pytest.mark.parametrize("axis", [None, 0])
def test_taking_along_an_axis_takes_no_mask(axis):
    with pytest.raises(IndexError, match="must be an integer array"):
        F.take_along_axis(Tensor([1.0, 2.0]), np.array([True, False]), axis=axis)
