"""check_gradient finds rules that are wrong, in either mode, and passes those that are right."""

from __future__ import annotations

import numpy as np
import pytest

import glasswork as gw
from glasswork.errors import GradientMismatchError, OptionError


def test_a_right_rule_passes(rng: np.random.Generator) -> None:
    x, w = rng.normal(size=(3, 2)), rng.normal(size=(2, 4))
    assert gw.check_gradient(lambda x, w: np.tanh(x @ w) ** 2, x, w) < 1e-6


def test_float32_and_tensor_arguments_are_checked_in_float64() -> None:
    assert gw.check_gradient(np.exp, gw.Tensor([0.5, 1.0])) < 1e-8


def test_a_wrong_slope_is_found_and_shown() -> None:
    wrong = gw.elementwise("wrong", np.sin, (lambda y, x: 1.01 * np.cos(x),), equation="y = sin x")
    with pytest.raises(
        GradientMismatchError, match=r"reverse mode .*\n.*Argument 0, element \(1,\)"
    ):
        gw.check_gradient(wrong, [np.pi / 2, 1.0])


def test_a_rule_that_is_wrong_in_forward_mode_alone_is_found() -> None:
    wrong = gw.general(
        "wrong",
        np.sin,
        (lambda g, y, x: g * np.cos(x),),
        (lambda t, y, x: t,),
        equation="y = sin x",
    )
    with pytest.raises(GradientMismatchError, match="forward mode"):
        gw.check_gradient(wrong, [1.0])


def test_a_gradient_that_is_nan_is_wrong() -> None:
    wrong = gw.elementwise("wrong", np.sin, (lambda y, x: x * np.nan,), equation="y = sin x")
    with pytest.raises(GradientMismatchError):
        gw.check_gradient(wrong, [1.0])


def test_integer_arguments_are_passed_on_unchanged() -> None:
    index = np.array([0, 2])
    assert gw.check_gradient(lambda x, i: x[i] ** 2, [1.0, 2.0, 3.0], index) < 1e-6


def test_without_a_float_there_is_nothing_to_check() -> None:
    with pytest.raises(OptionError, match="none of the arguments is a float"):
        gw.check_gradient(lambda i: i, np.array([1]))


def test_a_function_that_computes_in_float32_is_refused_by_its_name() -> None:
    layer = gw.Linear(2, 2, rng=0)
    with pytest.raises(OptionError, match=r"gives float32.*\n.*astype\(float\)"):
        gw.check_gradient(layer, np.ones((1, 2)))


def test_a_function_that_draws_anew_is_refused() -> None:
    noisy = gw.Dropout(0.5, rng=0)
    with pytest.raises(OptionError, match="another result each time"):
        gw.check_gradient(noisy, np.ones((8, 8)))
