"""Every op: the printed derivative of Σ w ⊙ op(x), read back, is what backward computes."""

from __future__ import annotations

import numpy as np
import pytest

import glasswork as gw
from glasswork.show.derivation import explain

from ...ops.cases import CASES, Case
from .printed import evaluate

DIFFERENTIABLE = [
    case
    for case in CASES
    if case.op.differentiable and all(np.size(x) for x in case.inputs())  # of nothing, all is true
]


@pytest.mark.parametrize("case", DIFFERENTIABLE, ids=str)
def test_the_printed_derivative_is_the_gradient(case: Case, rng):
    leaves = [
        gw.Tensor(value, requires_grad=True) if draw.wants_gradient else value
        for draw, value in zip(case.draws, case.inputs(), strict=True)
    ]
    result = case.op(*leaves, **case.params)
    loss = (result * rng.standard_normal(result.shape)).sum()
    derivation = explain(gw.Module(), loss)
    loss.backward()
    lines = [given.name for given in derivation.given]
    assert len(set(lines)) == len(lines)
    known = {given.name: given.elements for given in derivation.given}
    for equation in derivation.lines:
        name, _, formula = equation.text.partition(" = ")
        known[name] = evaluate(formula, known)
    assert known["L"] == pytest.approx(loss.item(), rel=1e-12, abs=1e-12)
    for given in derivation.given:
        leaf = next((x for x in leaves if getattr(x, "els", None) is given.elements), None)
        if leaf is not None:
            expected = known[f"∂L/∂{given.name}"]
            assert np.broadcast_to(expected, leaf.shape) == pytest.approx(
                leaf.grad, rel=1e-9, abs=1e-12
            )
