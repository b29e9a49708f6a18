"""Samples: rows of X, what is true of them, and how much each counts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..data.rows import rows_at
from ..nn import Module
from ..tape import no_grad

__all__ = ["Samples", "dense", "outputs_of"]

Array = NDArray[Any]
PART = 2**22  # numbers of a sparse matrix that are made dense together, zeros among them


class Samples(NamedTuple):
    """What an estimator learns from, or is judged by.

    Attributes
    ----------
    x : array or sparse matrix
        A row for each sample.
    codes : array
        The classes by their numbers, 0 and 1 for each label, or the values.
    truth : array
        The same, as the loss wants it.
    weights : array or None
        For how much each sample counts.
    """

    x: Any
    codes: Array
    truth: Array
    weights: Array | None

    @property
    def weight(self) -> float:
        """For how much all of them count."""
        return float(len(self.codes) if self.weights is None else self.weights.sum())

    def at(self, rows: NDArray[np.intp] | slice) -> Samples:
        """The samples in these rows."""
        weights = None if self.weights is None else self.weights[rows]
        return Samples(self.x[rows], self.codes[rows], self.truth[rows], weights)

    def arrays_at(self, rows: NDArray[np.intp]) -> tuple[Array, ...]:
        """x, truth and weights, if there are any, as a training step takes them."""
        x = self.x[rows].toarray() if hasattr(self.x, "toarray") else rows_at(self.x, rows)
        targets = (self.truth,) if self.weights is None else (self.truth, self.weights)
        return (x, *(rows_at(array, rows) for array in targets))

    def parts(self) -> list[Samples]:
        """All of them, in as many parts as it takes for each to be made dense."""
        return [self.at(cut) for cut in _cuts(self.x)]


def outputs_of(network: Module, x: Any) -> Array:
    """The outputs of a network for the rows of x, without a tape."""
    with no_grad():
        parts = [network(dense(x[cut])).els for cut in _cuts(x)]
    return np.concatenate(parts) if len(parts) > 1 else parts[0]


def dense(x: Any) -> Array:
    """The rows of x as an array."""
    array: Array = x.toarray() if hasattr(x, "toarray") else x
    return array


def _cuts(x: Any) -> Iterator[slice]:
    """All rows at once, if x is dense."""
    rows, columns = x.shape
    size = max(1, PART // columns) if hasattr(x, "toarray") else rows
    return (slice(start, start + size) for start in range(0, rows, size))
