"""Gradients that are too large are made smaller, in place."""

from __future__ import annotations

import inspect
import math

import numpy as np
import pytest

from glasswork import Parameter
from glasswork.errors import OptionError
from glasswork.optim import clip_gradient_norm, clip_gradient_values, clipping, gradient_norm


def with_gradients(*gradients):
    parameters = [Parameter(np.zeros_like(g)) for g in gradients]
    for parameter, g in zip(parameters, gradients, strict=True):
        parameter.grad = g
    return parameters


def test_the_norm_is_that_of_all_gradients_together():
    assert gradient_norm(with_gradients(np.array([[2.0, 3.0]]), np.array(6.0))) == 7.0


def test_parameters_without_a_gradient_and_frozen_ones_count_nothing():
    (w,) = with_gradients(np.array([3.0]))
    assert gradient_norm([w, Parameter([1.0]), Parameter([1.0], requires_grad=False)]) == 3.0


def test_a_larger_norm_becomes_the_limit_and_the_direction_stays():
    a, b = with_gradients(np.array([2.0, 3.0]), np.array([6.0]))
    kept = a.grad
    assert clip_gradient_norm([a, b], limit=3.5) == 7.0
    assert a.grad is kept
    assert [a.grad.tolist(), b.grad.tolist()] == [[1.0, 1.5], [3.0]]


def test_a_smaller_norm_is_left_as_it_is():
    (w,) = with_gradients(np.array([3.0, 4.0]))
    assert clip_gradient_norm([w], limit=5) == 5.0
    assert w.grad.tolist() == [3.0, 4.0]


@pytest.mark.parametrize("bad", [np.inf, np.nan])
def test_a_norm_that_is_no_number_is_returned_and_clips_nothing(bad):
    (w,) = with_gradients(np.array([3.0, bad]))
    np.testing.assert_equal(clip_gradient_norm([w], limit=1.0), abs(bad))
    np.testing.assert_equal(w.grad, [3.0, bad])


@pytest.mark.parametrize(("dtype", "large"), [(np.float16, 6e4), (np.float32, 3e38)])
def test_squares_beyond_the_dtype_are_no_trouble(dtype, large):
    (w,) = with_gradients(np.array([large, large], dtype))
    norm = np.hypot(*w.grad.astype(float))
    assert clip_gradient_norm([w], limit=1.0) == pytest.approx(norm)
    assert w.grad.dtype == dtype
    np.testing.assert_allclose(w.grad, 0.5**0.5, rtol=2e-3)  # float16 has 11 bits


def test_values_are_brought_between_the_limits():
    a, b = with_gradients(np.array([2.0, -3.0]), np.array(0.5))
    kept = a.grad
    clip_gradient_values([a, b], limit=1.0)
    assert a.grad is kept
    assert [a.grad.tolist(), b.grad.tolist()] == [[1.0, -1.0], 0.5]


@pytest.mark.parametrize("clip", [clip_gradient_norm, clip_gradient_values])
def test_a_limit_that_leaves_nothing_is_refused(clip):
    with pytest.raises(OptionError, match=f"{clip.__name__}: limit is 0"):
        clip(with_gradients(np.ones(1)), limit=0)


def test_no_parameters_are_an_error():
    with pytest.raises(OptionError, match="gradient_norm: there are no parameters"):
        gradient_norm([])


@pytest.mark.parametrize("op", [clipping._norm, clipping._factor], ids=lambda op: op.name)
def test_the_functions_can_be_copied_out_with_numpy_and_math_alone(op):
    alone = {"np": np, "math": math}
    exec(inspect.getsource(op.forward), alone)
    copied = alone[op.forward.__name__]
    for numbers in ((3.0, 4.0), (4.0, 3.0), (np.inf, 1.0)):
        values = [np.array(number) for number in numbers] if op is clipping._norm else numbers
        assert copied(*values) == op(*values)
