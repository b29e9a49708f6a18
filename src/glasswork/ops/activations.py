"""Activation functions: what makes a stack of layers more than one layer.

None overflows for any finite input, nor does its slope. ReLU'(0) = 0. At nan the values are nan and
so are the slopes, but for that of leaky_relu; PyTorch has relu' = elu' = 1 there. Where the slope
of gelu's tanh form overflows to nan in PyTorch, ours is 0 or 1.

ReLU, sigmoid and tanh (which is arithmetic) are the article's. Leaky ReLU: Maas, Hannun and Ng,
2013. ELU: Clevert, Unterthiner and Hochreiter, 2016. GELU and its tanh form: Hendrycks and Gimpel,
2016. SiLU: Elfwing, Uchibe and Doya, 2018. Softplus: Dugas and others, 2001. Softmax: Bridle, 1990.
"""

from __future__ import annotations

from math import pi, sqrt
from typing import Any

import numpy as np

from .erf import erf
from .op import elementwise, general
from .reductions import highest

__all__ = [
    "elu", "gelu", "leaky_relu", "log_softmax", "relu", "sigmoid", "silu", "softmax", "softplus",
]  # fmt: skip

relu = elementwise(
    "relu",
    lambda x: np.maximum(x, 0),
    (lambda y, x: np.sign(y),),  # y is never negative: its sign is 0 or 1, in its own dtype
    equation="y = max(x, 0)",
    onnx="Relu",
)
sigmoid = elementwise(
    "sigmoid",
    lambda x: np.exp(np.minimum(x, 0)) / (1 + np.exp(-np.abs(x))),
    (lambda y, x: y * (1 - y),),
    equation="y = 1 / (1 + e⁻ˣ)",
    onnx="Sigmoid",
)
softplus = elementwise(
    "softplus",
    lambda x: np.logaddexp(x, 0),
    (lambda y, x: sigmoid(x),),
    equation="y = ln(1 + eˣ)",
    onnx="Softplus",
)


def _positive(y: Any, x: Any) -> Any:
    """1 where x > 0, else 0. Sums of such parts cost a tenth of `np.where` on mixed signs."""
    return (x > 0).astype(y.dtype)


def _leaky_slope(y: Any, x: Any, *, slope: float = 0.01) -> Any:
    positive = _positive(y, x)
    return positive + slope * (1 - positive)


def _elu_slope(y: Any, x: Any, *, alpha: float = 1.0) -> Any:
    positive = _positive(y, x)
    return positive + alpha * np.exp(np.minimum(x, 0)) * (1 - positive)


leaky_relu = elementwise(
    "leaky_relu",
    lambda x, *, slope=0.01: np.maximum(x, 0) + slope * np.minimum(x, 0),
    (_leaky_slope,),
    equation="y = x where x > 0, else slope · x",
    onnx="LeakyRelu",
)
elu = elementwise(
    "elu",
    lambda x, *, alpha=1.0: np.maximum(x, 0) + alpha * np.expm1(np.minimum(x, 0)),
    (_elu_slope,),
    equation="y = x where x > 0, else α (eˣ - 1)",
    onnx="Elu",
)


def _silu_slope(y: Any, x: Any) -> Any:
    s = sigmoid(x)
    return s * (1 + x * (1 - s))


silu = elementwise("silu", lambda x: x * sigmoid.forward(x), (_silu_slope,), equation="y = x σ(x)")

_HALF_ROOT = sqrt(0.5)
_DENSITY = 1 / sqrt(2 * pi)
_TANH_SCALE = sqrt(2 / pi)
_TANH_CUBIC = 0.044715


def _tanh_part(x: Any) -> Any:
    """The tanh of GELU's second form; from |x| = 10 on it is ±1, and x³ cannot overflow."""
    z = np.clip(x, -10, 10)
    return np.tanh(_TANH_SCALE * (z + _TANH_CUBIC * z * z * z))


def _gelu(x: Any, *, approximate: bool = False) -> Any:
    return 0.5 * x * (1 + (_tanh_part(x) if approximate else erf.forward(_HALF_ROOT * x)))


def _gelu_slope(y: Any, x: Any, *, approximate: bool = False) -> Any:
    if approximate:
        t, z = _tanh_part(x), np.clip(x, -10, 10)
        inner = _TANH_SCALE * (1 + 3 * _TANH_CUBIC * z * z)
        return 0.5 * (1 + t) + 0.5 * z * (1 - t * t) * inner
    z = np.clip(x, -40, 40)  # where the density is 0
    return 0.5 * (1 + erf(_HALF_ROOT * x)) + _DENSITY * x * np.exp(-0.5 * z * z)


gelu = elementwise(
    "gelu",
    _gelu,
    (_gelu_slope,),
    equation="y = x Φ(x), Φ the normal distribution",
    onnx="Gelu",
)


@np.errstate(over="ignore")  # where even the difference overflows it is -inf, whose exp is 0
def _softmax(x: Any, *, axis: int = -1) -> Any:
    e = np.exp(x - highest(x, axis))
    return e / np.add.reduce(e, axis=axis, keepdims=True)


def _softmax_product(g: Any, y: Any, x: Any, *, axis: int = -1) -> Any:
    """J g with J = diag(y) - y yᵀ, which is its own transpose."""
    return y * (g - np.add.reduce(g * y, axis=axis, keepdims=True))


softmax = general(
    "softmax",
    _softmax,
    vjp=(_softmax_product,),
    jvp=(_softmax_product,),
    equation="yᵢ = e^xᵢ / Σⱼ e^xⱼ",
    onnx="Softmax",
)


@np.errstate(over="ignore", divide="ignore")  # as above; and ln 0 is of a row of no elements
def _log_softmax(x: Any, *, axis: int = -1) -> Any:
    shifted = x - highest(x, axis)
    return shifted - np.log(np.add.reduce(np.exp(shifted), axis=axis, keepdims=True))


log_softmax = general(
    "log_softmax",
    _log_softmax,
    vjp=(lambda g, y, x, *, axis=-1: g - np.exp(y) * np.add.reduce(g, axis=axis, keepdims=True),),
    jvp=(lambda t, y, x, *, axis=-1: t - np.add.reduce(np.exp(y) * t, axis=axis, keepdims=True),),
    equation="yᵢ = xᵢ - ln Σⱼ e^xⱼ",
    onnx="LogSoftmax",
)
