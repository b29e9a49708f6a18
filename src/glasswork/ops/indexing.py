"""Indexing, and its transpose: what was read from a place is written back there, and adds up.

Index arrays are inputs without a gradient; the rest of a key (slices, integers, `...`, None) is a
parameter, in which `Slot(i)` stands for the i-th index array.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from .op import Op, linear

__all__ = ["ROWS", "Slot", "getitem", "scatter", "scatter_along_axis", "take_along_axis"]


class Slot(NamedTuple):
    """The place of the i-th index array in a key."""

    position: int


ROWS = (Slot(0),)  # the key of x[index]


def _getitem(x: Any, *indices: Any, key: tuple[Any, ...]) -> Any:
    if key == ROWS and x.ndim and indices[0].dtype.kind in "iu":
        return np.take(x, indices[0].astype(np.intp, copy=False), axis=0)  # in a third of the time
    return x[_key(key, indices)]


def _key(key: tuple[Any, ...], indices: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(indices[k.position] if isinstance(k, Slot) else k for k in key)


def _scatter(g: Any, *indices: Any, key: tuple[Any, ...], shape: tuple[int, ...]) -> Any:
    x = np.zeros(shape, g.dtype)
    if all(index.dtype == bool for index in indices):
        x[_key(key, indices)] = g  # no place is named twice
    else:
        np.add.at(x, _key(key, indices), g)
    return x


getitem = linear(
    "getitem",
    _getitem,
    lambda g, y, x, *indices, key: scatter(g, *indices, key=key, shape=x.shape),
    equation="y = x[key]",
    notation="{0}[…]",
)
scatter: Op = linear(
    "scatter",
    _scatter,
    lambda g, y, x, *indices, key, shape: getitem(g, *indices, key=key),
    equation="y = 0, but y[key] += x",
    whole=True,
)


def _along(shape: tuple[int, ...], index: Any, axis: int) -> tuple[Any, ...]:
    """The key of the places that `index` names along `axis`, and all places along the others."""
    last = len(shape) - 1
    return tuple(
        index if i == axis % (last + 1) else np.arange(n).reshape(-1, *(1,) * (last - i))
        for i, n in enumerate(shape)
    )


def _take_along_axis(x: Any, index: Any, *, axis: int | None = -1) -> Any:
    if axis is None or x.ndim != index.ndim or index.dtype == bool:
        return np.take_along_axis(x, index, axis)  # which refuses masks and other numbers of axes
    return x[_along(x.shape, index, axis)]


def _scatter_along_axis(g: Any, index: Any, *, axis: int, shape: tuple[int, ...]) -> Any:
    x = np.zeros(shape, g.dtype)
    key = _along(shape, index, axis)
    if index.shape[axis] == 1 and g.size * shape[axis] == x.size:
        x[key] = g  # one place in each row: none is named twice
    else:
        np.add.at(x, key, g)
    return x


def _put_back(g: Any, y: Any, x: Any, index: Any, *, axis: int | None = -1) -> Any:
    if axis is None:  # the index is into x in one row
        return scatter_along_axis(g, index, axis=0, shape=(x.size,)).reshape(x.shape)
    return scatter_along_axis(g, index, axis=axis, shape=x.shape)


take_along_axis = linear(
    "take_along_axis",
    _take_along_axis,
    _put_back,
    equation="yᵢ = x[i, indexᵢ]",
    onnx="GatherElements",
)
scatter_along_axis = linear(
    "scatter_along_axis",
    _scatter_along_axis,
    lambda g, y, x, index, *, axis, shape: take_along_axis(g, index, axis=axis),
    equation="y = 0, but y[i, indexᵢ] += xᵢ",
    onnx="ScatterElements",
    whole=True,
)
