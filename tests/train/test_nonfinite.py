"""The first number that is not finite has an address: op, module and line."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from glasswork import Tensor
from glasswork.nn import MSE, BatchNorm, Linear, Module, ReLU, Sequential
from glasswork.train import find_nonfinite

x, y = np.array([[1.0, 2.0], [3.0, -4.0]]), np.zeros((2, 2))


class Log(Module):
    def forward(self, x):
        return np.log(x)


class Root(Module):
    def forward(self, x):
        return abs(x).sqrt()


def test_a_pass_in_which_all_is_finite_finds_nothing():
    assert find_nonfinite(Sequential(Linear(2, 2, rng=0), ReLU()), MSE(), x, y) is None


def test_the_op_the_module_the_inputs_and_the_line_are_told():
    found = find_nonfinite(Sequential(ReLU(), Sequential(Log())), MSE(), x, y)
    start = "log in model.1.0 Log() gave -inf for inputs from 0 to 3 (test_nonfinite.py:"
    assert found.startswith(start)
    assert found.endswith(": return np.log(x))")


def test_of_several_the_first_is_told():
    found = find_nonfinite(Sequential(Root(), Log(), Log()), MSE(), x * 0, y)
    assert found.startswith("log in model.1 Log() gave -inf")


def test_an_op_in_a_layer_of_ours_has_no_line_of_the_users():
    model = Sequential(Linear(2, 2, rng=0))
    model.children[0].weights.els = np.full((2, 2), 3e38, np.float32)
    assert find_nonfinite(model, MSE(), x, y) == (
        "matmul in model.0 Linear(2, 2) gave inf for inputs from -4 to 3 and from 3e+38 to 3e+38"
    )


def test_an_op_in_the_loss_is_told_by_the_loss():
    found = find_nonfinite(Sequential(ReLU()), MSE(), x * 1e200, y)
    assert found == "square in MSE() gave inf for inputs from 0 to 3e+200"
    found = find_nonfinite(Sequential(ReLU()), lambda yhat, y: np.log(yhat - 5).sum(), x, y)
    assert found.startswith("log gave nan for inputs from -5 to -2 (test_nonfinite.py:")


def test_values_that_need_no_gradient_are_looked_at_too():
    assert find_nonfinite(Sequential(Log(), Linear(2, 2)), MSE(), x, y).startswith("log in model.0")


def test_a_derivative_that_is_not_finite_is_told_of_its_op():
    model = Sequential(Linear(2, 2, rng=0), Root())
    model.children[0].weights.els = np.zeros((2, 2), np.float32)
    found = find_nonfinite(model, lambda yhat, y: (yhat - y).sum(), x, y)
    assert found.startswith(
        "the derivative of sqrt in model.1 Root() is inf for inputs from 0 to 0"
    )


@pytest.mark.parametrize(
    ("batch", "told"),
    [
        ((np.array([[0.0, np.nan]]), y[:1]), "the batch: its x has nan at [0, 1]"),
        ((x, np.array([[0.0, 0], [-np.inf, 0]])), "the batch: its y has -inf at [1, 0]"),
        ((x, y, np.array([1, np.inf])), "the batch: its target 2 has inf at [1]"),
        ((Tensor([[0.0, np.inf]]), y[:1]), "the batch: its x has inf at [0, 1]"),
    ],
)
def test_data_that_are_not_finite_are_told_by_their_place(batch, told):
    assert find_nonfinite(Sequential(ReLU()), MSE(), *batch) == told


def test_parameters_and_buffers_that_are_not_finite_are_told_by_their_paths():
    model = Sequential(Linear(2, 2), BatchNorm(2))
    model.children[1].running_mean.els = np.float32([0, np.nan])
    assert find_nonfinite(model, MSE(), x, y) == "model.1.running_mean has nan at [1]"


def test_whoever_profiled_before_profiles_again():
    def profiler(frame, event, argument):
        """See nothing."""

    sys.setprofile(profiler)
    try:
        find_nonfinite(Sequential(Log()), MSE(), x, y)
        assert sys.getprofile() is profiler
    finally:
        sys.setprofile(None)
