"""A step in words and numbers."""

from __future__ import annotations

import numpy as np
import pytest

import glasswork as gw
from glasswork import functional as F


def test_a_visit_prints_what_arrives_and_what_is_to_come():
    x = gw.Tensor(3.0, requires_grad=True)
    assert str(gw.walk(x * x + x)[1]) == (
        "γ₂ = γ₁ · γ₁ is left with g = 1\n"
        "to  g becomes  slope  arrives  sum there  to come\n"
        "γ₁  g · γ₁     3      3        4          1\n"
        "γ₁  g · γ₁     3      3        7"
    )


def test_a_visit_that_comes_too_early_says_so():
    x = gw.Tensor(1.0, requires_grad=True)
    h = 2 * x
    early = gw.walk(h + np.sin(h), order="article")[1]
    assert str(early).splitlines()[0].endswith("is left with g = 1   (too early: 1 to come)")


@pytest.mark.parametrize(
    ("function", "slope"),
    [
        (np.sin, np.cos([1.0, 2.0])),
        (lambda x: x * np.array([5.0, 7.0]), [5, 7]),
        (lambda x: x[:1] * np.array([5.0, 7.0]), [5, 7]),  # stretched: a slope for each product
        (lambda x: x.relu(), [1, 1]),
        (np.sign, [0, 0]),
    ],
)
def test_element_by_element_the_slope_is_what_g_is_multiplied_by(function, slope):
    x = gw.Tensor([1.0, 2.0], requires_grad=True, dtype=float)
    (contribution,) = gw.walk(function(x), [1.0, 10.0])[0].contributions
    np.testing.assert_allclose(contribution.slope, slope)


@pytest.mark.parametrize("function", [F.softmax, F.cumsum, lambda x: x[::-1], lambda x: x / 2])
def test_where_a_rule_is_no_product_element_by_element_there_is_no_slope(function):
    x = gw.Tensor([1.0, 2.0], requires_grad=True)
    (contribution,) = gw.walk(function(x), [1.0, 10.0])[0].contributions
    assert contribution.slope is None


def test_a_symmetric_jacobian_is_not_taken_for_a_diagonal_one():
    rules = (lambda g, y, x: np.flip(g),)
    turned = gw.general("turned", np.flip, rules, rules, equation="y = x backwards")
    x = gw.Tensor([1.0, 2.0], requires_grad=True)
    (contribution,) = gw.walk(turned(x), [1.0, 10.0])[0].contributions
    assert contribution.slope is None and contribution.value.tolist() == [10, 1]


def test_of_one_number_made_of_one_number_the_slope_is_the_derivative():
    x = gw.Tensor(4.0, requires_grad=True)
    (contribution,) = gw.walk(1.0 / x)[0].contributions
    assert contribution.slope == pytest.approx(-1 / 16)
