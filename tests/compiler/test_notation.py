"""The comment of a line is the equation that it computes."""

from __future__ import annotations

import operator

import numpy as np
import pytest

from glasswork.compiler.calls import (
    ADD,
    DOT,
    KEY,
    MULTIPLY,
    VDOT,
    Method,
    Number,
    Reduce,
    Ufunc,
)
from glasswork.compiler.lines import Line, Origin, Place, constant
from glasswork.compiler.notation import mathematics

NOWHERE = Origin("forward", "", "")


def place(name, value):
    return Line(Place(name, "parameter"), (), {}, value, NOWHERE)


def do(call, *args, **kwargs):
    values = [x.value if isinstance(x, Line) else x for x in args]
    return Line(call, args, kwargs, call.run(*values, **kwargs), NOWHERE)


def named(x):
    if isinstance(x, Line):
        return x.call.name if x.kind else None
    return str(x)


SUBTRACT, DIVIDE = Ufunc(np.subtract), Ufunc(np.divide)
A, B = place("a", np.ones((2, 3))), place("b", np.ones((2, 3)))
V, N, M = place("v", np.ones(2)), place("n", 2.0), place("m", 3.0)
ONES = constant(np.ones(2), "ones")
MINUS = Number(operator.sub, "-")
TIMES, POWER, NEGATIVE = (
    Number(operator.mul, "*"),
    Number(operator.pow, "**"),
    Number(operator.neg, "-"),
)
T, EXP, SQUARE, ROOT = Method("T"), Ufunc(np.exp), Ufunc(np.square), Ufunc(np.sqrt)


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (do(MULTIPLY, A, B), "a ⊙ b"),
        (do(MULTIPLY, 2, A), "2 · a"),
        (do(DOT, do(T, A), B), "aᵀ · b"),
        (do(MULTIPLY, do(MINUS, 1, N), A), "(1 - n) · a"),
        (do(MULTIPLY, do(TIMES, N, M), A), "n · m · a"),
        (do(MULTIPLY, do(NEGATIVE, N), A), "-n · a"),
        (do(SUBTRACT, A, do(SUBTRACT, A, B)), "a - (a - b)"),
        (do(ADD, A, do(MULTIPLY, A, B)), "a + a ⊙ b"),
        (do(DIVIDE, A, do(MULTIPLY, A, B)), "a / (a ⊙ b)"),
        (do(POWER, do(MINUS, 1, do(POWER, N, M)), 0.5), "(1 - n^m)^0.5"),
        (do(EXP, do(SUBTRACT, A, B)), "exp(a - b)"),
        (do(SQUARE, do(SUBTRACT, A, B)), "(a - b)²"),
        (do(ROOT, A), "√a"),
        (do(DOT, ONES, A), "Σ a, over rows"),
        (do(DOT, V, ONES), "Σ v"),
        (do(VDOT, A, B), "Σ a ⊙ b"),
        (do(DIVIDE, do(SUBTRACT, do(DOT, V, ONES), do(VDOT, A, B)), 4), "(Σ v - Σ a ⊙ b) / 4"),
        (do(Reduce(np.add), A, axis=1), "Σ a, over columns"),
        (do(Reduce(np.add), do(ADD, A, B), axis=None), "Σ (a + b)"),
        (do(Reduce(np.maximum), A, axis=0), "max a, over rows"),
        (do(Method("reshape"), A, (3, 2)), "a"),
        (do(KEY, A, 0), "a[0]"),
        (do(Ufunc(np.greater), A, 0), "a > 0"),
        (do(Ufunc(np.hypot), A, B), "hypot(a, b)"),
    ],
)
def test_a_line_is_written_as_mathematics(line, text):
    assert mathematics(line, named) == text
