"""Shapes and types: rules that leave out what only copies, reshapes or casts."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...compiler.calls import CAST, KEY, Function, Method
from ...compiler.draft import Draft, Rule
from ...compiler.lines import Line
from ...compiler.rules import keepdims, views
from .algebra import MULTIPLY, SUM, done, is_a
from .terms import shape_of, uniform

__all__ = ["COPIES", "SHAPES"]

COPIES, RESHAPE = Function(np.broadcast_to), Method("reshape")


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


SHAPES: tuple[Rule, ...] = (plain_type, keepdims, new_axes, views, beside_whole, before_copies)
