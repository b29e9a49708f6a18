"""Words: rules that see in a term what mathematics has a word for."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...compiler.calls import CAST, KEY, Function, Method, Ufunc, Whole
from ...compiler.draft import Draft, Rule
from ...compiler.lines import Line
from ...ops import OPS
from .algebra import MULTIPLY, NEGATIVE, SQUARE, done, is_a
from .terms import ONE_HOT, meaning, number, shape_of

__all__ = ["WORDS"]

EXP, SIGN, MAXIMUM, GREATER = map(Ufunc, (np.exp, np.sign, np.maximum, np.greater))
EQUAL, REMAINDER, CLIP = Ufunc(np.equal), Ufunc(np.remainder), Function(np.clip)
SOFTMAX, LOG_SOFTMAX = Whole(OPS["softmax"]), Whole(OPS["log_softmax"])
NOTHING = 750  # exp(-750) is 0


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


WORDS: tuple[Rule, ...] = (mask, softmax, bell, one_hot)
