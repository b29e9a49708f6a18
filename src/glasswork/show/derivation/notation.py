"""Notation: how each call is written as mathematics.

Signs work element by element, with NumPy's broadcasting: A ⊙ B, A / B, A², [A > 0]. Two matrices
side by side are their product, 1 beside a matrix is a vector of ones, and · stands between a number
and what it scales. What has no notation is written as a call.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ...compiler.calls import Whole
from ...compiler.lines import Line

__all__ = [
    "ATOM",
    "FRACTION",
    "JOIN",
    "NAME",
    "OPEN",
    "POWER",
    "PRODUCT",
    "ROOT",
    "SUM",
    "Form",
    "form_of",
]

OPEN, SUM, RATIO, JOIN, PRODUCT, NAME, ATOM = range(7)  # what binds more is higher


class Form(NamedTuple):
    """How a call is written.

    Attributes
    ----------
    text : str
        With a, b and c for what it is done to.
    binds : int
        How much it holds together.
    least : tuple of int
        How much each operand has to; parentheses are put around what binds less.
    """

    text: str
    binds: int = ATOM
    least: tuple[int, ...] = (OPEN, OPEN, OPEN)


FRACTION = Form("a / b", RATIO, (RATIO, NAME))
ROOT = Form("√a", ATOM, (ATOM,))
POWER = Form("a^b", ATOM, (ATOM, ATOM))
_SCALED = Form("a · b", PRODUCT, (NAME, PRODUCT))
_TOTAL = Form("Σ a", JOIN, (NAME,))
_ROWS = Form("𝟏ᵀ a", JOIN, (NAME,))
_COLUMNS = Form("a 𝟏", JOIN, (JOIN,))
_PRODUCT = Form("a b", JOIN, (JOIN, NAME))
_TRANSPOSED = Form("aᵀ", ATOM, (ATOM,))
_COLUMN, _VECTOR = Form("col(a)"), Form("vec(a)")

_FORMS = {
    "np.add": Form("a + b", SUM, (SUM, RATIO)),
    "np.subtract": Form("a - b", SUM, (SUM, RATIO)),
    "np.negative": Form("-a", SUM, (RATIO,)),
    "np.multiply": Form("a ⊙ b", PRODUCT, (PRODUCT, NAME)),
    "np.divide": FRACTION,
    "np.matmul": _PRODUCT,
    "np.power": POWER,
    "np.square": Form("a²", ATOM, (ATOM,)),
    "np.sqrt": ROOT,
    "np.absolute": Form("|a|"),
    "np.floor": Form("⌊a⌋"),
    "np.exp": Form("exp(a)"),
    "np.expm1": Form("exp(a) - 1", SUM),
    "np.log": Form("ln(a)"),
    "np.log1p": Form("ln(1 + a)", ATOM, (RATIO,)),
    "np.tanh": Form("tanh(a)"),
    "np.sin": Form("sin(a)"),
    "np.cos": Form("cos(a)"),
    "np.sign": Form("sign(a)"),
    "np.maximum": Form("max(a, b)"),
    "np.minimum": Form("min(a, b)"),
    "np.less": Form("[a < b]", ATOM, (SUM, SUM)),
    "np.less_equal": Form("[a ≤ b]", ATOM, (SUM, SUM)),
    "np.greater": Form("[a > b]", ATOM, (SUM, SUM)),
    "np.greater_equal": Form("[a ≥ b]", ATOM, (SUM, SUM)),
    "np.equal": Form("[a = b]", ATOM, (SUM, SUM)),
    "np.not_equal": Form("[a ≠ b]", ATOM, (SUM, SUM)),
    "mT": _TRANSPOSED,
    "onehot": Form("onehot(a, b)"),
    "sigmoid": Form("σ(a)"),
    "softmax": Form("softmax(a)"),
    "log_softmax": Form("ln(softmax(a))"),
    "softplus": Form("ln(1 + exp(a))"),
}
_OF_TRUTHS = {
    "np.bitwise_or": _FORMS["np.maximum"], "np.logical_or": _FORMS["np.maximum"],
    "np.bitwise_and": _FORMS["np.multiply"], "np.logical_and": _FORMS["np.multiply"],
    "np.invert": Form("1 - a", SUM, (RATIO,)), "np.logical_not": Form("1 - a", SUM, (RATIO,)),
}  # fmt: skip


def form_of(line: Line) -> Form | None:
    """The form of what a line does; None if it is to be written as a call."""
    called = line.call.name
    if called == "np.multiply" and not all(np.ndim(getattr(x, "value", x)) for x in line.args):
        return _SCALED
    if called == "np.add.reduce":
        return _sum(line)
    if called == "T":
        return _TRANSPOSED if np.ndim(line.value) == 2 else None
    if called == "reshape":
        return _reshaped(np.shape(line.args[0].value), np.shape(line.value))
    if called in _OF_TRUTHS and all(x.value.dtype == np.bool_ for x in line.inputs):
        return _OF_TRUTHS[called]
    plain = not line.kwargs or (isinstance(line.call, Whole) and _is_of_rows(line))
    return _FORMS.get(called) if plain else None


def _is_of_rows(line: Line) -> bool:
    """Whether it is done along the last axis, as it is if nothing is said."""
    axis: Any = line.kwargs.get("axis", -1)
    return line.kwargs.keys() <= {"axis"} and axis in (-1, np.ndim(line.value) - 1)


def _sum(line: Line) -> Form | None:
    """Of all elements, or of the rows or the columns of a matrix."""
    ndim, axis = np.ndim(line.args[0].value), line.kwargs.get("axis", 0)
    if line.kwargs.get("keepdims"):
        return None
    if axis is None or (ndim == 1 and axis == 0):
        return _TOTAL
    return (_ROWS, _COLUMNS)[axis] if ndim == 2 and axis in (0, 1) else None


def _reshaped(before: tuple[int, ...], after: tuple[int, ...]) -> Form | None:
    if after == (*before, 1):
        return _COLUMN
    return _VECTOR if before == (*after, 1) else None
