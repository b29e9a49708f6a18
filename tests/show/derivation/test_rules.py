"""What the rules make of terms, as it is printed; test_every_op.py evaluates what they leave."""

from __future__ import annotations

import numpy as np
import pytest

import glasswork as gw
from glasswork.ops import OPS

RNG = np.random.default_rng(0)
SQUARE = RNG.uniform(0.5, 1.5, (3, 3))
COLUMN, ROW = SQUARE[:, :1], SQUARE[:1]
ONES = np.ones((3, 3))


def printed(function, *arrays: np.ndarray) -> list[str]:
    leaves = [gw.Tensor(x, requires_grad=True) for x in arrays]
    return [e.text for e in gw.explain(gw.Module(), function(*leaves)).lines]


@pytest.mark.parametrize(
    ("function", "loss"),
    [
        (lambda x: (3 * (2 * x)).sum(), "6 · (Σ C)"),
        (lambda x: (x * 3).sum(), "3 · (Σ C)"),
        (lambda x: (3 * -x).sum(), "-3 · (Σ C)"),
        (lambda x: (-x / 2 / 4).mean(), "-Σ C / 72"),
        (lambda x: -(x - 1).sum(), "-Σ (C - 1)"),
        (lambda x: (x * x + 0).sum() * 1, "Σ C²"),
        (lambda x: (x**2).sum(axis=0).sum(), "Σ C²"),
        (lambda x: (x**3).sum(), "Σ C^3"),
        (lambda x: (x**-1.5).sum(), "Σ C^(-1.5)"),
        (lambda x: (x * ONES).sum(), "Σ (C ⊙ X)"),
        (lambda x: x.T.T.sum(), "Σ C"),
        (lambda x: x.sum() * np.sqrt(0.5), "√0.5 · (Σ C)"),
        (lambda x: np.maximum(x, 0.25).sum(), "Σ max(C, 0.25)"),
        (lambda x: x[1:, ::2].sum(), "Σ C₁[1:, ::2]"),
        (lambda x: (x + x * 1e-12).sum(), "Σ (C + 1e-12 · C)"),
    ],
)
def test_a_loss_in_its_shortest_form(function, loss):
    *_, equation = (text for text in printed(function, SQUARE) if text.startswith("L = "))
    assert equation == f"L = {loss}"


@pytest.mark.parametrize(
    ("function", "gradient"),
    [
        (lambda x: OPS["relu"](x).sum(), "[T > 0]"),
        (lambda x: OPS["erf"](x).sum(), "(2 / √π) · exp(-C²)"),
        (lambda x: OPS["log_softmax"](x).sum(), "1 - 3 · softmax(C)"),
        (lambda x: abs(x).mean(), "sign(C) / 9"),
        (lambda x: np.sqrt(x).sum(), "0.5 / T"),
        (lambda x: x.sum(), "1"),
        (lambda x: np.tanh(x).sum(), "1 - T²"),
        (
            lambda x: np.exp(-(np.clip(x, None, 9) ** 2)).sum(),
            "-2 · T₂ ⊙ T₁ ⊙ ([C ≥ -∞] ⊙ [C ≤ 9])",
        ),
        (lambda x: (x * (2 / (x / 3))).sum(), "Q - C ⊙ Q / T / 3"),
    ],
)
def test_a_gradient_in_its_shortest_form(function, gradient):
    assert printed(function, SQUARE)[-1] == f"∂L/∂C = {gradient}"


def test_a_column_times_a_row_is_a_product_of_matrices():
    assert "L = Σ (C₁ C₂)" in printed(lambda x, y: (x * y).sum(), COLUMN, ROW)


def test_sums_and_differences_have_no_sign_twice():
    assert printed(lambda x, y: (x - -y).sum(), SQUARE, SQUARE)[0] == "L = Σ (C₁ + C₂)"
    assert printed(lambda x, y: (-x + y).sum(), SQUARE, SQUARE)[0] == "L = Σ (C₁ - C₂)"


def test_what_is_equal_to_a_value_by_chance_does_not_take_its_name():
    """∂L/∂T is the part that flows through the value T, not through the softmax of the loss."""
    labels = np.array([0, 2, 1])

    def loss(x):
        shares = OPS["log_softmax"](x)
        return OPS["cross_entropy"](x, labels).sum() + (shares * shares).sum()

    lines = printed(loss, SQUARE)
    assert lines[:3] == [
        "T = ln(softmax(C))",
        "Y = onehot(y, 3)",
        "L = Σ T² - Σ (Y ⊙ ln(softmax(C)))",
    ]
