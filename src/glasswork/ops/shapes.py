"""Shapes: the same elements, arranged otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from .checks import check_real
from .op import Op, general, linear, unbroadcast

__all__ = [
    "astype", "broadcast_to", "concatenate", "expand_dims", "flip", "pad", "reshape", "squeeze",
    "stack", "swapaxes", "transpose",
]  # fmt: skip


def _astype(x: Any, *, dtype: DTypeLike) -> Any:
    check_real(np.dtype(dtype), "astype: the elements")
    return x.astype(dtype)


astype = linear(
    "astype",
    _astype,
    lambda g, y, x, *, dtype: g.astype(x.dtype),
    equation="y = x in another dtype",
    onnx="Cast",
)
reshape = linear(
    "reshape",
    lambda x, *, shape: x.reshape(shape),
    lambda g, y, x, *, shape: g.reshape(x.shape),
    equation="y = x in another shape",
    onnx="Reshape",
)
squeeze = linear(
    "squeeze",
    lambda x, *, axis=None: x.squeeze(axis),
    lambda g, y, x, *, axis=None: g.reshape(x.shape),
    equation="y = x without axes of size 1",
    onnx="Squeeze",
)
expand_dims = linear(
    "expand_dims",
    lambda x, *, axis: np.expand_dims(x, axis),
    lambda g, y, x, *, axis: g.reshape(x.shape),
    equation="y = x with new axes of size 1",
    onnx="Unsqueeze",
)
broadcast_to = linear(
    "broadcast_to",
    lambda x, *, shape: np.broadcast_to(x, shape),
    lambda g, y, x, *, shape: unbroadcast(g, x.shape),
    equation="y = copies of x",
    onnx="Expand",
)


def _transpose_back(g: Any, y: Any, x: Any, *, axes: Sequence[int] | None = None) -> Any:
    if axes is None:
        return g.transpose()
    back = sorted(range(x.ndim), key=lambda i: axes[i] % x.ndim)
    return g.transpose(back)


transpose = linear(
    "transpose",
    lambda x, *, axes=None: x.transpose(axes),
    _transpose_back,
    equation="y = x with its axes in another order",
    notation="{0}ᵀ",
    onnx="Transpose",
)
swapaxes = linear(
    "swapaxes",
    lambda x, *, axis1, axis2: x.swapaxes(axis1, axis2),
    lambda g, y, x, *, axis1, axis2: g.swapaxes(axis1, axis2),
    equation="y = x with two axes exchanged",
    notation="{0}ᵀ",
    onnx="Transpose",
)
flip = linear(
    "flip",
    lambda x, *, axis=None: np.flip(x, axis),
    lambda g, y, x, *, axis=None: np.flip(g, axis),
    equation="y = x backwards",
)


def _unpad(g: Any, y: Any, x: Any, *, width: Any, value: float = 0) -> Any:
    before = np.broadcast_to(width, (x.ndim, 2))[:, 0].tolist()
    return g[tuple(slice(b, b + n) for b, n in zip(before, x.shape, strict=True))]


# No linear op, for a border of ones is affine: that of a tangent is zero whatever the value.
pad: Op = general(
    "pad",
    lambda x, *, width, value=0: np.pad(x, width, constant_values=value),
    vjp=(_unpad,),
    jvp=(lambda t, y, x, *, width, value=0: pad(t, width=width),),
    equation="y = x with a constant border",
    onnx="Pad",
)


def _part(i: int, g: Any, y: Any, *inputs: Any, axis: int = 0) -> Any:
    stops = list(accumulate(x.shape[axis] for x in inputs))
    here = slice(stops[i] - inputs[i].shape[axis], stops[i])
    return g[(slice(None),) * (axis % y.ndim) + (here,)]


concatenate = linear(
    "concatenate",
    lambda *inputs, axis=0: np.concatenate(inputs, axis=axis),
    _part,
    equation="y = [x₁ x₂ …], joined along an axis",
    onnx="Concat",
    joint=True,
)
stack = linear(
    "stack",
    lambda *inputs, axis=0: np.stack(inputs, axis=axis),
    lambda i, g, y, *inputs, axis=0: g[(slice(None),) * (axis % y.ndim) + (i,)],
    equation="y = [x₁ x₂ …], stacked along a new axis",
    joint=True,
)
