"""Activation functions: what makes a stack of layers more than one layer.

None overflows for any finite input. ReLU'(0) = 0.
"""

from __future__ import annotations

from math import pi, sqrt
from typing import Any

import numpy as np

from .erf import erf
from .op import elementwise, general

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
leaky_relu = elementwise(
    "leaky_relu",
    lambda x, *, slope=0.01: np.where(x > 0, x, slope * x),
    (lambda y, x, *, slope=0.01: np.where(x > 0, np.ones_like(x), slope),),
    equation="y = x where x > 0, else slope · x",
    onnx="LeakyRelu",
)
elu = elementwise(
    "elu",
    lambda x, *, alpha=1.0: np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0))),
    (lambda y, x, *, alpha=1.0: np.where(x > 0, np.ones_like(x), y + alpha),),
    equation="y = x where x > 0, else α (eˣ - 1)",
    onnx="Elu",
)
silu = elementwise(
    "silu",
    lambda x: x * sigmoid.forward(x),
    (lambda y, x: sigmoid(x) * (1 + x - y),),
    equation="y = x σ(x)",
)

_HALF_ROOT = sqrt(0.5)
_DENSITY = 1 / sqrt(2 * pi)
_TANH_SCALE = sqrt(2 / pi)
_TANH_CUBIC = 0.044715


def _gelu(x: Any, *, approximate: bool = False) -> Any:
    if approximate:
        return 0.5 * x * (1 + np.tanh(_TANH_SCALE * (x + _TANH_CUBIC * x * x * x)))
    return 0.5 * x * (1 + erf.forward(_HALF_ROOT * x))


def _gelu_slope(y: Any, x: Any, *, approximate: bool = False) -> Any:
    if approximate:
        t = np.tanh(_TANH_SCALE * (x + _TANH_CUBIC * x * x * x))
        inner = _TANH_SCALE * (1 + 3 * _TANH_CUBIC * x * x)
        return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * inner
    return 0.5 * (1 + erf(_HALF_ROOT * x)) + _DENSITY * x * np.exp(-0.5 * x * x)


gelu = elementwise(
    "gelu",
    _gelu,
    (_gelu_slope,),
    equation="y = x Φ(x), Φ the normal distribution; or its tanh form (Hendrycks, Gimpel, 2016)",
    onnx="Gelu",
)


def _softmax(x: Any, *, axis: int = -1) -> Any:
    e = np.exp(x - np.maximum.reduce(x, axis=axis, keepdims=True))
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


def _log_softmax(x: Any, *, axis: int = -1) -> Any:
    shifted = x - np.maximum.reduce(x, axis=axis, keepdims=True)
    return shifted - np.log(np.add.reduce(np.exp(shifted), axis=axis, keepdims=True))


log_softmax = general(
    "log_softmax",
    _log_softmax,
    vjp=(lambda g, y, x, *, axis=-1: g - np.exp(y) * np.add.reduce(g, axis=axis, keepdims=True),),
    jvp=(lambda t, y, x, *, axis=-1: t - np.add.reduce(np.exp(y) * t, axis=axis, keepdims=True),),
    equation="yᵢ = xᵢ - ln Σⱼ e^xⱼ",
    onnx="LogSoftmax",
)
