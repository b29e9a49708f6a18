"""What moves elements in ONNX: changes of shape, and indexing.

Slices and numbers are written by Slice and Gather, index arrays by Gather or GatherND.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from ..ops.indexing import Slot
from .graph import Constant, Node, Size, Value
from .onnx_builder import Builder, Emitter, read

__all__ = ["SHAPES"]

_LAST, _FIRST = np.iinfo(np.int64).max, np.iinfo(np.int64).min
_WHOLE = np.dtype(np.int64)


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
    n = len(axes)
    ends = [-1] * n, [_FIRST] * n, axes, [-1] * n
    return b.node("Slice", x, *map(b.constant, ends))


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


class _Part(NamedTuple):
    """What a key says about one axis: a slice, a number, an index array, or None for a new axis."""

    what: Any
    axis: int  # of the array that is indexed

    @property
    def picks(self) -> bool:
        """Whether NumPy takes it as an index array, should there be one."""
        return not isinstance(self.what, slice) and self.what is not None


def _getitem(b: Builder, node: Node) -> str:
    """x[key]."""
    x, *indices = node.inputs
    return _taken(b, node, b.read(x, x.dtype), x.shape, indices)


def _scatter(b: Builder, node: Node) -> str:
    """Numbers added up in the places that a key names: those found by indexing 0, 1, 2, …"""
    x, *indices = node.inputs
    shape = node.output.shape
    if any(isinstance(size, Size) for size in shape):
        raise node.unsupported("ONNX", "its shape follows the rows")
    n = math.prod(shape)
    counted = b.constant(np.arange(n).reshape(shape))
    places = b.node("Reshape", _taken(b, node, counted, shape, indices), b.constant([-1]))
    values = b.node("Reshape", b.read(x, node.output.dtype), b.constant([-1]))
    zeros = b.constant(np.zeros(n), node.output.dtype)
    summed = b.node("ScatterElements", zeros, places, values, axis=0, reduction="add")
    return b.node("Reshape", summed, b.sizes(shape), allowzero=1)


def _take_along_axis(b: Builder, node: Node) -> str:
    """GatherElements, of inputs that are stretched to each other first."""
    (x, index), axis = node.inputs, node.params.get("axis", -1)
    values, places = b.read(x, x.dtype), b.read(index, _WHOLE)
    if axis is None:
        return b.node("GatherElements", b.node("Reshape", values, b.constant([-1])), places, axis=0)
    axis %= len(x.shape)
    values = _stretched(b, values, x.shape, index.shape, axis)
    places = _stretched(b, places, index.shape, x.shape, axis)
    return b.node("GatherElements", values, places, axis=axis)


def _scatter_along_axis(b: Builder, node: Node) -> str:
    """ScatterElements that adds up, of inputs that are stretched to each other first."""
    (x, index), shape = node.inputs, node.output.shape
    axis = node.params["axis"] % len(shape)
    places = _stretched(b, b.read(index, _WHOLE), index.shape, x.shape, axis)
    long = [
        n if i == axis or n != 1 else m for i, (n, m) in enumerate(zip(shape, x.shape, strict=True))
    ]
    zeros = b.node("Expand", b.constant(0, node.output.dtype), b.sizes(long))
    values = b.read(x, node.output.dtype)
    y = b.node("ScatterElements", zeros, places, values, axis=axis, reduction="add")
    summed = [i for i, (n, m) in enumerate(zip(shape, long, strict=True)) if n != m]
    return b.node("ReduceSum", y, b.constant(summed), keepdims=1) if summed else y


def _stretched(b: Builder, name: str, shape: Any, other: Any, axis: int) -> str:
    """A value with its axes of size 1, but for `axis`, as long as those of the other."""
    pairs = enumerate(zip(shape, other, strict=True))
    wanted = [m if n == 1 and i != axis else n for i, (n, m) in pairs]
    return name if wanted == list(shape) else b.node("Expand", name, b.sizes(wanted))


def _taken(b: Builder, node: Node, x: str, shape: Any, indices: list[Any]) -> str:
    parts = _parts(node, len(shape), indices)
    arrays = [part for part in parts if isinstance(part.what, Value)]
    x = _sliced(b, x, parts)
    if len(arrays) > 1 or (arrays and sum(part.picks for part in parts) > 1):
        return _picked(b, node, x, parts)
    for part in reversed(parts):
        if part.picks:
            x = b.node("Gather", x, b.read(part.what, _WHOLE), axis=part.axis)
    return _with_new_axes(b, x, parts)


def _parts(node: Node, ndim: int, indices: list[Any]) -> list[_Part]:
    """The key axis by axis, with no `...` and no masks."""
    key: list[Any] = []
    for part in node.params["key"]:
        what = indices[part.position] if isinstance(part, Slot) else part
        if isinstance(what, Constant) and what.dtype == bool:
            key += [Constant("", "", places) for places in np.nonzero(what.array)]
        elif isinstance(what, Value) and what.dtype == bool:
            raise node.unsupported("ONNX", "how many elements a mask takes depends on values")
        else:
            key.append(what)
    used = sum(what is not None and what is not Ellipsis for what in key)
    if Ellipsis not in [what for what in key if not isinstance(what, Value)]:
        key.append(Ellipsis)
    parts: list[_Part] = []
    axis = 0
    for what in key:
        for item in [slice(None)] * (ndim - used) if what is Ellipsis else [what]:
            parts.append(_Part(item, axis))
            axis += item is not None
    return parts


def _sliced(b: Builder, x: str, parts: list[_Part]) -> str:
    cuts = [part for part in parts if isinstance(part.what, slice) and part.what != slice(None)]
    if not cuts:
        return x
    starts, stops, steps = zip(*(_ends(part.what) for part in cuts), strict=True)
    axes = b.constant([part.axis for part in cuts])
    return b.node("Slice", x, b.sizes(starts), b.sizes(stops), axes, b.constant(steps))


def _ends(cut: slice) -> tuple[Any, Any, int]:
    """Start, stop and step of a slice, those that it leaves out too."""
    step = 1 if cut.step is None else cut.step
    start, stop = (0, _LAST) if step > 0 else (_LAST, _FIRST)
    return start if cut.start is None else cut.start, stop if cut.stop is None else cut.stop, step


def _with_new_axes(b: Builder, x: str, parts: list[_Part]) -> str:
    new, axis = [], 0
    for part in parts:
        if part.what is None:
            new.append(axis)
        axis += len(part.what.shape) if isinstance(part.what, Value) else not part.picks
    return b.node("Unsqueeze", x, b.constant(new)) if new else x


def _picked(b: Builder, node: Node, x: str, parts: list[_Part]) -> str:
    """Several index arrays at once: GatherND on the axes that they name, brought to the front."""
    if any(part.what is None for part in parts):
        raise node.unsupported("ONNX", "the key has several index arrays and a new axis")
    picked = [part for part in parts if part.picks]
    kept = [part.axis for part in parts if not part.picks]
    axes = [part.axis for part in picked]
    shape = _common([part.what.shape if isinstance(part.what, Value) else () for part in picked])
    sizes, last = b.sizes(shape), b.constant([len(shape)])
    places = [b.node("Expand", b.read(part.what, _WHOLE), sizes) for part in picked]
    index = b.node("Concat", *(b.node("Unsqueeze", p, last) for p in places), axis=len(shape))
    result = b.node("GatherND", b.node("Transpose", x, perm=axes + kept), index)
    if axes != list(range(axes[0], axes[0] + len(axes))) or not axes[0]:
        return result
    n, rank = axes[0], len(shape)  # side by side, they leave their result in their place
    order = [*range(rank, rank + n), *range(rank), *range(rank + n, rank + len(kept))]
    return b.node("Transpose", result, perm=order)


def _common(shapes: list[tuple[Any, ...]]) -> list[Any]:
    """The shape that several broadcast to."""
    ndim = max(map(len, shapes))
    padded = [(1,) * (ndim - len(shape)) + shape for shape in shapes]
    return [next((n for n in sizes if n != 1), 1) for sizes in zip(*padded, strict=True)]


SHAPES: dict[str, Emitter] = {
    "astype": _astype,
    "broadcast_to": _broadcast_to,
    "concatenate": _concatenate,
    "expand_dims": _reshape,
    "flip": _flip,
    "getitem": _getitem,
    "pad": _pad,
    "reshape": _reshape,
    "scatter": _scatter,
    "scatter_along_axis": _scatter_along_axis,
    "squeeze": _reshape,
    "stack": _stack,
    "swapaxes": _swapaxes,
    "take_along_axis": _take_along_axis,
    "transpose": _transpose,
}
