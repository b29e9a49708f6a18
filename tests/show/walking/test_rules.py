"""Rules as equations, made by running them."""

from __future__ import annotations

import numpy as np
import pytest

import glasswork as gw
from glasswork import functional as F
from glasswork.show.walking.rules import rule_text

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
