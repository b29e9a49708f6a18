"""Shapes: what becomes of the gradient when elements are arranged otherwise."""

from __future__ import annotations

import numpy as np
import pytest

from glasswork import Tensor, gradients, jvp
from glasswork import functional as F
from glasswork.errors import ShapeError


def test_a_gradient_comes_back_in_the_dtype_that_went_in():
    x = Tensor(np.array([1.0, 2.0], np.float32), requires_grad=True)
    y = F.astype(x, np.float64)
    assert y.dtype == np.float64
    (g,) = gradients(y, [x], np.array([1e-9, 1.0]))
    assert g.dtype == np.float32


def test_the_border_of_a_tangent_is_zero_whatever_the_border_of_the_value():
    y, moved = jvp(lambda x: F.pad(x, 1, 7.0), ([1.0],), ([2.0],))
    assert y.tolist() == [7, 1, 7]
    assert moved.tolist() == [0, 2, 0]


def test_axes_are_put_back_where_they_were():
    x = Tensor(np.zeros((2, 3, 4)), requires_grad=True)
    g = np.random.default_rng(0).random((4, 2, 3))
    (back,) = gradients(F.transpose(x, (-1, 0, 1)), [x], g)
    np.testing.assert_array_equal(back.els, g.transpose(1, 2, 0))


def test_copies_add_up():
    x = Tensor([[1.0], [2.0]], requires_grad=True)
    (g,) = gradients(F.broadcast_to(x, (5, 2, 3)), [x], np.ones((5, 2, 3)))
    assert g.tolist() == [[15], [15]]


def test_joined_parts_get_back_their_own():
    a, b = (
        Tensor(np.zeros((1, 2)), requires_grad=True),
        Tensor(np.zeros((2, 2)), requires_grad=True),
    )
    g = np.arange(6.0).reshape(3, 2)
    first, second = gradients(F.concatenate([a, b]), [a, b], g)
    np.testing.assert_array_equal(first.els, g[:1])
    np.testing.assert_array_equal(second.els, g[1:])


@pytest.mark.parametrize(
    ("f", "message"),
    [
        (
            lambda t: F.reshape(t, (4,)),
            r"reshape: cannot reshape array of size 6 into shape \(4,\)",
        ),
        (lambda t: F.squeeze(t, 0), "squeeze: cannot select an axis to squeeze out"),
        (lambda t: F.transpose(t, (0, 0)), "transpose: repeated axis in transpose"),
        (lambda t: F.concatenate([t, t[:, :2]]), "concatenate: all the input array dimensions"),
        (lambda t: F.stack([t, t[:1]]), "stack: all input arrays must have the same shape"),
        (lambda t: F.broadcast_to(t, (3, 3)), "broadcast_to: operands could not be broadcast"),
    ],
)
def test_a_shape_that_does_not_fit_is_named_with_the_op(f, message):
    with pytest.raises(ShapeError, match=message + r"[\s\S]*A is \(2, 3\) float32"):
        f(Tensor(np.zeros((2, 3), np.float32)))
