"""Rules that make a term shorter and leave what it is equal to: each is a step of plain algebra.

They are offered each term by the compiler's draft, as its own rules are, from the inside out. What
has a name of its own is not looked into, so that an equation speaks of the names above it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...compiler.calls import ADD, CAST, KEY, MULTIPLY, Call, Function, Method, Reduce, Ufunc, Whole
from ...compiler.draft import Draft, Rule
from ...compiler.lines import Line, Place, constant
from ...compiler.rules import keepdims, views
from ...ops import OPS
from .symbols import ONE_HOT

__all__ = ["RULES", "Known", "number", "uniform"]

SUBTRACT, DIVIDE, NEGATIVE = Ufunc(np.subtract), Ufunc(np.divide), Ufunc(np.negative)
SQUARE, POWER, EQUAL, GREATER = map(Ufunc, (np.square, np.power, np.equal, np.greater))
SIGN, MAXIMUM, REMAINDER, EXP = map(Ufunc, (np.sign, np.maximum, np.remainder, np.exp))
SUM, COPIES, RESHAPE = Reduce(np.add), Function(np.broadcast_to), Method("reshape")


class Known(Place):
    """What has an equation of its own.

    Attributes
    ----------
    definition : Line
        The right-hand side of that.
    """

    def __init__(self, definition: Line) -> None:
        super().__init__("", "known")
        self.definition = definition


def uniform(x: Any) -> float | None:
    """The number that a term is in each of its elements; None if it is none."""
    if isinstance(x, int | float | np.generic):
        return float(x)
    if isinstance(x, Line) and x.kind == "constant" and np.size(x.value):
        first = x.value.flat[0]
        if x.value.dtype.kind in "biuf" and not np.any(x.value != first):
            return float(first)
    return None


def number(x: Any) -> float | None:
    """The number that a term without axes is; None if it is none."""
    return None if _shape(x) else uniform(x)


def _is(x: Any, call: Call) -> bool:
    return isinstance(x, Line) and x.call == call


def _shape(x: Any) -> tuple[int, ...]:
    return np.shape(x.value if isinstance(x, Line) else x)


def plain_type(draft: Draft, line: Line) -> Line | None:
    """A number is the same in any precision; only a truth is made 0 or 1."""
    inner: Line = line.args[0]
    return inner if line.call == CAST and inner.value.dtype != bool else None


def fold(draft: Draft, line: Line) -> Line | None:
    """What rests on numbers alone is a number; a fraction of two stays one."""
    fixed = all(uniform(x) is not None for x in line.inputs)
    if not fixed or line.call == ONE_HOT or (line.call == DIVIDE and not _shape(line)):
        return None
    value = constant(np.asarray(line.value))
    return value if uniform(value) is not None else None


def shapes(draft: Draft, line: Line) -> Line | None:
    """An index of new axes is another shape, and another shape of copies is copies."""
    x: Any = line.args[0]
    if line.call is KEY and _is_shape(line):
        return draft.write(RESHAPE, (x, line.value.shape), {}, line.origin)
    if line.call not in (RESHAPE, COPIES):
        return None
    if _shape(x) == line.value.shape:
        return x if isinstance(x, Line) else None
    if _is(x, COPIES) and np.size(x.args[0].value) == 1:
        return draft.write(COPIES, (x.args[0], line.value.shape), {}, line.origin)
    return None


def _is_shape(line: Line) -> bool:
    """Whether an index takes all elements in their order."""
    keys = line.args[1] if isinstance(line.args[1], tuple) else (line.args[1],)
    plain = all(isinstance(k, int) or k in (None, Ellipsis, slice(None)) for k in keys)
    return plain and line.value.size == line.args[0].value.size


def spread(draft: Draft, line: Line) -> Line | None:
    """Beside a whole array, copies are what was copied, for signs copy it again."""
    if not line.call.elementwise or len(line.args) != 2:
        return None
    for i, x in enumerate(line.args):
        if _shape(line.args[1 - i]) != line.value.shape or not isinstance(x, Line):
            continue
        less = _less(x)
        if less is not None:
            args = (less, line.args[1]) if i == 0 else (line.args[0], less)
            return draft.write(line.call, args, line.kwargs, line.origin)
    return None


def _less(x: Line) -> Any:
    """What a term is made of that would broadcast to the same."""
    if x.kind == "constant" and x.value.ndim:
        return uniform(x)
    if x.call not in (RESHAPE, COPIES):
        return None
    inner: Line = x.args[0]
    before, after = inner.value.shape, x.value.shape
    leading = after[len(after) - len(before) :] == before
    return inner if x.call == COPIES or leading or inner.value.size == 1 else None


def through_copies(draft: Draft, line: Line) -> Line | None:
    """What is done to each copy is done before it is copied."""
    if not line.call.elementwise or line.kwargs:
        return None
    copied = [x for x in line.args if _is(x, COPIES) and np.size(x.args[0].value) == 1]
    if len(copied) != 1:
        return None
    args = tuple(x.args[0] if x is copied[0] else x for x in line.args)
    inner = draft.write(line.call, args, {}, line.origin)
    return draft.write(COPIES, (inner, line.value.shape), {}, line.origin)


def rows_by_columns(draft: Draft, line: Line) -> Line | None:
    """A column times a row is their matrix product."""
    shapes = [_shape(x) for x in line.args]
    if line.call != MULTIPLY or len(shapes[0]) != 2 or len(shapes[1]) != 2:
        return None
    if shapes[0][1] != 1 or shapes[1][0] != 1 or line.value.shape in shapes:
        return None
    return draft.write(Ufunc(np.matmul), line.args, {}, line.origin)


def factors(draft: Draft, line: Line) -> Line | None:
    """Numbers stand in front of a product, signs and divisors by numbers outside it."""
    if line.call != MULTIPLY:
        return None

    def write(call: Call, *args: Any) -> Line:
        return draft.write(call, args, {}, line.origin)

    a, b = line.args
    value = number(a)
    if value is not None and value < 0:
        return write(NEGATIVE, write(MULTIPLY, -value, b))
    if value is None and (number(b) is not None or (_shape(a) and not _shape(b))):
        return write(MULTIPLY, b, a)
    for x, other in ((a, b), (b, a)):
        if _is(x, NEGATIVE):
            return write(NEGATIVE, write(MULTIPLY, *((x.args[0], b) if x is a else (a, x.args[0]))))
        if _is(x, DIVIDE) and number(x.args[1]) is not None:
            product = (x.args[0], other) if x is a else (other, x.args[0])
            return write(DIVIDE, write(MULTIPLY, *product), x.args[1])
        if _is(x, DIVIDE) and number(x.args[0]) is not None and value is None:
            return write(DIVIDE, write(MULTIPLY, x.args[0], other), x.args[1])
    if _is(b, MULTIPLY) and number(b.args[0]) is not None:
        if value is None:
            return write(MULTIPLY, b.args[0], write(MULTIPLY, a, b.args[1]))
        return write(MULTIPLY, write(MULTIPLY, a, b.args[0]), b.args[1])
    if _is(a, MULTIPLY) and a.args[1] is b and number(a.args[0]) is not None:
        return write(MULTIPLY, a.args[0], write(SQUARE, b))
    return write(SQUARE, a) if a is b else None


def neutral(draft: Draft, line: Line) -> Line | None:
    """x · 1, x / 1, x + 0, x - 0 and x¹ are x; x · -1 is -x, and x · 0 is 0."""
    if len(line.args) != 2:
        return None
    for x, other, sides in ((*line.args[::-1], "right"), (*line.args, "left")):
        value = uniform(x)
        if value is None or not isinstance(other, Line) or _shape(other) != line.value.shape:
            continue
        if value == {MULTIPLY: 1, ADD: 0}.get(line.call):
            return other
        if sides == "right" and value == {DIVIDE: 1, SUBTRACT: 0, POWER: 1}.get(line.call):
            return other
        if line.call == MULTIPLY and value == -1:
            return draft.write(NEGATIVE, (other,), {}, line.origin)
        if line.call == MULTIPLY and value == 0:
            return constant(np.zeros_like(line.value))
    return None


def signs(draft: Draft, line: Line) -> Line | None:
    """a + -b is a - b, and the like; -(a - b) is b - a."""

    def write(call: Call, *args: Any) -> Line:
        return draft.write(call, args, {}, line.origin)

    if line.call == NEGATIVE or line.call == DIVIDE:
        x: Any = line.args[0]
        if line.call == DIVIDE:
            return (
                write(NEGATIVE, write(DIVIDE, x.args[0], line.args[1]))
                if _is(x, NEGATIVE)
                else None
            )
        if _is(x, NEGATIVE):
            inner: Line = x.args[0]
            return inner
        return write(SUBTRACT, *x.args[::-1]) if _is(x, SUBTRACT) else None
    if line.call not in (ADD, SUBTRACT):
        return None
    a, b = line.args
    if _is(b, NEGATIVE):
        return write(SUBTRACT if line.call == ADD else ADD, a, b.args[0])
    if line.call == ADD and _is(a, NEGATIVE):
        return write(SUBTRACT, b, a.args[0])
    return None


def ratios(draft: Draft, line: Line) -> Line | None:
    """x / 2 / 3 is x / 6."""
    if line.call != DIVIDE or not _is(line.args[0], DIVIDE):
        return None
    (x, first), second = line.args[0].args, line.args[1]
    if number(first) is None or number(second) is None:
        return None
    divisor = draft.write(MULTIPLY, (first, second), {}, line.origin)
    return draft.write(DIVIDE, (x, divisor), {}, line.origin)


def sums(draft: Draft, line: Line) -> Line | None:
    """A sum of sums is a sum; signs and numbers stand outside."""
    x: Any = line.args[0]
    if line.call == Function(np.sum):
        return draft.write(SUM, (x,), {"axis": None} | line.kwargs, line.origin)
    if line.call != SUM:
        return None

    def summed(term: Any) -> Line:
        return draft.write(SUM, (term,), line.kwargs, line.origin)

    if _is(x, NEGATIVE):
        return draft.write(NEGATIVE, (summed(x.args[0]),), {}, line.origin)
    if _is(x, DIVIDE) and number(x.args[1]) is not None:
        return draft.write(DIVIDE, (summed(x.args[0]), x.args[1]), {}, line.origin)
    if _is(x, MULTIPLY) and not _shape(x.args[0]):
        return draft.write(MULTIPLY, (x.args[0], summed(x.args[1])), {}, line.origin)
    if _is(x, SUM) and not _shape(line) and not x.kwargs.get("keepdims"):
        ndim = x.args[0].value.ndim
        return draft.write(SUM, (x.args[0],), {"axis": None if ndim > 1 else 0}, line.origin)
    return None


def squares(draft: Draft, line: Line) -> Line | None:
    """x^2 is x²."""
    if line.call != POWER or number(line.args[1]) != 2:
        return None
    return draft.write(SQUARE, (line.args[0],), {}, line.origin)


def mask(draft: Draft, line: Line) -> Line | None:
    """The sign of H = max(x, 0) is [H > 0]."""
    if line.call != SIGN or not isinstance(line.args[0].call, Known):
        return None
    made = line.args[0].call.definition
    if made.call != MAXIMUM or number(made.args[1]) != 0:
        return None
    above = draft.write(GREATER, (line.args[0], 0), {}, line.origin)
    return draft.write(CAST, (above, line.value.dtype), {}, line.origin)


def exponentials(draft: Draft, line: Line) -> Line | None:
    """exp(ln softmax) is softmax; and where exp(-k x²) is 0 anyway, x need not be clipped."""
    if line.call != EXP:
        return None
    x: Any = line.args[0]
    x = x.call.definition if isinstance(x.call, Known) else x
    if _is(x, Whole(OPS["log_softmax"])):
        return draft.write(Whole(OPS["softmax"]), x.args, x.kwargs, line.origin)
    square = x.args[0].args[1] if _is(x, NEGATIVE) and _is(x.args[0], MULTIPLY) else None
    if not _is(square, SQUARE) or not _is(square.args[0], Function(np.clip)):
        return None
    scale, (inner, low, high) = number(x.args[0].args[0]), square.args[0].args
    if scale is None or scale * min(low**2, high**2) < 750:
        return None
    plain = draft.write(SQUARE, (inner,), {}, line.origin)
    plain = draft.write(MULTIPLY, (scale, plain), {}, line.origin)
    return draft.write(EXP, (draft.write(NEGATIVE, (plain,), {}, line.origin),), {}, line.origin)


def one_hot(draft: Draft, line: Line) -> Line | None:
    """A 1 for each class: rows of the identity, or a comparison with all classes."""
    if line.call is KEY:
        table, labels = line.args
        if table.kind != "constant" or not _is_identity(table.value):
            return None
        classes = len(table.value)
    elif line.call == EQUAL and _is(line.args[0], RESHAPE) and _is(line.args[0].args[0], REMAINDER):
        labels, classes = line.args[0].args[0].args
        if not np.array_equal(getattr(line.args[1], "value", None), np.arange(classes)):
            return None
    else:
        return None
    if not isinstance(labels, Line) or labels.value.dtype.kind not in "iu":
        return None
    return draft.write(ONE_HOT, (labels, classes), {}, line.origin)


def _is_identity(table: np.ndarray) -> bool:
    return table.ndim == 2 and np.array_equal(table, np.eye(*table.shape))


RULES: tuple[Rule, ...] = (
    plain_type, fold, one_hot, keepdims, shapes, views, spread, through_copies, rows_by_columns,
    neutral, factors, signs, ratios, sums, squares, mask, exponentials,
)  # fmt: skip
