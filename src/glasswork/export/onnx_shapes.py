"""Changes of shape in ONNX."""

from __future__ import annotations

import numpy as np

from .graph import Node, Size
from .onnx_builder import Builder, Emitter, read

__all__ = ["SHAPES"]


def _astype(b: Builder, node: Node) -> str:
    return read(b, node)[0]


def _reshape(b: Builder, node: Node) -> str:
    (x,), shape = read(b, node), node.output.shape
    follows = [isinstance(size, Size) for size in shape]
    if sum(follows) == 1 and 0 not in shape:
        sizes = [-1 if follow else size for follow, size in zip(follows, shape, strict=True)]
        return b.node("Reshape", x, b.constant(sizes))
    return b.node("Reshape", x, b.sizes(shape), allowzero=1)


def _broadcast_to(b: Builder, node: Node) -> str:
    return b.node("Expand", *read(b, node), b.sizes(node.output.shape))


def _transpose(b: Builder, node: Node) -> str:
    ndim = len(node.output.shape)
    axes = node.params.get("axes") or range(ndim)[::-1]
    (x,) = read(b, node)
    return b.node("Transpose", x, perm=[axis % ndim for axis in axes]) if ndim else x


def _swapaxes(b: Builder, node: Node) -> str:
    axes = list(range(len(node.output.shape)))
    i, k = node.params["axis1"], node.params["axis2"]
    axes[i], axes[k] = axes[k], axes[i]
    return b.node("Transpose", *read(b, node), perm=axes)


def _flip(b: Builder, node: Node) -> str:
    (x,), axis = read(b, node), node.params.get("axis")
    axes = range(len(node.output.shape)) if axis is None else np.atleast_1d(axis)
    if not len(axes):
        return x
    n, ends = len(axes), np.iinfo(np.int64).min
    return b.node("Slice", x, *(b.constant(v) for v in ([-1] * n, [ends] * n, axes, [-1] * n)))


def _pad(b: Builder, node: Node) -> str:
    if not node.output.shape:
        return read(b, node)[0]
    width = np.broadcast_to(node.params["width"], (len(node.output.shape), 2))
    value = b.constant(node.params.get("value", 0), node.output.dtype)
    return b.node("Pad", *read(b, node), b.constant(width.T.ravel()), value)


def _concatenate(b: Builder, node: Node) -> str:
    return b.node("Concat", *read(b, node), axis=node.params.get("axis", 0))


def _stack(b: Builder, node: Node) -> str:
    axis = node.params.get("axis", 0)
    parts = (b.node("Unsqueeze", x, b.constant([axis])) for x in read(b, node))
    return b.node("Concat", *parts, axis=axis)


SHAPES: dict[str, Emitter] = {
    "astype": _astype,
    "broadcast_to": _broadcast_to,
    "concatenate": _concatenate,
    "expand_dims": _reshape,
    "flip": _flip,
    "pad": _pad,
    "reshape": _reshape,
    "squeeze": _reshape,
    "stack": _stack,
    "swapaxes": _swapaxes,
    "transpose": _transpose,
}
