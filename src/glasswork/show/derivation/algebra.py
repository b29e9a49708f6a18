"""Algebra: rules of the compiler's kind that bring products, quotients and sums into one order.

Numbers stand in front, signs and divisors by numbers outside, and what changes nothing goes.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...compiler.calls import ADD, KEY, MULTIPLY, Call, Function, Reduce, Ufunc
from ...compiler.draft import Draft, Rule
from ...compiler.lines import Line, constant
from .terms import NOWHERE, ONE_HOT, number, shape_of, uniform

__all__ = ["ALGEBRA", "MULTIPLY", "NEGATIVE", "SQUARE", "SUM", "done", "is_a"]

SUBTRACT, DIVIDE, NEGATIVE = Ufunc(np.subtract), Ufunc(np.divide), Ufunc(np.negative)
SQUARE, POWER, MATMUL = Ufunc(np.square), Ufunc(np.power), Ufunc(np.matmul)
SUM = Reduce(np.add)


def is_a(call: Call, x: Any) -> bool:
    """Whether a term is made by a call."""
    return isinstance(x, Line) and x.call == call


def done(draft: Draft, call: Call, *args: Any, **kwargs: Any) -> Line:
    """A call to some terms."""
    return draft.write(call, args, kwargs, NOWHERE)


def fold(draft: Draft, line: Line) -> Line | None:
    """What is made of numbers alone is a number; a fraction of two stays one."""
    fraction = line.call == DIVIDE and not shape_of(line)
    made_of = line.inputs[:1] if line.call is KEY else line.inputs
    if fraction or line.call == ONE_HOT or any(uniform(x) is None for x in made_of):
        return None
    value = constant(np.asarray(line.value))
    return None if uniform(value) is None else value


def neutral(draft: Draft, line: Line) -> Line | None:
    """x · 1, x / 1, x + 0, x - 0 and x¹ are x; x · 0 is 0."""
    if len(line.args) != 2:
        return None
    a, b = line.args
    right = {MULTIPLY: 1, DIVIDE: 1, POWER: 1, ADD: 0, SUBTRACT: 0}
    left = {MULTIPLY: 1, ADD: 0}
    for x, other, idle in ((a, b, left), (b, a, right)):
        value = uniform(x)
        if value is None or not isinstance(other, Line) or shape_of(other) != shape_of(line):
            continue
        if isinstance(line.call, Ufunc) and value == idle.get(line.call):
            return other
        if line.call == MULTIPLY and value == 0:
            return constant(np.zeros_like(line.value))
    return None


def rows_by_columns(draft: Draft, line: Line) -> Line | None:
    """A column times a row is their matrix product."""
    n, m = shape_of(line) if np.ndim(line.value) == 2 else (1, 1)
    outer = line.call == MULTIPLY and 1 not in (n, m)
    outer = outer and [*map(shape_of, line.args)] == [(n, 1), (1, m)]
    return done(draft, MATMUL, *line.args) if outer else None


def number_first(draft: Draft, line: Line) -> Line | None:
    """x · 2 is 2 · x."""
    if line.call != MULTIPLY or number(line.args[0]) is not None:
        return None
    a, b = line.args
    scales = number(b) is not None or (shape_of(a) and not shape_of(b))
    return done(draft, MULTIPLY, b, a) if scales else None


def minus_outside(draft: Draft, line: Line) -> Line | None:
    """-a · b is -(a · b), and so for quotients and sums."""
    if line.call not in (MULTIPLY, DIVIDE, SUM):
        return None
    for i, x in enumerate(line.args):
        value = number(x)
        if is_a(NEGATIVE, x) or (value is not None and value < 0):
            plain = x.args[0] if value is None else -value
            args = (*line.args[:i], plain, *line.args[i + 1 :])
            return done(draft, NEGATIVE, done(draft, line.call, *args, **line.kwargs))
    return None


def divisor_outside(draft: Draft, line: Line) -> Line | None:
    """a · (b / 2) is a · b / 2, and so for sums; 2 · (a / b) is 2 · a / b, and a · (2 / b) too."""
    if line.call not in (MULTIPLY, SUM):
        return None
    for i, x in enumerate(line.args):
        if not is_a(DIVIDE, x):
            continue
        above, below = map(number, x.args)
        scaled = above is not None or number(line.args[0]) is not None
        if below is not None or (scaled and line.call == MULTIPLY):
            args = (*line.args[:i], x.args[0], *line.args[i + 1 :])
            return done(draft, DIVIDE, done(draft, line.call, *args, **line.kwargs), x.args[1])
    return None


def one_divisor(draft: Draft, line: Line) -> Line | None:
    """a / 2 / 3 is a / 6."""
    if line.call != DIVIDE or not is_a(DIVIDE, line.args[0]):
        return None
    (x, first), second = line.args[0].args, line.args[1]
    if number(first) is None or number(second) is None:
        return None
    return done(draft, DIVIDE, x, done(draft, MULTIPLY, first, second))


def factor_outside(draft: Draft, line: Line) -> Line | None:
    """a ⊙ (2 · b) is 2 · (a ⊙ b), and so for sums; 3 · (2 · b) is 6 · b."""
    if line.call not in (MULTIPLY, SUM):
        return None
    for i, x in enumerate(line.args):
        factor, rest = _factored(draft, x)
        if factor is None:
            continue
        if number(line.args[0]) is not None:
            return done(draft, MULTIPLY, done(draft, MULTIPLY, line.args[0], factor), rest)
        args = (*line.args[:i], rest, *line.args[i + 1 :])
        return done(draft, MULTIPLY, factor, done(draft, line.call, *args, **line.kwargs))
    return None


def _factored(draft: Draft, x: Any) -> tuple[Any, Any]:
    """A number and what it scales: 2 and a / b of 2 · a / b."""
    if is_a(MULTIPLY, x) and number(x.args[0]) is not None:
        return x.args[0], x.args[1]
    if is_a(DIVIDE, x) and number(x.args[1]) is None:
        factor, rest = _factored(draft, x.args[0])
        return factor, None if factor is None else done(draft, DIVIDE, rest, x.args[1])
    return None, None


def squares(draft: Draft, line: Line) -> Line | None:
    """x ⊙ x and x^2 are x²."""
    twice = line.call == MULTIPLY and line.args[0] is line.args[1]
    power = line.call == POWER and number(line.args[1]) == 2
    return done(draft, SQUARE, line.args[0]) if twice or power else None


def minus_inside(draft: Draft, line: Line) -> Line | None:
    """--a is a, and -(a - b) is b - a; a + -b is a - b, and the like."""
    if line.call == NEGATIVE:
        x: Any = line.args[0]
        if is_a(SUBTRACT, x):
            return done(draft, SUBTRACT, *x.args[::-1])
        inner: Line | None = x.args[0] if is_a(NEGATIVE, x) else None
        return inner
    if line.call not in (ADD, SUBTRACT):
        return None
    a, b = line.args
    if is_a(NEGATIVE, b):
        return done(draft, SUBTRACT if line.call == ADD else ADD, a, b.args[0])
    if line.call == ADD and is_a(NEGATIVE, a):
        return done(draft, SUBTRACT, b, a.args[0])
    return None


def sum_of_sums(draft: Draft, line: Line) -> Line | None:
    """The sum of the sums of all rows is the sum of all elements."""
    x: Any = line.args[0]
    if line.call == Function(np.sum):
        return done(draft, SUM, x, **({"axis": None} | line.kwargs))
    if line.call != SUM or shape_of(line) or not is_a(SUM, x) or x.kwargs.get("keepdims"):
        return None
    return done(draft, SUM, x.args[0], axis=None)


ALGEBRA: tuple[Rule, ...] = (
    fold, neutral, rows_by_columns, number_first, minus_outside, divisor_outside, one_divisor,
    factor_outside, squares, minus_inside, sum_of_sums,
)  # fmt: skip
