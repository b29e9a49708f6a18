"""The error function, against Python's own."""

from __future__ import annotations

import math

import numpy as np
import pytest

from glasswork import functional as F

POINTS = np.concatenate([np.linspace(-7, 7, 2001), [0.46875, 4.0, 1e-300, 1e-10, 26.0, 1e308]])


@pytest.mark.parametrize(
    ("dtype", "tolerance"), [(np.float64, 5e-16), (np.float32, 2e-7), (np.float16, 1e-3)]
)
def test_erf_is_right_to_the_last_digits_of_its_dtype(dtype, tolerance):
    with np.errstate(over="ignore"):
        x = POINTS.astype(dtype)
    expected = [math.erf(v) for v in x.tolist()]
    np.testing.assert_allclose(F.erf(x).astype(float), expected, rtol=tolerance, atol=1e-300)
    assert F.erf(x).dtype == dtype


def test_erf_is_odd_to_the_bit():
    np.testing.assert_array_equal(F.erf(-POINTS), -F.erf(POINTS))


def test_erf_keeps_the_sign_of_zero():
    assert math.copysign(1, F.erf(np.array([-0.0]))[0]) == -1


def test_erf_takes_python_numbers():
    assert F.erf(0.5) == pytest.approx(math.erf(0.5), rel=1e-15)
    assert F.erf(1) == pytest.approx(math.erf(1), rel=1e-15)
