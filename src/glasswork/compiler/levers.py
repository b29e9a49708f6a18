"""Levers: rules that make a program faster, and may change the last bit of what it computes.

Each was worth 5 % or more of a step somewhere on the benchmark's grid when it was taken in.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .calls import ADD, CAST, DOT, KEY, MULTIPLY, SUBTRACT, Call, Function, Method, Reduce, Ufunc
from .draft import Draft, Rule, is_constant
from .lines import Line, constant
from .rules import EXACT

__all__ = ["FAST"]

_SUM = Reduce(np.add)


def dot(draft: Draft, line: Line) -> Line | None:
    """`np.dot` of two matrices costs half of what `np.matmul` does where they are small."""
    if line.call != Ufunc(np.matmul) or any(np.ndim(x.value) != 2 for x in line.inputs):
        return None
    return draft.write(DOT, line.args, {}, line.origin)


def sum_by_product(draft: Draft, line: Line) -> Line | None:
    """The sum over the rows, or over the columns, is a product with ones, which BLAS does."""
    if line.call != _SUM or line.kwargs.keys() - {"axis"}:
        return None
    x, axis = line.args[0], line.kwargs["axis"]
    if x.value.ndim != 2 or axis not in (0, 1) or x.value.dtype.kind != "f" or not x.value.size:
        return None
    if x.value.dtype == np.float16:
        return None
    ones = constant(np.ones(x.value.shape[axis], x.value.dtype), "ones")
    return draft.write(DOT, (ones, x) if axis == 0 else (x, ones), {}, line.origin)


def labels_as_unsigned(draft: Draft, line: Line) -> Line | None:
    """Whole numbers read as unsigned ones of the same size need no copy."""
    if line.call != CAST:
        return None
    x, dtype = line.args
    if x.value.dtype.kind != "i" or dtype.kind != "u" or x.value.itemsize != dtype.itemsize:
        return None
    return draft.write(Method("view"), (x, dtype), {}, line.origin)


def largest(draft: Draft, line: Line) -> Line | None:
    """The largest of unsigned numbers is 0 or more without being told so."""
    if line.call != Reduce(np.maximum) or line.kwargs.get("initial") != 0:
        return None
    x = line.args[0]
    if x.value.dtype.kind != "u" or not x.value.size:
        return None
    plain = {name: value for name, value in line.kwargs.items() if name != "initial"}
    return draft.write(line.call, line.args, plain, line.origin)


FAST: tuple[Rule, ...] = (*EXACT, dot, sum_by_product, labels_as_unsigned, largest)
