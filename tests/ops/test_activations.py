"""Activations at 0, at the largest floats and at infinity."""

from __future__ import annotations

from functools import partial
from math import exp, inf, log1p

import numpy as np
import pytest

from glasswork import Tensor, gradients
from glasswork import functional as F

ACTIVATIONS = {
    "elu": F.elu,
    "erf": F.erf,
    "gelu": F.gelu,
    "gelu by tanh": partial(F.gelu, approximate=True),
    "leaky_relu": F.leaky_relu,
    "relu": F.relu,
    "sigmoid": F.sigmoid,
    "silu": F.silu,
    "softplus": F.softplus,
    "tanh": F.tanh,
}
OF_ROWS = {"softmax": F.softmax, "log_softmax": F.log_softmax, "logsumexp": F.logsumexp}
SIZES = [0.0, 1e-30, 1e-3, 0.1, 1.0, 10.0, 30.0, 88.0, 104.0, 700.0, 745.0, 6e4]


def both(f, x):
    """f(x), and its slope at each element."""
    leaf = Tensor(x, requires_grad=True)
    y = f(leaf)
    (slope,) = gradients(y, [leaf], np.ones(y.shape))
    return y.els, slope.els


def finite(dtype) -> np.ndarray:
    """Numbers of all sizes, up to the largest, of both signs."""
    limits = np.finfo(dtype)
    x = np.array([*SIZES, limits.tiny, limits.max / 2, limits.max]).astype(dtype)
    return np.concatenate([-x, x])


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_no_finite_input_overflows_in_value_or_slope(name, dtype):
    y, slope = both(ACTIVATIONS[name], finite(dtype))  # a warning would be an error
    assert np.isfinite(y).all()
    assert np.isfinite(slope).all()
    assert y.dtype == slope.dtype == dtype


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16])
@pytest.mark.parametrize("name", OF_ROWS)
def test_no_finite_row_overflows_in_value_or_gradient(name, dtype):
    x = finite(dtype)
    for row in (x, x[:3], x[-3:], np.stack([x, x[::-1]])):
        y, slope = both(OF_ROWS[name], row)
        assert not np.isnan(y).any()
        assert np.isfinite(slope).all()
        assert y.dtype == slope.dtype == dtype


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_slope_of_a_slope_stays_finite_too(name):
    x = Tensor(finite(np.float64), requires_grad=True)
    y = ACTIVATIONS[name](x)
    (slope,) = gradients(y, [x], np.ones(y.shape), record=True)
    if slope.requires_grad:
        (curvature,) = gradients(slope, [x], np.ones(y.shape))
        assert np.isfinite(curvature.els).all()


@pytest.mark.parametrize(
    ("f", "at_minus_infinity", "at_infinity"),
    [
        (F.relu, 0, inf),
        (F.sigmoid, 0, 1),
        (F.tanh, -1, 1),
        (F.softplus, 0, inf),
        (F.leaky_relu, -inf, inf),
        (F.elu, -1, inf),
        (F.erf, -1, 1),
    ],
)
def test_values_at_infinity(f, at_minus_infinity, at_infinity):
    np.testing.assert_array_equal(f(np.array([-inf, inf])), [at_minus_infinity, at_infinity])


def test_relu_is_flat_at_zero():
    np.testing.assert_array_equal(both(F.relu, [-1.0, -0.0, 0.0, 2.0])[1], [0, 0, 0, 1])


def test_the_slope_of_leaky_relu_at_zero_is_that_of_its_left():
    np.testing.assert_allclose(both(F.leaky_relu, [-1.0, 0.0, 2.0])[1], [0.01, 0.01, 1])


def test_elu_is_smooth_at_zero():
    np.testing.assert_array_equal(both(F.elu, [0.0])[1], [1])
    np.testing.assert_array_equal(both(partial(F.elu, alpha=0.5), [0.0])[1], [0.5])


@pytest.mark.parametrize("name", ACTIVATIONS)
@np.errstate(invalid="ignore")
def test_what_is_no_number_stays_so(name):
    assert np.isnan(ACTIVATIONS[name](np.array([np.nan]))).all()


def test_small_values_keep_their_digits():
    np.testing.assert_allclose(F.sigmoid(np.array([-40.0])), exp(-40), rtol=1e-15)
    np.testing.assert_allclose(F.softplus(np.array([-40.0])), exp(-40), rtol=1e-15)
    np.testing.assert_allclose(both(F.elu, np.array([-40.0]))[1], exp(-40), rtol=1e-15)
    y, slope = both(F.silu, np.array([-40.0]))
    np.testing.assert_allclose(y, -40 * exp(-40), rtol=1e-15)
    np.testing.assert_allclose(slope, exp(-40) * -39, rtol=1e-15)


def test_softmax_does_not_see_a_shift():
    x = np.array([0.0, 1.0, 3.0])
    np.testing.assert_allclose(F.softmax(x + 1e4), F.softmax(x), rtol=1e-12)
    np.testing.assert_allclose(F.log_softmax(x + 1e4), F.log_softmax(x), rtol=1e-12)
    np.testing.assert_allclose(F.logsumexp(x + 1e4), F.logsumexp(x) + 1e4, rtol=1e-15)


def test_softmax_gives_no_part_to_minus_infinity():
    y, slope = both(F.softmax, [0.0, -inf])
    np.testing.assert_array_equal(y, [1, 0])
    np.testing.assert_array_equal(slope, [0, 0])


def test_softmax_takes_whole_numbers():
    np.testing.assert_allclose(F.softmax(np.array([0, 0])), [0.5, 0.5])
    np.testing.assert_allclose(F.logsumexp(np.array([0, 0])), log1p(1))


def test_softmax_of_one_number_is_one():
    assert F.softmax(np.array(3.0)) == 1
    assert F.log_softmax(np.array(3.0)) == 0
