"""Reductions: many elements into one, along the axes that are named.

A maximum that several elements share gives each an equal part of the gradient, and a norm or a
standard deviation of 0 gives none, as in PyTorch.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import OptionError
from .op import Op, Rule, general, linear

__all__ = [
    "Axis", "cumsum", "highest", "kept_shape", "logsumexp", "max_", "mean", "min_", "norm",
    "std", "sum_", "var",
]  # fmt: skip

Axis = int | tuple[int, ...] | None

_NUMBERS = (np.ndarray, np.generic)
_HALF = np.dtype(np.float16)

# Any: NumPy's stubs ask whether keepdims is True or is False, and do not take a bool.
_total: Any = np.add.reduce
_largest: Any = np.maximum.reduce
_smallest: Any = np.minimum.reduce


def kept_shape(shape: tuple[int, ...], axis: Axis) -> tuple[int, ...]:
    """The shape after reducing `axis` with keepdims=True."""
    if axis is None or not shape:
        return (1,) * len(shape)
    axes = {a % len(shape) for a in (axis if isinstance(axis, tuple) else (axis,))}
    return tuple(1 if i in axes else n for i, n in enumerate(shape))


def highest(x: Any, axis: Axis) -> Any:
    """The maximum along an axis, which is kept; 0 where there is nothing to compare."""
    if x.size == 0:
        return np.zeros(kept_shape(x.shape, axis), x.dtype)
    return _largest(x, axis=axis, keepdims=True)


def _kept(g: Any, x: Any, axis: Axis) -> Any:
    """`g`, with the axes that a reduction of `x` dropped put back at size 1."""
    return g if axis is None else g.reshape(kept_shape(x.shape, axis))


def _spread(g: Any, x: Any, axis: Axis) -> Any:
    """`g` for each element of `x`: a view. Of one number, NumPy's own costs ten times as much."""
    if axis is None and isinstance(g, _NUMBERS):
        return np.ndarray(x.shape, g.dtype, g, strides=(0,) * x.ndim)
    return np.broadcast_to(_kept(g, x, axis), x.shape)


def _count(x: Any, y: Any) -> int:
    """How many elements of `x` go into one of the result `y`."""
    return int(x.size // (y.size or 1))


def _widened(forward: Rule, x: Any, **params: Any) -> Any:
    """`forward` of float16 done in float32, for sums and squares soon pass 65,504."""
    return forward(x.astype(np.float32), **params).astype(np.float16)


def _sloped(
    name: str, forward: Rule, slope: Rule, *, equation: str, notation: str = "", onnx: str = ""
) -> Op:
    """A reduction with a slope ∂y/∂x = slope(y, x, axis, **params) at each element.

    The Jacobian has one row for each result: reverse mode multiplies the slope by the gradient of
    the result that the element went into, forward mode adds up along the axis.
    """

    def vjp(
        g: Any, y: Any, x: Any, *, axis: Axis = None, keepdims: bool = False, **params: Any
    ) -> Any:
        return _kept(g, x, axis) * slope(y, x, axis, **params)

    def jvp(
        t: Any, y: Any, x: Any, *, axis: Axis = None, keepdims: bool = False, **params: Any
    ) -> Any:
        return sum_(t * slope(y, x, axis, **params), axis=axis, keepdims=keepdims)

    return general(name, forward, (vjp,), (jvp,), equation=equation, notation=notation, onnx=onnx)


def _mean(x: Any, *, axis: Axis = None, keepdims: bool = False) -> Any:
    if x.dtype is _HALF:
        return _widened(_mean, x, axis=axis, keepdims=keepdims)
    total = _total(x, axis=axis, keepdims=keepdims)
    return total / _count(x, total)


sum_ = linear(
    "sum",
    lambda x, *, axis=None, keepdims=False: _total(x, axis=axis, keepdims=keepdims),
    lambda g, y, x, *, axis=None, keepdims=False: _spread(g, x, axis),
    equation="y = Σ x",
    notation="Σ {0}",
    onnx="ReduceSum",
)
mean = linear(
    "mean",
    _mean,
    lambda g, y, x, *, axis=None, keepdims=False: _spread(g / _count(x, g), x, axis),
    equation="y = (1/n) Σ x",
    onnx="ReduceMean",
)


def _extreme_share(y: Any, x: Any, axis: Axis) -> Any:
    """What part of its extreme each element is: 1 over the number of those that reach it."""
    reached = (x == _kept(y, x, axis)).astype(x.dtype)
    return reached / sum_(reached, axis=axis, keepdims=True)


max_ = _sloped(
    "max",
    lambda x, *, axis=None, keepdims=False: _largest(x, axis=axis, keepdims=keepdims),
    _extreme_share,
    equation="y = max x",
    onnx="ReduceMax",
)
min_ = _sloped(
    "min",
    lambda x, *, axis=None, keepdims=False: _smallest(x, axis=axis, keepdims=keepdims),
    _extreme_share,
    equation="y = min x",
    onnx="ReduceMin",
)


def _var(x: Any, *, axis: Axis = None, keepdims: bool = False, ddof: int = 0) -> Any:
    if x.dtype is _HALF:
        return _widened(_var, x, axis=axis, keepdims=keepdims, ddof=ddof)
    d = x - _mean(x, axis=axis, keepdims=True)
    total = _total(d * d, axis=axis, keepdims=keepdims)
    return total / max(_count(x, total) - ddof, 0)


def _std(x: Any, *, axis: Axis = None, keepdims: bool = False, ddof: int = 0) -> Any:
    if x.dtype is _HALF:
        return _widened(_std, x, axis=axis, keepdims=keepdims, ddof=ddof)
    return np.sqrt(_var(x, axis=axis, keepdims=keepdims, ddof=ddof))


def _var_slope(y: Any, x: Any, axis: Axis, ddof: int = 0) -> Any:
    return (x - mean(x, axis=axis, keepdims=True)) / (max(_count(x, y) - ddof, 0) / 2)


def _std_slope(y: Any, x: Any, axis: Axis, ddof: int = 0) -> Any:
    """∂√v/∂x = ∂v/∂x / 2√v, and 0 where v is 0."""
    root = _kept(y, x, axis)
    return _var_slope(y, x, axis, ddof) / (2 * (root + (root == 0)))


var = _sloped("var", _var, _var_slope, equation="y = Σ (x - mean x)² / (n - ddof)")
std = _sloped("std", _std, _std_slope, equation="y = √(Σ (x - mean x)² / (n - ddof))")


@np.errstate(over="ignore", divide="ignore")  # x - top may reach -inf, and ln 0 is -inf
def _logsumexp(x: Any, *, axis: Axis = None, keepdims: bool = False) -> Any:
    top = highest(x, axis)
    top = np.where(np.isfinite(top), top, 0)
    y = np.log(_total(np.exp(x - top), axis=axis, keepdims=True)) + top
    return y if keepdims else y.squeeze(axis)


@np.errstate(over="ignore")
def _exponential_share(y: Any, x: Any, axis: Axis) -> Any:
    """softmax(x), from the y that is known."""
    return np.exp(x - _kept(y, x, axis))


logsumexp = _sloped(
    "logsumexp",
    _logsumexp,
    _exponential_share,
    equation="y = ln Σ eˣ",
    onnx="ReduceLogSumExp",
)


def _norm(x: Any, *, p: float = 2, axis: Axis = None, keepdims: bool = False) -> Any:
    if p == 0:
        raise OptionError(
            "norm: p = 0 counts the elements that are not 0, and has no derivative.\n"
            "  Write np.sum(x != 0)."
        )
    if x.dtype is _HALF:
        return _widened(_norm, x, p=p, axis=axis, keepdims=keepdims)
    x = x if x.dtype.kind == "f" else x.astype(np.float64)  # squares of whole numbers wrap round
    if p == 2:
        return np.sqrt(_total(x * x, axis=axis, keepdims=keepdims))
    size = np.abs(x)
    if p in (np.inf, -np.inf):
        return (_largest if p > 0 else _smallest)(size, axis=axis, keepdims=keepdims)
    if p == 1:
        return _total(size, axis=axis, keepdims=keepdims)
    total = _total(size**p, axis=axis, keepdims=keepdims)
    return np.power(total, 1 / p)  # as for arrays: the ** of one number may have other last bits


def _norm_slope(y: Any, x: Any, axis: Axis, p: float = 2) -> Any:
    """∂‖x‖ₚ/∂x = sign(x) (|x| / ‖x‖ₚ)ᵖ⁻¹, and 0 where x or the norm is 0."""
    if p in (np.inf, -np.inf):
        return np.sign(x) * _extreme_share(y, np.abs(x), axis)
    if p == 1:
        return np.sign(x)
    length = _kept(y, x, axis)
    length = length + (length == 0)
    if p == 2:
        return x / length
    size = np.abs(x) / length
    return np.sign(x) * (size + (size == 0)) ** (p - 1)


norm = _sloped("norm", _norm, _norm_slope, equation="y = (Σ |x|ᵖ)^(1/p)", notation="‖{0}‖")


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
