"""The plane that samples are drawn on, and on which it is shown what a network makes of it."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..data import Dataset
from ..nn import Missing, Module
from ..train.evaluate import predict

__all__ = ["CELLS", "Plane", "plane_of"]

Array = NDArray[Any]

CELLS = 72  # along each side
ROOM = 0.1  # around the samples, as a share of their extent


class Plane(NamedTuple):
    """Where samples are drawn.

    Attributes
    ----------
    axes : tuple of int
        The columns of a sample that are drawn to the right and up. Of a sample with one column it
        is that alone, and its target is drawn up.
    usual : array
        What is taken for the other columns, and where a number is missing.
    extent : tuple of float
        Left, right, bottom, top.
    grid : array
        What the network sees in each cell, row by row from the top; of samples with one column,
        in each cell of one row.
    """

    axes: tuple[int, ...]
    usual: Array
    extent: tuple[float, float, float, float]
    grid: Array

    def points(self, raw: Array, targets: Array) -> Array:
        """Where samples are drawn, (samples, 2)."""
        there = np.where(np.isnan(raw), self.usual, raw)
        up = there[:, self.axes[1]] if len(self.axes) > 1 else targets
        return np.column_stack([there[:, self.axes[0]], up])


def plane_of(dataset: Dataset, x: Array, front: Module, axes: tuple[int, ...]) -> Plane:
    """The plane of two columns, those of training rows x in their middle in the others.

    Parameters
    ----------
    front : Module
        Makes of rows what the network sees.
    axes : tuple of int
        Which columns; the last, where there are not so many.
    """
    usual = Missing.of(x).middle.els
    usual[list(dataset.vocabulary)] //= 1  # a code between two others would be no word
    chosen = tuple(min(axis, dataset.inputs - 1) for axis in axes[: dataset.inputs])
    left, right = _extent(dataset.x[:, chosen[0]])
    bottom, top = _extent(dataset.x[:, chosen[1]] if chosen[1:] else dataset.y)
    along = np.linspace(left, right, CELLS)
    up = np.linspace(top, bottom, CELLS)[:, None] if chosen[1:] else np.zeros((1, 1))
    cells = np.tile(usual, (len(up), CELLS, 1)).astype(np.float32)
    for axis, places in zip(chosen, (along, up), strict=False):
        cells[..., axis] = places
    rows = cells.reshape(-1, dataset.inputs)
    extent = (left, right, bottom, top)
    return Plane(chosen, usual, extent, predict(front, rows, batch_size=len(rows)))


def _extent(values: Array) -> tuple[float, float]:
    """From where to where, with some room."""
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    room = ROOM * (high - low) or 1.0
    return low - room, high + room
