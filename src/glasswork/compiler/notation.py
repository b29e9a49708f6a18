"""How a line reads as mathematics: the comment at its end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .calls import PACK
from .lines import Line

__all__ = ["mathematics", "size"]

_INFIX = {
    "np.add": "+", "np.subtract": "-", "np.multiply": "⊙", "np.divide": "/", "np.dot": "·",
    "np.matmul": "·", "np.less": "<", "np.less_equal": "≤", "np.greater": ">",
    "np.greater_equal": "≥", "np.equal": "=", "np.not_equal": "≠", "np.power": "^",
    "np.bitwise_and": "and", "np.bitwise_or": "or", "np.logical_and": "and",
}  # fmt: skip
_AROUND = {
    "np.exp": "exp({})", "np.log": "ln({})", "np.negative": "-{}", "np.square": "{}²",
    "np.sqrt": "√{}", "np.absolute": "|{}|", "np.tanh": "tanh({})", "np.add.reduce": "Σ {}",
    "np.maximum.reduce": "max {}", "np.minimum.reduce": "min {}", "np.sign": "sign({})",
    "np.maximum": "max({}, {})", "np.minimum": "min({}, {})", "T": "{}ᵀ", "mT": "{}ᵀ",
    "np.reciprocal": "1 / {}", "[]": "{}[{}]", "astype": "{}", "reshape": "{}", "view": "{}",
    "np.broadcast_to": "{}", "np.copyto": "{1}", "random": "draws from [0, 1)",
}  # fmt: skip


def mathematics(line: Line, text: Callable[[Any], str]) -> str:
    """The right-hand side of the equation that a line computes.

    Parameters
    ----------
    line : Line
        What is done, and to what.
    text : callable
        What an argument is called in it.
    """
    name = line.call.name
    operands = [text(x) for x in line.args]
    if name in _INFIX and len(operands) == 2:
        sign = _INFIX[name]
        if name == "np.multiply" and not all(_is_array(x) for x in line.args):
            sign = "·"
        return f"{operands[0]} {sign} {operands[1]}"
    if name in _AROUND:
        return _AROUND[name].format(*operands)
    if line.call is PACK:
        return "all of them, one after the other"
    return f"{name.removeprefix('np.')}({', '.join(operands[:2])})"


def _is_array(x: Any) -> bool:
    return isinstance(x, Line) and np.ndim(x.value) > 0


def size(value: Any) -> str:
    """The shape, as it stands at the end of a line."""
    return f"{np.shape(value)}" if np.ndim(value) else ""
