"""Reductions: many elements into one, along the axes that are named.

A maximum that several elements share gives each an equal part of the gradient.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .op import general, linear

__all__ = [
    "Axis",
    "cumsum",
    "kept_shape",
    "logsumexp",
    "max_",
    "mean",
    "min_",
    "norm",
    "sum_",
    "var",
]

Axis = int | tuple[int, ...] | None


def kept_shape(shape: tuple[int, ...], axis: Axis) -> tuple[int, ...]:
    """The shape after reducing `axis` with keepdims=True."""
    if axis is None:
        return (1,) * len(shape)
    axes = {a % len(shape) for a in (axis if isinstance(axis, tuple) else (axis,))}
    return tuple(1 if i in axes else n for i, n in enumerate(shape))


def _kept(g: Any, x: Any, axis: Axis) -> Any:
    """`g`, with the axes that a reduction of `x` dropped put back at size 1."""
    return g.reshape(kept_shape(x.shape, axis))


def _spread(g: Any, x: Any, axis: Axis) -> Any:
    return np.broadcast_to(_kept(g, x, axis), x.shape)


def _count(x: Any, axis: Axis) -> int:
    """How many elements of `x` go into one of the result."""
    count = 1
    for n, kept in zip(x.shape, kept_shape(x.shape, axis), strict=True):
        count *= n if kept == 1 else 1
    return count


sum_ = linear(
    "sum",
    lambda x, *, axis=None, keepdims=False: np.add.reduce(x, axis=axis, keepdims=keepdims),
    lambda g, y, x, *, axis=None, keepdims=False: _spread(g, x, axis),
    equation="y = Σ x",
    notation="Σ {0}",
    onnx="ReduceSum",
)
mean = linear(
    "mean",
    lambda x, *, axis=None, keepdims=False: (
        np.add.reduce(x, axis=axis, keepdims=keepdims) / _count(x, axis)
    ),
    lambda g, y, x, *, axis=None, keepdims=False: _spread(g / _count(x, axis), x, axis),
    equation="y = (1/n) Σ x",
    onnx="ReduceMean",
)


def _extreme_share(y: Any, x: Any, axis: Axis) -> Any:
    """What part of its extreme each element is: 1 over the number of those that reach it."""
    reached = (x == _kept(y, x, axis)).astype(x.dtype)
    return reached / np.add.reduce(reached, axis=axis, keepdims=True)


def _extreme_vjp(g: Any, y: Any, x: Any, *, axis: Axis = None, keepdims: bool = False) -> Any:
    return _kept(g, x, axis) * _extreme_share(y, x, axis)


def _extreme_jvp(t: Any, y: Any, x: Any, *, axis: Axis = None, keepdims: bool = False) -> Any:
    return sum_(t * _extreme_share(y, x, axis), axis=axis, keepdims=keepdims)


max_ = general(
    "max",
    lambda x, *, axis=None, keepdims=False: np.maximum.reduce(x, axis=axis, keepdims=keepdims),
    vjp=(_extreme_vjp,),
    jvp=(_extreme_jvp,),
    equation="y = max x",
    onnx="ReduceMax",
)
min_ = general(
    "min",
    lambda x, *, axis=None, keepdims=False: np.minimum.reduce(x, axis=axis, keepdims=keepdims),
    vjp=(_extreme_vjp,),
    jvp=(_extreme_jvp,),
    equation="y = min x",
    onnx="ReduceMin",
)


def _var(x: Any, *, axis: Axis = None, keepdims: bool = False, ddof: int = 0) -> Any:
    d = x - mean.forward(x, axis=axis, keepdims=True)
    n = _count(x, axis) - ddof
    return np.add.reduce(d * d, axis=axis, keepdims=keepdims) / n


def _var_slope(x: Any, axis: Axis, ddof: int) -> Any:
    return (x - mean(x, axis=axis, keepdims=True)) * 2 / (_count(x, axis) - ddof)


var = general(
    "var",
    _var,
    vjp=(
        lambda g, y, x, *, axis=None, keepdims=False, ddof=0: (
            _kept(g, x, axis) * _var_slope(x, axis, ddof)
        ),
    ),
    jvp=(
        lambda t, y, x, *, axis=None, keepdims=False, ddof=0: sum_(
            t * _var_slope(x, axis, ddof), axis=axis, keepdims=keepdims
        ),
    ),
    equation="y = Σ (x - mean x)² / (n - ddof)",
)


def _logsumexp(x: Any, *, axis: Axis = None, keepdims: bool = False) -> Any:
    top = np.maximum.reduce(x, axis=axis, keepdims=True)
    top = np.where(np.isfinite(top), top, np.zeros_like(top))
    y = np.log(np.add.reduce(np.exp(x - top), axis=axis, keepdims=True)) + top
    return y if keepdims else y.reshape(np.add.reduce(x, axis=axis).shape)


def _exponential_share(y: Any, x: Any, axis: Axis) -> Any:
    """softmax(x), from the y that is known."""
    return np.exp(x - _kept(y, x, axis))


logsumexp = general(
    "logsumexp",
    _logsumexp,
    vjp=(
        lambda g, y, x, *, axis=None, keepdims=False: (
            _kept(g, x, axis) * _exponential_share(y, x, axis)
        ),
    ),
    jvp=(
        lambda t, y, x, *, axis=None, keepdims=False: sum_(
            t * _exponential_share(y, x, axis), axis=axis, keepdims=keepdims
        ),
    ),
    equation="y = ln Σ eˣ",
    onnx="ReduceLogSumExp",
)


def _norm(x: Any, *, p: float = 2, axis: Axis = None, keepdims: bool = False) -> Any:
    size = np.abs(x)
    if p == np.inf:
        return np.maximum.reduce(size, axis=axis, keepdims=keepdims)
    if p == 1:
        return np.add.reduce(size, axis=axis, keepdims=keepdims)
    if p == 2:
        return np.sqrt(np.add.reduce(x * x, axis=axis, keepdims=keepdims))
    return np.add.reduce(size**p, axis=axis, keepdims=keepdims) ** (1 / p)


def _norm_slope(y: Any, x: Any, p: float, axis: Axis) -> Any:
    """∂‖x‖ₚ/∂x = sign(x) (|x| / ‖x‖ₚ)ᵖ⁻¹, and 0 where the norm is 0."""
    if p == np.inf:
        return np.sign(x) * _extreme_share(y, np.abs(x), axis)
    if p == 1:
        return np.sign(x)
    length = _kept(y, x, axis)
    length = length + (length == 0)
    if p == 2:
        return x / length
    size = np.abs(x) / length
    return np.sign(x) * (size + (size == 0)) ** (p - 1)


norm = general(
    "norm",
    _norm,
    vjp=(
        lambda g, y, x, *, p=2, axis=None, keepdims=False: (
            _kept(g, x, axis) * _norm_slope(y, x, p, axis)
        ),
    ),
    jvp=(
        lambda t, y, x, *, p=2, axis=None, keepdims=False: sum_(
            t * _norm_slope(y, x, p, axis), axis=axis, keepdims=keepdims
        ),
    ),
    equation="y = (Σ |x|ᵖ)^(1/p)",
    notation="‖{0}‖",
)


def _cumsum_transpose(g: Any, y: Any, x: Any, *, axis: int | None = None) -> Any:
    """Sums from the other end: x₁ went into every y, the last x only into the last."""
    if axis is None:
        return np.flip(cumsum(np.flip(g, 0), axis=0), 0).reshape(x.shape)
    return np.flip(cumsum(np.flip(g, axis), axis=axis), axis)


cumsum = linear(
    "cumsum",
    lambda x, *, axis=None: np.cumsum(x, axis=axis),
    _cumsum_transpose,
    equation="yᵢ = x₁ + … + xᵢ",
    onnx="CumSum",
)
