"""Arithmetic, element by element: `+ - * / **` and the elementary functions.

Where a derivative does not exist the rules do as PyTorch does: abs'(0) = 0, a tie in `maximum` or
`minimum` gives half the gradient to each side, and `clip` passes the gradient at its bounds.
Powers and logarithms at zero and below give NumPy's values. At nan, where PyTorch has abs' = 0 and
sign = 0, ours are nan, as NumPy's sign is: a value that went wrong stays visible.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .op import elementwise, general

__all__ = [
    "abs_", "add", "clip", "cos", "divide", "exp", "expm1", "floor", "log", "log1p", "maximum",
    "minimum", "multiply", "negative", "power", "sign", "sin", "sqrt", "square", "subtract",
    "tanh", "where",
]  # fmt: skip

add = elementwise("add", np.add, (1, 1), equation="y = a + b", notation="{0} + {1}", onnx="Add")
subtract = elementwise(
    "subtract", np.subtract, (1, -1), equation="y = a - b", notation="{0} - {1}", onnx="Sub"
)
negative = elementwise(
    "negative", np.negative, (-1,), equation="y = -x", notation="-{0}", onnx="Neg"
)
multiply = elementwise(
    "multiply",
    np.multiply,
    (lambda y, a, b: b, lambda y, a, b: a),
    equation="y = a b",
    notation="{0} · {1}",
    onnx="Mul",
)
divide = general(
    "divide",
    np.true_divide,
    vjp=(
        lambda g, y, a, b: g / b,
        lambda g, y, a, b: -g * y / b,
    ),
    jvp=(lambda t, y, a, b: t / b, lambda t, y, a, b: -t * y / b),
    equation="y = a / b",
    notation="{0} / {1}",
    onnx="Div",
)


def _base_slope(y: Any, a: Any, b: Any) -> Any:
    """∂(aᵇ)/∂a = b aᵇ⁻¹, and 0 where b = 0 and a is 0 or nan."""
    if isinstance(b, int | float):  # no function of b to be differentiated; and x ** 2 is fast
        return b * a ** (b - 1 if b else b)
    flat = (b == 0) & ~(abs(a) > 0)
    return b * np.where(flat, 1, a) ** (b - 1.0)  # less 1, a 0 of uint8 would wrap round


def _exponent_slope(y: Any, a: Any, b: Any) -> Any:
    """∂(aᵇ)/∂b = aᵇ ln a, and 0 where a = 0 and b ≥ 0, its limit."""
    flat = ((a == 0) * (b >= 0)).astype(y.dtype)
    return y * np.log(a + flat)


power = elementwise(
    "power",
    lambda a, b: a**b,
    (_base_slope, _exponent_slope),
    equation="y = aᵇ",
    notation="{0} ^ {1}",
    onnx="Pow",
)
square = elementwise("square", np.square, (lambda y, x: 2 * x,), equation="y = x²", notation="{0}²")
sqrt = elementwise(
    "sqrt", np.sqrt, (lambda y, x: 0.5 / y,), equation="y = √x", notation="√{0}", onnx="Sqrt"
)
exp = elementwise("exp", np.exp, (lambda y, x: y,), equation="y = eˣ", onnx="Exp")
expm1 = elementwise("expm1", np.expm1, (lambda y, x: y + 1,), equation="y = eˣ - 1")
log = elementwise("log", np.log, (lambda y, x: 1 / x,), equation="y = ln x", onnx="Log")
log1p = elementwise("log1p", np.log1p, (lambda y, x: 1 / (1 + x),), equation="y = ln(1 + x)")
sin = elementwise("sin", np.sin, (lambda y, x: np.cos(x),), equation="y = sin x", onnx="Sin")
cos = elementwise("cos", np.cos, (lambda y, x: -np.sin(x),), equation="y = cos x", onnx="Cos")
tanh = elementwise(
    "tanh",
    np.tanh,
    (lambda y, x: 1 - y * y,),
    equation="y = (eˣ - e⁻ˣ) / (eˣ + e⁻ˣ)",
    onnx="Tanh",
)
abs_ = elementwise(
    "abs", np.abs, (lambda y, x: np.sign(x),), equation="y = |x|", notation="|{0}|", onnx="Abs"
)
sign = elementwise("sign", np.sign, (0,), equation="y = x / |x|, 0 at 0", onnx="Sign")
floor = elementwise("floor", np.floor, (0,), equation="y = ⌊x⌋", notation="⌊{0}⌋", onnx="Floor")


def _above(y: Any, a: Any, b: Any) -> Any:
    """1 where a > b, ½ where they are equal, 0 where a < b; 1 at nan, whichever of them it is."""
    return 1 - ((a < b).astype(y.dtype) + (a <= b).astype(y.dtype)) / 2


def _below(y: Any, a: Any, b: Any) -> Any:
    return 1 - ((a > b).astype(y.dtype) + (a >= b).astype(y.dtype)) / 2


maximum = elementwise(
    "maximum", np.maximum, (_above, _below), equation="y = max(a, b)", notation="max({0}, {1})",
    onnx="Max",
)  # fmt: skip
minimum = elementwise(
    "minimum", np.minimum, (_below, _above), equation="y = min(a, b)", notation="min({0}, {1})",
    onnx="Min",
)  # fmt: skip


def _bounds(low: Any, high: Any) -> tuple[Any, Any]:
    return -np.inf if low is None else low, np.inf if high is None else high


def _within(y: Any, x: Any, low: Any, high: Any) -> Any:
    low, high = _bounds(low, high)
    return ((x >= low) * (x <= high)).astype(y.dtype)


def _beneath(y: Any, x: Any, low: Any, high: Any) -> Any:
    low, high = _bounds(low, high)
    return ((x < low) * (low < high)).astype(y.dtype)


def _beyond(y: Any, x: Any, low: Any, high: Any) -> Any:
    """1 where y is the upper bound: everywhere, if the bounds stand in the wrong order."""
    low, high = _bounds(low, high)
    return ((x > high) | (high < low)).astype(y.dtype)


clip = elementwise(
    "clip",
    lambda x, low, high: np.clip(x, low, high),  # noqa: PLW0108 (the names are the signature)
    (_within, _beneath, _beyond),
    equation="y = min(max(x, low), high)",
    onnx="Clip",
)
where = general(
    "where",
    lambda condition, a, b: np.where(condition, a, b),  # noqa: PLW0108 (as above)
    vjp=(
        None,
        lambda g, y, condition, a, b: np.where(condition, g, 0),
        lambda g, y, condition, a, b: np.where(condition, 0, g),
    ),
    jvp=(
        None,
        lambda t, y, condition, a, b: np.where(condition, t, np.zeros_like(y)),
        lambda t, y, condition, a, b: np.where(condition, np.zeros_like(y), t),
    ),
    equation="y = a where the condition holds, else b",
    onnx="Where",
)
