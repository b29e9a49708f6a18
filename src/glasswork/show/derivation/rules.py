"""Rules of the compiler's kind that bring terms into their shortest form.

Some leave out what only copies, reshapes or casts. Some see in a term what mathematics has a word
for. And some are algebra: numbers stand in front, signs and divisors by numbers outside, and what
changes nothing goes.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...compiler.calls import ADD, CAST, KEY, MULTIPLY, Call, Function, Method, Reduce, Ufunc, Whole
from ...compiler.draft import Draft, Rule
from ...compiler.lines import Line, constant
from ...compiler.rules import keepdims, views
from ...ops import OPS
from .terms import NOWHERE, ONE_HOT, meaning, number, shape_of, uniform

__all__ = ["COPIES", "RULES"]

SUBTRACT, DIVIDE, NEGATIVE = Ufunc(np.subtract), Ufunc(np.divide), Ufunc(np.negative)
SQUARE, POWER, MATMUL = Ufunc(np.square), Ufunc(np.power), Ufunc(np.matmul)
SUM, DOT = Reduce(np.add), Function(np.dot)
COPIES, RESHAPE = Function(np.broadcast_to), Method("reshape")
EXP, SIGN, MAXIMUM, GREATER = map(Ufunc, (np.exp, np.sign, np.maximum, np.greater))
EQUAL, REMAINDER, CLIP = Ufunc(np.equal), Ufunc(np.remainder), Function(np.clip)
SOFTMAX, LOG_SOFTMAX = Whole(OPS["softmax"]), Whole(OPS["log_softmax"])
NOTHING = 750  # exp(-750) is 0


def is_a(call: Call, x: Any) -> bool:
    """Whether a term is made by a call."""
    return isinstance(x, Line) and x.call == call


def done(draft: Draft, call: Call, *args: Any, **kwargs: Any) -> Line:
    """A call to some terms."""
    return draft.write(call, args, kwargs, NOWHERE)


def plain_type(draft: Draft, line: Line) -> Line | None:
    """A number is the same in any precision; only a truth is made 0 or 1."""
    inner: Line = line.args[0]
    return inner if line.call == CAST and inner.value.dtype != np.bool_ else None


def new_axes(draft: Draft, line: Line) -> Line | None:
    """An index of new axes is another shape, and another shape of copies is copies."""
    x: Any = line.args[0]
    if line.call is KEY and _is_shape(line):
        return done(draft, RESHAPE, x, shape_of(line))
    if line.call not in (RESHAPE, COPIES):
        return None
    if shape_of(x) == shape_of(line):
        return x if isinstance(x, Line) else None
    if is_a(COPIES, x) and np.size(x.args[0].value) == 1:
        return done(draft, COPIES, x.args[0], shape_of(line))
    return None


def _is_shape(line: Line) -> bool:
    """Whether an index takes all elements in their order."""
    keys = line.args[1] if isinstance(line.args[1], tuple) else (line.args[1],)
    plain = all(isinstance(k, int) or k in (None, Ellipsis, slice(None)) for k in keys)
    return plain and line.value.size == line.args[0].value.size


def beside_whole(draft: Draft, line: Line) -> Line | None:
    """Beside a whole array, copies are what was copied: signs copy it again."""
    if not line.call.elementwise or len(line.args) != 2:
        return None
    for i, x in enumerate(line.args):
        less = _less(x) if shape_of(line.args[1 - i]) == shape_of(line) else None
        if less is not None:
            args = (less, line.args[1]) if i == 0 else (line.args[0], less)
            return done(draft, line.call, *args, **line.kwargs)
    return None


def _less(x: Any) -> Any:
    """What would be broadcast to the same as a term."""
    if not isinstance(x, Line) or not shape_of(x):
        return None
    if x.call not in (RESHAPE, COPIES):
        return uniform(x)
    inner: Line = x.args[0]
    before, after = shape_of(inner), shape_of(x)
    leading = after[len(after) - len(before) :] == before
    return inner if x.call == COPIES or leading or inner.value.size == 1 else None


def before_copies(draft: Draft, line: Line) -> Line | None:
    """What is done to each copy of a number is done before it is copied; sums of them are many."""
    if line.call == SUM and line.value.size and _copied(line.args[0]) is not None:
        many = line.args[0].value.size // line.value.size
        total = done(draft, MULTIPLY, many, _copied(line.args[0]))
        return done(draft, COPIES, total, shape_of(line))
    copied = [_copied(x) for x in line.args]
    if not line.call.elementwise or line.kwargs or not any(x is not None for x in copied):
        return None
    args = (x if one is None else one for x, one in zip(line.args, copied, strict=True))
    return done(draft, COPIES, done(draft, line.call, *args), shape_of(line))


def _copied(x: Any) -> Any:
    """The number of which an array has nothing but copies."""
    if is_a(COPIES, x):
        return x.args[0] if np.size(x.args[0].value) == 1 else None
    return uniform(x) if shape_of(x) else None


def mask(draft: Draft, line: Line) -> Line | None:
    """The sign of H = max(x, 0) is [H > 0]."""
    if line.call != SIGN:
        return None
    made = meaning(line.args[0])
    if made.call != MAXIMUM or number(made.args[1]) != 0:
        return None
    return done(draft, CAST, done(draft, GREATER, line.args[0], 0), line.value.dtype)


def softmax(draft: Draft, line: Line) -> Line | None:
    """exp(ln softmax) is softmax."""
    made = meaning(line.args[0]) if line.call == EXP else None
    if made is None or made.call != LOG_SOFTMAX:
        return None
    return done(draft, SOFTMAX, *made.args, **made.kwargs)


def bell(draft: Draft, line: Line) -> Line | None:
    """x need not be clipped in exp(-k x²) where that is 0 anyway."""
    if line.call != EXP or not is_a(NEGATIVE, line.args[0]):
        return None
    product = line.args[0].args[0]
    scale, square = product.args if is_a(MULTIPLY, product) else (1, product)
    if not is_a(SQUARE, square) or not is_a(CLIP, square.args[0]):
        return None
    x, *bounds = square.args[0].args
    if (number(scale) or 0) * min((number(bound) or 0) ** 2 for bound in bounds) < NOTHING:
        return None
    plain = done(draft, MULTIPLY, scale, done(draft, SQUARE, x))
    return done(draft, EXP, done(draft, NEGATIVE, plain))


def one_hot(draft: Draft, line: Line) -> Line | None:
    """A 1 for each class: rows of the identity, or a comparison with all classes."""
    if line.call is KEY:
        table, labels = line.args
        if table.kind != "constant" or not _is_identity(table.value):
            return None
        classes = len(table.value)
    elif line.call == EQUAL and _is_column_of_classes(line.args[0]):
        labels, classes = line.args[0].args[0].args
        if not np.array_equal(getattr(line.args[1], "value", ()), np.arange(classes)):
            return None
    else:
        return None
    if not isinstance(labels, Line) or labels.value.dtype.kind not in "iu":
        return None
    return done(draft, ONE_HOT, labels, classes)


def _is_identity(table: np.ndarray) -> bool:
    return table.ndim == 2 and np.array_equal(table, np.eye(*table.shape))


def _is_column_of_classes(x: Any) -> bool:
    column = is_a(Method("reshape"), x) and shape_of(x)[-1] == 1
    return column and is_a(REMAINDER, x.args[0])


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
    """A column times a row is their matrix product, and so is `np.dot`."""
    n, m = shape_of(line) if np.ndim(line.value) == 2 else (1, 1)
    shapes = [*map(shape_of, line.args)]
    outer = line.call == MULTIPLY and 1 not in (n, m) and shapes == [(n, 1), (1, m)]
    dot = line.call == DOT and [*map(len, shapes)] == [2, 2]
    return done(draft, MATMUL, *line.args) if outer or dot else None


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


RULES: tuple[Rule, ...] = (
    plain_type, keepdims, new_axes, views, beside_whole, before_copies, mask, softmax, bell,
    one_hot, fold, neutral, rows_by_columns, number_first, minus_outside, divisor_outside,
    one_divisor, factor_outside, squares, minus_inside, sum_of_sums,
)  # fmt: skip
