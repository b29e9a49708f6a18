"""Losses for numbers."""

from __future__ import annotations

import numpy as np
import pytest

from glasswork import Tensor
from glasswork.errors import OptionError
from glasswork.nn import MAE, MSE, Huber


def test_mse_is_called_as_in_the_article():
    yhat, y = Tensor([[1.0], [2.0]], requires_grad=True), Tensor([[0.0], [4.0]])
    loss = MSE()(yhat, y)
    loss.backward()
    assert loss.shape == ()
    assert loss.item() == 2.5
    np.testing.assert_array_equal(yhat.grad, [[1], [-2]])


def test_mse_divides_by_elements_not_by_samples():
    assert MSE()(np.ones((4, 3)), np.zeros((4, 3))).item() == 1


def test_mae_is_the_mean_size_of_the_error():
    assert MAE()(np.array([1.0, -3.0]), [0, 0]).item() == 2


@pytest.mark.parametrize(("error", "loss"), [(0.5, 0.125), (-2.0, 2.0), (3.0, 4.0), (-10.0, 18.0)])
def test_huber_is_a_square_up_to_delta_and_a_line_beyond(error, loss):
    assert Huber(delta=2.0)(np.array([error]), [0.0]).item() == loss


def test_the_slope_of_huber_is_the_error_clipped():
    errors = np.array([-5.0, -2.0, -1.0, 0.0, 1.0, 2.0, 5.0])
    leaf = Tensor(errors, requires_grad=True)
    Huber(delta=2.0, reduction="sum")(leaf, np.zeros(7)).backward()
    np.testing.assert_array_equal(leaf.grad, np.clip(errors, -2, 2))


def test_a_delta_that_is_not_above_zero_is_refused():
    with pytest.raises(OptionError, match="delta is 0"):
        Huber(delta=0)


def test_a_target_that_wants_a_gradient_gets_the_opposite_one():
    yhat, y = (Tensor([value], requires_grad=True) for value in (3.0, 1.0))
    MSE()(yhat, y).backward()
    assert yhat.grad == -y.grad == 4
