"""Every message about an op that could not be done, word for word."""

from __future__ import annotations

import numpy as np
import pytest

from glasswork import Tensor
from glasswork import functional as F
from glasswork.errors import DtypeError, ShapeError


def zeros(*shape: int) -> Tensor:
    return Tensor(np.zeros(shape, np.float32))


def message(kind: type[Exception], f) -> str:
    with pytest.raises(kind) as caught:
        f()
    return str(caught.value)


def test_a_product_whose_inner_sizes_differ_offers_the_transpose_where_that_fits():
    assert message(ShapeError, lambda: zeros(32, 784) @ zeros(128, 784)) == (
        "matmul: the inner sizes differ.\n"
        "  A is (32, 784), B is (128, 784): k is 784 in A and 128 in B.\n"
        "  Pass B.mT, or build Linear(784, 128) so that W is (784, 128)."
    )


def test_a_product_whose_inner_sizes_differ_names_the_axes():
    assert message(ShapeError, lambda: zeros(2, 3) @ zeros(4, 5)) == (
        "matmul: the inner sizes differ.\n"
        "  A is (2, 3), B is (4, 5): k is 3 in A and 4 in B.\n"
        "  The last axis of A must be as long as the second-last axis of B."
    )
    assert message(ShapeError, lambda: zeros(2, 3) @ zeros(4)).endswith(
        "  The last axis of A must be as long as the only axis of B."
    )


def test_a_product_of_stacks_that_do_not_fit_is_about_the_leading_axes():
    assert message(ShapeError, lambda: zeros(5, 2, 3) @ zeros(4, 3, 2)) == (
        "matmul: the leading axes do not broadcast.\n"
        "  A is (5, 2, 3), B is (4, 3, 2).\n"
        "  The axes before the last two must be equal, or 1."
    )


@pytest.mark.parametrize(
    "number", [2.0, np.array(2.0), Tensor(2.0)], ids=["float", "array", "Tensor"]
)
def test_a_product_with_a_number_points_to_the_star(number):
    assert message(ShapeError, lambda: zeros(2, 3) @ number) == (
        "matmul: a number is not a matrix.\n  A is (2, 3), B is ().\n  Use A * B."
    )


def test_shapes_that_do_not_broadcast_are_shown_with_the_rule():
    assert message(ShapeError, lambda: zeros(2, 3) + np.zeros((2, 4))) == (
        "add: the shapes do not broadcast with each other.\n"
        "  A is (2, 3) float32\n"
        "  B is (2, 4) float64\n"
        "  Sizes are compared from the last axis backwards: each pair must be equal, or one\n"
        "  of them 1. Reshape one input, or add an axis of size 1 with x[:, None]."
    )


def test_three_shapes_that_do_not_broadcast_are_shown_too():
    shown = message(ShapeError, lambda: F.where(np.ones(2, bool), zeros(3), 0))
    assert shown.startswith(
        "where: the shapes do not broadcast with each other.\n  A is (2,) bool\n"
    )
    assert "\n  C is 0 (int)\n" in shown


def test_other_shapes_that_do_not_fit_are_told_in_numpys_words():
    assert message(ShapeError, lambda: zeros(2, 3).reshape(4)) == (
        "reshape: cannot reshape array of size 6 into shape (4,)\n  A is (2, 3) float32"
    )


def test_what_floats_cannot_do_is_a_dtype_error():
    shown = message(DtypeError, lambda: zeros(2) & True)
    assert shown.startswith("bitwise_and: ")
    assert shown.endswith("\n  A is (2,) float32\n  B is True (bool)")


def test_a_missing_parameter_is_named_with_the_op():
    with pytest.raises(
        TypeError, match=r"^reshape\(\) missing 1 required keyword-only argument: 'sh"
    ):
        F.reshape(zeros(2))


def test_the_original_error_is_the_cause():
    with pytest.raises(ShapeError) as caught:
        zeros(2) + zeros(3)
    assert type(caught.value.__cause__) is ValueError


def test_errors_of_other_kinds_pass_as_they_are():
    with pytest.raises(IndexError, match="index 5 is out of bounds"):
        zeros(2)[5]
