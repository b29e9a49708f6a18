"""Rules that make a program shorter and change no bit of what it computes."""

from __future__ import annotations

from typing import Any

import numpy as np

from .calls import KEY, Method, Reduce, Ufunc
from .draft import Draft, Rule, is_constant
from .lines import Line, constant

__all__ = ["EXACT"]


def fold(draft: Draft, line: Line) -> Line | None:
    """What rests on constants alone is a constant; a view of one can stay that."""
    if line.base is not None or line.call.effect:
        return None
    if line.inputs and all(map(is_constant, line.inputs)):
        return constant(np.asarray(line.value))
    return None


def uniform(draft: Draft, line: Line) -> Line | None:
    """An array of one number, many times, is that number, where it meets an array."""
    if not line.call.elementwise or len(line.args) != 2:
        return None
    for i, x in enumerate(line.args):
        other = line.args[1 - i]
        if (
            isinstance(x, Line)
            and is_constant(x)
            and isinstance(other, Line)
            and _is_uniform(x.value)
            and np.shape(other.value) == line.value.shape
            and _kept(line, other)
        ):
            args = [*line.args]
            args[i] = x.value.flat[0].item()
            return draft.write(line.call, tuple(args), line.kwargs, line.origin)
    return None


def _is_uniform(x: np.ndarray) -> bool:
    return x.size > 0 and (x.size == 1 or not any(x.strides))


def _kept(line: Line, other: Line) -> bool:
    """Whether the result has the dtype of the one array, so that a bare number would do."""
    return _same(line, other) and line.value.dtype.kind == "f"


def one(draft: Draft, line: Line) -> Line | None:
    """x · 1 and x / 1 are x."""
    if not isinstance(line.call, Ufunc) or line.call.function not in (np.multiply, np.divide):
        return None
    a, b = line.args
    plain: Line | None = None
    if _is_one(b) and _same(line, a):
        plain = a
    elif line.call.function is np.multiply and _is_one(a) and _same(line, b):
        plain = b
    return plain


def _is_one(x: Any) -> bool:
    return type(x) in (int, float) and bool(x == 1)


def _same(line: Line, x: Any) -> bool:
    """Whether x is a line whose value has the dtype of this one: a number has none."""
    return isinstance(x, Line) and getattr(x.value, "dtype", None) == line.value.dtype


def views(draft: Draft, line: Line) -> Line | None:
    """A shape of a shape is a shape, and a transpose of a transpose is nothing."""
    if not isinstance(line.call, Method) or line.base is None:
        return None
    x: Line = line.args[0]
    inner: Line | None = x.args[0] if line.call == x.call else None
    if line.call.name == "T":
        return inner
    if line.call.name == "reshape":
        if x.value.shape == line.value.shape:
            return x
        if inner is not None and x.base is not None:
            return draft.write(line.call, (inner, line.args[1]), {}, line.origin)
    return None


def column(draft: Draft, line: Line) -> Line | None:
    """What is done to each element of a column is done to the vector that it is."""
    if not line.call.elementwise or len(line.args) != 1 or line.kwargs:
        return None
    x = line.args[0]
    if not (_is_column(x) and line.value.shape == x.value.shape):
        return None
    vector = draft.write(line.call, (x.args[0],), {}, line.origin)
    return draft.write(Method("reshape"), (vector, line.value.shape), {}, line.origin)


def only_column(draft: Draft, line: Line) -> Line | None:
    """The one column of a vector that was made a column is that vector."""
    if line.call is not KEY or not _is_column(line.args[0]):
        return None
    if line.args[1] not in ((..., 0), (slice(None), 0)):
        return None
    vector: Line = line.args[0].args[0]
    return vector


def single_row(draft: Draft, line: Line) -> Line | None:
    """A vector that meets a single row is taken as a row: one shape is faster than two."""
    shape = np.shape(line.value)
    if not line.call.elementwise or len(line.args) != 2 or len(shape) != 2 or shape[0] != 1:
        return None
    shapes = [np.shape(x.value) if isinstance(x, Line) else () for x in line.args]
    if shape not in shapes or shape[1:] not in shapes:
        return None
    args = [*line.args]
    i = shapes.index(shape[1:])
    args[i] = draft.write(Method("reshape"), (args[i], shape), {}, args[i].origin)
    return draft.write(line.call, tuple(args), line.kwargs, line.origin)


def _is_column(x: Any) -> bool:
    """Whether x is a vector in the shape of a column."""
    if not isinstance(x, Line) or x.call.name != "reshape" or x.base is None:
        return False
    n = x.args[0].value.shape
    return len(n) == 1 and x.value.shape == (*n, 1)


def keepdims(draft: Draft, line: Line) -> Line | None:
    """Kept axes of size 1 are another shape of the same sums."""
    if not isinstance(line.call, Reduce):
        return None
    x = line.args[0]
    if not isinstance(x, Line) or np.ndim(x.value) == 0:
        return None
    plain = dict(line.kwargs)
    kept = plain.pop("keepdims", False)
    plain["axis"] = axis = _axis(plain.get("axis", 0), x.value.ndim)
    if plain == line.kwargs:
        return None
    if kept and (axis is None or x.value.ndim == 1):  # a number, which has no axes to keep
        return None
    summed = draft.write(line.call, (x,), plain, line.origin)
    if not kept:
        return summed
    return draft.write(Method("reshape"), (summed, line.value.shape), {}, line.origin)


def _axis(axis: Any, ndim: int) -> Any:
    """Counted from 0; None where it is all axes."""
    axes = (axis,) if isinstance(axis, int) else axis
    if axes is None or len(axes) == ndim:
        return None if ndim > 1 else 0
    axes = tuple(sorted(a % ndim for a in axes))
    return axes[0] if len(axes) == 1 else axes


EXACT: tuple[Rule, ...] = (fold, keepdims, uniform, one, views, column, only_column, single_row)
