"""A step in words and numbers, and rules as equations, made by running them."""

from __future__ import annotations

import numpy as np
import pytest

import glasswork as gw
from glasswork import functional as F
from glasswork.show.walking.visits import rule_text


def test_a_visit_prints_what_arrives_and_what_is_to_come():
    x = gw.Tensor(3.0, requires_grad=True)
    shown = (
        "γ₂ = γ₁ · γ₁ is left with g = 1\n"
        "to  g becomes  slope  arrives  sum there  to come\n"
        "γ₁  g · γ₁     3      3        4          1\n"
        "γ₁  g · γ₁     3      3        7"
    )
    visit = gw.walk(x * x + x)[1]
    assert str(visit) == repr(visit) == shown


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


A, B = (gw.Tensor(np.ones((3, 4)), requires_grad=True) for _ in range(2))
ROW = gw.Tensor(np.ones(4), requires_grad=True)


def rules(y: gw.Tensor) -> list[str]:
    names = {A: "A", B: "B", ROW: "r", y: "Y"}
    places = [i for i, x in enumerate(y.inputs) if isinstance(x, gw.Tensor)]
    return [rule_text(y, place, np.ones(y.shape), names) for place in places]


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (lambda: A * B, ["g ⊙ B", "g ⊙ A"]),
        (lambda: A * ROW, ["g ⊙ r", "Σ g ⊙ A"]),
        (lambda: A - ROW, ["g", "Σ -g"]),
        (lambda: A / B, ["g / B", "-g ⊙ Y / B"]),
        (lambda: A**2, ["g ⊙ (2 · A)"]),
        (lambda: A**3, ["g ⊙ (3 · A²)"]),
        (lambda: A * 3.0, ["g · 3"]),
        (lambda: F.matmul(A, np.ones((4, 2))), ["g · array(4, 2)ᵀ"]),
        (A.sigmoid, ["g ⊙ (Y ⊙ (1 - Y))"]),
        (A.relu, ["g ⊙ sign(Y)"]),
        (A.mean, ["g / 12"]),
        (lambda: A.sum(axis=0), ["g"]),
        (lambda: F.softmax(A), ["Y ⊙ (g - Σ g ⊙ Y)"]),
        (lambda: A[1:, 2], ["scatter(g)"]),
        (lambda: F.pad(A, 1), ["g[1:4, 1:5]"]),
        (lambda: F.concatenate([A, B], axis=1), ["g[:, 0:4]", "g[:, 4:8]"]),
        (lambda: F.gelu(A), ["g · gelu′(A)"]),
    ],
)
def test_a_rule_is_written_as_it_runs(made, expected):
    assert rules(made()) == expected


def test_of_a_rule_that_looks_at_values_the_name_is_told():
    def slope(y, x):
        return 1.0 if x.sum() > 0 else -1.0

    peculiar = gw.elementwise("peculiar", lambda x: x * 1.0, (slope,), equation="y = x")
    assert rules(peculiar(A)) == ["g · peculiar′(A)"]


def test_a_rule_that_divides_by_zero_is_written_without_a_warning():
    x = gw.Tensor([0.0, 1.0], requires_grad=True)
    with np.errstate(divide="ignore"):
        y = np.log(x)
    assert rule_text(y, 0, np.ones(2), {x: "x", y: "y"}) == "g ⊙ (1 / x)"
