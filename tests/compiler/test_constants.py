"""Numbers that a step makes itself keep their dtype on the page."""

from __future__ import annotations

import numpy as np
import pytest

import glasswork as gw
from glasswork import functional as F

from .test_layers import exactness

X = np.linspace(-1, 1, 3, dtype=np.float32)

FORMS = {
    "float64 without axes": lambda x: x * gw.Tensor(np.float64(0.3)),
    "float32 without axes": lambda x: x.astype(np.float16) * gw.Tensor(0.3),
    "stacked": lambda x: F.stack([x[0], gw.Tensor(0.3)]),
    "stacked in float64": lambda x: F.stack([x[0], gw.Tensor(np.float64(0.3))]),
    "concatenated": lambda x: F.concatenate([x, gw.Tensor(0.3).reshape(1)]),
    "chosen": lambda x: F.where(x > 0, gw.Tensor(np.float64(0.3)), x),
    "alone": lambda x: np.abs(gw.Tensor(0.3)),
    "a scalar of NumPy": lambda x: np.float64(0.1) * x,
    "a whole array without axes": lambda x: x * np.array(3),
    "one element": lambda x: x * np.array([0.3]),
    "all alike": lambda x: x * np.full(3, 0.3),
    "all alike in whole numbers": lambda x: x * np.full(3, 2),
    "the sum of them": lambda x: x.sum() * gw.Tensor(np.float64(0.3)),
    "a Python number": lambda x: x * 0.3 + 1,
    "a Python number with a constant": lambda x: 2 * gw.Tensor(np.float64(0.3)) + x,
    "an infinity": lambda x: F.minimum(x, np.inf) + F.maximum(x, -np.inf),
    "a nan": lambda x: F.where(x > 0, np.nan, x),
    "booleans": lambda x: F.where(np.array([True, True, True]), x, 0.0),
    "the identity": lambda x: x @ np.eye(3, dtype=np.float32),
    "another identity": lambda x: x @ np.eye(3),
    "a table": lambda x: x * np.array([1, 2, 3], np.float32),
    "nothing": lambda x: F.concatenate([x, np.zeros(0)]),
    "negative zero": lambda x: x * 0 + np.array(-0.0, np.float32),
    "a tiny number": lambda x: x * np.float32(1e-40),
}


@exactness
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_constants_keep_their_dtype_and_bits(form, exact):
    def step(x):
        return form(gw.Tensor(x))

    expected, found = step(X), gw.compile(step, exact=exact)(X)
    assert found.dtype == expected.dtype
    np.testing.assert_array_equal(found.els, expected.els)
    np.testing.assert_array_equal(np.signbit(found.els), np.signbit(expected.els))


def test_a_matrix_that_is_called_ones_need_not_hold_them():
    ones = np.array([[1, 2], [3, 4]], np.float32)

    def step(x):
        products = gw.Tensor(x) @ ones
        return products / products[:, 0].reshape(2, 1)

    x = np.array([[1, 2], [3, 4]], np.float32)
    np.testing.assert_allclose(gw.compile(step)(x).els, step(x).els)


@pytest.mark.parametrize("columns", [1, 2, 3, 4, 5])
def test_rows_over_their_sums_are_the_same_with_few_columns_and_many(columns):
    def step(x):
        sums = gw.Tensor(x).sum(axis=1, keepdims=True)
        return x / sums, sums

    x = np.arange(1, 3 * columns + 1, dtype=np.float32).reshape(3, columns)
    for found, expected in zip(gw.compile(step)(x), step(x), strict=True):
        np.testing.assert_allclose(found.els, expected.els, rtol=1e-6)
