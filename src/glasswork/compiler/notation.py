"""How a line reads as mathematics: the comment at its end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .calls import DOT, VDOT, Reduce
from .lines import Line

__all__ = ["mathematics", "size"]

_OR, _COMPARED, _SUM, _PRODUCT, _POWER, _ATOM = range(6)  # what binds more is higher

_INFIX = {
    "np.add": ("+", _SUM), "np.subtract": ("-", _SUM), "np.multiply": ("⊙", _PRODUCT),
    "np.divide": ("/", _PRODUCT), "np.dot": ("·", _PRODUCT), "np.matmul": ("·", _PRODUCT),
    "np.vdot": ("⊙", _PRODUCT), "np.power": ("^", _POWER),
    "np.less": ("<", _COMPARED), "np.less_equal": ("≤", _COMPARED),
    "np.greater": (">", _COMPARED), "np.greater_equal": ("≥", _COMPARED),
    "np.equal": ("=", _COMPARED), "np.not_equal": ("≠", _COMPARED),
    "np.bitwise_and": ("and", _OR), "np.bitwise_or": ("or", _OR),
    "np.logical_and": ("and", _OR), "np.logical_or": ("or", _OR),
    "+": ("+", _SUM), "-": ("-", _SUM), "*": ("·", _PRODUCT), "/": ("/", _PRODUCT),
    "**": ("^", _POWER),
}  # fmt: skip
_FORMS = {  # a text, how much it binds, and how much its operands have to
    "np.exp": ("exp({})", _ATOM, _OR), "np.log": ("ln({})", _ATOM, _OR),
    "np.absolute": ("|{}|", _ATOM, _OR), "np.tanh": ("tanh({})", _ATOM, _OR),
    "np.sign": ("sign({})", _ATOM, _OR), "np.maximum": ("max({}, {})", _ATOM, _OR),
    "np.minimum": ("min({}, {})", _ATOM, _OR), "np.clip": ("clip({}, {}, {})", _ATOM, _OR),
    "np.square": ("{}²", _ATOM, _ATOM), "T": ("{}ᵀ", _ATOM, _ATOM), "mT": ("{}ᵀ", _ATOM, _ATOM),
    "np.negative": ("-{}", _PRODUCT, _ATOM), "-": ("-{}", _PRODUCT, _ATOM),
    "np.sqrt": ("√{}", _ATOM, _ATOM), "np.reciprocal": ("1 / {}", _PRODUCT, _POWER),
    "np.add.reduce": ("Σ {}", _PRODUCT, _PRODUCT), "[]": ("{}[{}]", _ATOM, _ATOM),
    "np.maximum.reduce": ("max {}", _PRODUCT, _PRODUCT),
    "np.minimum.reduce": ("min {}", _PRODUCT, _PRODUCT),
    "np.where": ("{1} where {0}, else {2}", _OR, _OR), "take": ("rows {1} of {0}", _OR, _OR),
    "random": ("draws from [0, 1)", _ATOM, _OR),
    "np.concatenate": ("all of them, one after the other", _OR, _OR),
}  # fmt: skip
_SAME = {"astype": 0, "reshape": 0, "view": 0, "np.broadcast_to": 0, "np.copyto": 1}

Names = Callable[[Any], str | None]
Term = tuple[str, int]  # a text, and how much it binds


def mathematics(line: Line, name: Names) -> str:
    """The right-hand side of the equation that a line computes.

    Parameters
    ----------
    line : Line
        What is done, and to what.
    name : callable
        What an argument is called in it; None for one that is written out.
    """
    text, _ = _written(line, name)
    return text + _direction(line)


def _term(x: Any, name: Names) -> Term:
    known = name(x)
    if known is not None:
        return known, _PRODUCT if known.startswith("-") else _ATOM
    return _written(x, name)


def _around(x: Any, name: Names, least: int) -> str:
    """A term, in parentheses if it binds less."""
    text, binds = _term(x, name)
    return text if binds >= least else f"({text})"


def _written(line: Line, name: Names) -> Term:
    """What a line does, and how much it binds."""
    called, args = line.call.name, line.args
    summed = _without_ones(line)
    if summed is not None:
        return f"Σ {_around(summed, name, _PRODUCT)}", _PRODUCT
    if called in _INFIX and len(args) == 2:
        return _infix(line, name)
    if called in _SAME:
        return _term(args[_SAME[called]], name)
    form, binds, least = _FORMS.get(called, ("", _ATOM, _OR))
    operands = [_around(x, name, least) for x in args]
    if form and form.count("{") <= len(args):
        return form.format(*operands), binds
    return f"{called.removeprefix('np.')}({', '.join(operands[:2])})", _ATOM


def _infix(line: Line, name: Names) -> Term:
    """a ∘ b; what stands right of - or / needs parentheses where it binds as much."""
    sign, binds = _INFIX[line.call.name]
    a, b = line.args
    if sign == "⊙" and not (_is_array(a) and _is_array(b)):
        sign = "·"
    left = _around(a, name, binds + (sign == "^"))
    right = _around(b, name, binds + (sign != "+"))
    power = sign == "^"
    text = f"{left}{sign}{right}" if power else f"{left} {sign} {right}"
    return (f"Σ {text}" if line.call is VDOT else text), binds


def _without_ones(line: Line) -> Any:
    """What a product with ones adds up; None for other lines."""
    if line.call != DOT:
        return None
    rest = [x for x in line.args if x.call.name != "ones"]
    return rest[0] if len(rest) == 1 else None


def _direction(line: Line) -> str:
    """Along which axis a matrix is taken together."""
    inner = _without_ones(line)
    axis: Any = None
    if inner is not None:
        axis = int(line.args[0] is inner)
    elif isinstance(line.call, Reduce):
        inner, axis = line.args[0], line.kwargs.get("axis")
    if axis not in (0, 1) or np.ndim(inner.value) != 2:
        return ""
    if np.ndim(line.value) == 2:
        return ", over columns, in each"
    return ", over columns" if axis else ", over rows"


def _is_array(x: Any) -> bool:
    return isinstance(x, Line) and np.ndim(x.value) > 0


def size(value: Any) -> str:
    """The shape, as it stands at the end of a line."""
    several = isinstance(value, tuple | list)
    return "" if several or not np.ndim(value) else f"{np.shape(value)}"
