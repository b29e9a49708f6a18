"""Levers: rules that make a program faster, and may change the last bit of what it computes.

Each gains 5 % of a step or more on some network of the benchmark's grid, over the lines without it;
the sums of a few columns gain 3 %.
"""

from __future__ import annotations

from functools import reduce

import numpy as np

from .calls import (
    ADD,
    CAST,
    DOT,
    KEY,
    MULTIPLY,
    ROWS,
    VDOT,
    Function,
    Guard,
    Method,
    Reduce,
    Ufunc,
)
from .draft import Draft, Rule, is_constant
from .lines import Line
from .rules import EXACT

__all__ = ["FAST"]

_SUM, _MAX = Reduce(np.add), Reduce(np.maximum)
_WHERE = Method("argmax")
_PRODUCTS = Ufunc(np.matmul), Function(np.dot)
_PAIRWISE, _SIGN, _GREATER, _RELU = map(Ufunc, (np.maximum, np.sign, np.greater, np.maximum))
MANY = 4096  # elements: from here on a mask of booleans, a quarter of the memory, is faster
FEW = 4  # columns: up to here, comparing them one by one is faster than a reduction


def dot(draft: Draft, line: Line) -> Line | None:
    """`np.dot` of two matrices costs half of what `np.matmul` does where they are small."""
    if line.call not in _PRODUCTS or any(np.ndim(x.value) != 2 for x in line.inputs):
        return None
    return draft.write(DOT, line.args, {}, line.origin)


def sum_by_product(draft: Draft, line: Line) -> Line | None:
    """A sum over rows, over columns or of a vector is a product with ones, which BLAS does.

    If there are but a few columns, each of them gets the sums: see `sums_in_each_column`.
    """
    if line.call != _SUM or line.kwargs.keys() - {"axis"}:
        return None
    x, axis = line.args[0], line.kwargs["axis"]
    if x.value.ndim not in (1, 2) or axis not in (0, 1) or not _is_for_blas(x):
        return None
    if axis == 1 and 2 <= x.value.shape[1] <= FEW:
        ones = draft.constant(np.ones((x.value.shape[1],) * 2, x.value.dtype), "ones")
        sums = draft.write(DOT, (x, ones), {}, line.origin)
        return draft.write(KEY, (sums, (slice(None), 0)), {}, line.origin)
    ones = draft.constant(np.ones(x.value.shape[axis], x.value.dtype), "ones")
    first = axis == 0 and x.value.ndim == 2
    return draft.write(DOT, (ones, x) if first else (x, ones), {}, line.origin)


def sums_in_each_column(draft: Draft, line: Line) -> Line | None:
    """What meets all columns meets a matrix instead, if the same stands in each of its columns."""
    if not line.call.elementwise or len(line.args) != 2:
        return None
    for i, x in enumerate(line.args):
        sums = _sums_of_few(x) if isinstance(x, Line) else None
        other = line.args[1 - i]
        if sums is not None and isinstance(other, Line) and other.value.shape == sums.value.shape:
            args = (sums, other) if i == 0 else (other, sums)
            return draft.write(line.call, args, line.kwargs, line.origin)
    return None


def _sums_of_few(x: Line) -> Line | None:
    """The matrix of which x is the first column, as a column, if it is a product with ones."""
    if x.call.name != "reshape" or x.value.shape[1:] != (1,):
        return None
    first: Line = x.args[0]
    if first.call is not KEY or first.args[1] != (slice(None), 0) or first.args[0].call != DOT:
        return None
    sums: Line = first.args[0]
    ones = sums.args[1]
    return sums if is_constant(ones) and ones.value.ndim == 2 and (ones.value == 1).all() else None


def sum_of_products(draft: Draft, line: Line) -> Line | None:
    """Σ a ⊙ b over all elements is one product of two vectors."""
    if line.call != _SUM or line.value.ndim or line.kwargs.keys() - {"axis"}:
        return None
    x = line.args[0]
    if x.call == Ufunc(np.square):
        a = b = x.args[0]
    elif x.call == MULTIPLY and all(isinstance(y, Line) for y in x.args):
        a, b = x.args
    else:
        return None
    fit = a.value.shape == b.value.shape == x.value.shape and a.value.dtype == b.value.dtype
    if not (fit and _is_for_blas(a) and a.value.flags.c_contiguous and b.value.flags.c_contiguous):
        return None
    return draft.write(VDOT, (a, b), {}, line.origin)


def _is_for_blas(x: Line) -> bool:
    return x.value.size > 0 and x.value.dtype in (np.float32, np.float64)


def true_classes(draft: Draft, line: Line) -> Line | None:
    """Rows of a table by their numbers: `take` does it faster than an index."""
    if line.call is not KEY:
        return None
    table, key = line.args
    if not isinstance(key, Line) or key.value.dtype.kind not in "iu" or key.value.ndim != 1:
        return None
    if table.value.ndim != 2 or not table.value.flags.c_contiguous:
        return None
    if is_constant(table) and np.array_equal(table.value, np.eye(*table.value.shape)):
        table = draft.constant(table.value, "one_hot")
    known = _are_known(draft, key, len(table.value))
    mode = "clip" if known else "raise"  # to be told of wrong numbers costs a copy
    return draft.write(ROWS, (table, key, mode), {}, line.origin)


def true_logits(draft: Draft, line: Line) -> Line | None:
    """x[i, labelᵢ] for all i is `take` from x in one row: faster than an index of two arrays."""
    if line.call is not KEY or not isinstance(line.args[1], tuple) or len(line.args[1]) != 2:
        return None
    x, (rows, labels) = line.args
    if not (isinstance(rows, Line) and isinstance(labels, Line) and x.value.ndim == 2):
        return None
    n, classes = x.value.shape
    if not is_constant(rows) or not np.array_equal(rows.value, np.arange(n)):
        return None
    if labels.value.dtype.kind != "i" or not _are_known(draft, labels, classes):
        return None
    if not x.value.flags.c_contiguous:
        return None
    begins = draft.constant(np.arange(n) * classes, "begins")
    places = draft.write(ADD, (labels, begins), {}, line.origin)
    row = draft.write(Method("reshape"), (x, (n * classes,)), {}, line.origin)
    return draft.write(ROWS, (row, places, "clip"), {}, line.origin)


def _are_known(draft: Draft, labels: Line, classes: int) -> bool:
    """Whether a guard before this has found all labels to be those of that many classes."""
    return any(
        isinstance(other.call, Guard) and labels in other.inputs and classes in other.args
        for other in draft.lines
    )


def largest_of_few(draft: Draft, line: Line) -> Line | None:
    """The largest of two to four columns is found pair by pair."""
    if line.call != _MAX or line.kwargs != {"axis": 1} or line.value.ndim != 1:
        return None
    x = line.args[0]
    if x.value.ndim != 2 or not 2 <= x.value.shape[1] <= FEW:
        return None
    columns = [
        draft.write(KEY, (x, (slice(None), j)), {}, line.origin) for j in range(x.value.shape[1])
    ]
    return reduce(lambda a, b: draft.write(_PAIRWISE, (a, b), {}, line.origin), columns)


def mask_of_many(draft: Draft, line: Line) -> Line | None:
    """g ⊙ sign(h) with h = max(x, 0): of many elements, by a mask of booleans."""
    if line.call != MULTIPLY or line.value.size < MANY:
        return None
    g, signs = line.args
    if not (isinstance(signs, Line) and signs.call == _SIGN and isinstance(g, Line)):
        return None
    h = signs.args[0]
    if h.call != _RELU or h.args[1] != 0 or type(h.args[1]) is not int:
        return None
    mask = draft.write(_GREATER, (h, 0), {}, line.origin)
    return draft.write(MULTIPLY, (g, mask), {}, line.origin)


def labels_as_unsigned(draft: Draft, line: Line) -> Line | None:
    """Whole numbers read as unsigned ones of the same size need no copy."""
    if line.call is not CAST:
        return None
    x, dtype = line.args
    if x.value.dtype.kind != "i" or dtype.kind != "u" or x.value.itemsize != dtype.itemsize:
        return None
    if not x.value.dtype.isnative:
        return None
    return draft.write(Method("view"), (x, dtype), {}, line.origin)


def largest_unsigned(draft: Draft, line: Line) -> Line | None:
    """The largest of unsigned numbers is 0 or more anyway, and its place is found in less time."""
    if line.call != _MAX or line.kwargs.get("initial") != 0:
        return None
    x = line.args[0]
    if x.value.dtype.kind != "u" or x.value.ndim != 1 or not x.value.size:
        return None
    return draft.write(KEY, (x, draft.write(_WHERE, (x,), {}, line.origin)), {}, line.origin)


FAST: tuple[Rule, ...] = (
    *EXACT,
    dot,
    sum_of_products,
    sum_by_product,
    sums_in_each_column,
    true_classes,
    true_logits,
    largest_of_few,
    mask_of_many,
    labels_as_unsigned,
    largest_unsigned,
)
