"""Batches: the samples of an epoch, a handful at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Protocol, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import DataError, OptionError, seen
from ..limits import COUNT, FLAG, checked
from ..randomness import RandomSource, generator
from ..tensor import Tensor
from .rows import as_rows, rows_at

__all__ = ["Batches", "SampleSource"]

Array = NDArray[Any]
Take = Callable[[NDArray[np.intp]], tuple[Array, ...]]


class SampleSource(Protocol):
    """Anything with a length that gives its i-th sample for i: an array, or a tuple of arrays."""

    def __len__(self) -> int: ...

    def __getitem__(self, index: int, /) -> Any: ...


class Batches:
    """The rows of arrays that belong together, in batches: one pass over it is one epoch.

    Each pass yields tuples of new arrays, one per array given, holding the same rows of each. With
    `shuffle` every epoch has a new order, drawn from `rng` as its first batch is asked for, so that
    one seed gives one sequence of orders.   (article: Stochastic Gradient Descent; one batch of
    everything makes it Gradient Descent)

    Parameters
    ----------
    *arrays : array_like, or one object with `len` and indexing
        Arrays with one row per sample. Memory-mapped ones are never loaded whole: a batch reads its
        own rows. Or a single object that gives for each index a sample, or a tuple such as (x, y);
        these are stacked.
    batch_size : int
        Samples in a batch.
    shuffle : bool
        Whether each epoch has a new order. Without it, the samples come as they stand.
    drop_last : bool
        Whether the last batch is left out when it is smaller than the others.
    rng : None, int or numpy.random.Generator
        Where the orders come from, see `glasswork.randomness.generator`. It is kept as `.rng`: set
        back to its state of before an epoch, it gives that epoch's order again.

    Shapes
    ------
    an array: (samples, …)   its part of a batch: (batch_size, …), the last one maybe smaller

    Raises
    ------
    ShapeError
        If the arrays differ in length, or one has no rows.
    DataError
        If there are no samples, or the samples of an object cannot be stacked.
    OptionError
        If batch_size is not a whole number from 1 up, or drop_last leaves no batch.

    Examples
    --------
    >>> x, y = np.arange(10.0).reshape(5, 2), np.arange(5)
    >>> for x_batch, y_batch in Batches(x, y, batch_size=2, rng=0):
    ...     print(x_batch.shape, y_batch)
    (2, 2) [2 4]
    (2, 2) [3 0]
    (1, 2) [1]
    """

    def __init__(
        self,
        *arrays: ArrayLike | SampleSource,
        batch_size: int = 32,
        shuffle: bool = True,
        drop_last: bool = False,
        rng: RandomSource = None,
    ) -> None:
        self.samples, self._take = _taker(arrays)
        self.batch_size: int = checked("Batches", "batch_size", batch_size, COUNT)
        self.shuffle = checked("Batches", "shuffle", shuffle, FLAG)
        self.drop_last = checked("Batches", "drop_last", drop_last, FLAG)
        self.rng = generator(rng)
        if len(self) == 0:
            raise OptionError(
                "Batches: drop_last leaves nothing.\n"
                f"  The number of samples is {self.samples}, and batch_size is {self.batch_size}.\n"
                "  Pass a smaller batch_size, or drop_last=False."
            )

    def __len__(self) -> int:
        """Batches in an epoch."""
        whole, rest = divmod(self.samples, self.batch_size)
        return whole if self.drop_last or not rest else whole + 1

    def __iter__(self) -> Iterator[tuple[Array, ...]]:
        yield from self.after(0)

    def after(self, batches: int) -> Iterator[tuple[Array, ...]]:
        """An epoch without its first batches, whose rows are not read; the order is drawn now.

        Examples
        --------
        >>> [x.tolist() for (x,) in Batches(np.arange(5), batch_size=2, shuffle=False).after(1)]
        [[2, 3], [4]]
        """
        order = self.rng.permutation(self.samples) if self.shuffle else np.arange(self.samples)
        starts = range(batches * self.batch_size, len(self) * self.batch_size, self.batch_size)
        return (self.rows(order[start : start + self.batch_size]) for start in starts)

    def rows(self, places: NDArray[np.intp]) -> tuple[Array, ...]:
        """The samples at these places, as a batch has them."""
        return self._take(places)

    @property
    def first(self) -> NDArray[np.intp]:
        """The places of the first samples, as many as a batch has."""
        return np.arange(min(self.batch_size, self.samples))

    def __repr__(self) -> str:
        return f"<Batches: {self.samples:,} samples in {len(self):,} batches of {self.batch_size}>"


def _taker(arrays: tuple[ArrayLike | SampleSource, ...]) -> tuple[int, Take]:
    """How many samples there are, and what makes a batch of the rows that it is given."""
    if len(arrays) == 1 and _is_source(arrays[0]):
        source = cast(SampleSource, arrays[0])
        if len(source) == 0:
            raise DataError("Batches: the data is empty.\n  Pass one sample at least.")
        return len(source), partial(_stack, source)
    found = as_rows("Batches", cast(tuple[ArrayLike, ...], arrays))
    return len(found[0]), partial(_index, found)


def _is_source(candidate: object) -> bool:
    """Whether it gives a sample for a number: tables of pandas and the like give columns."""
    if isinstance(candidate, str | bytes):
        raise DataError(f"Batches: the data is {seen(candidate)}.\n  Pass arrays.")
    if isinstance(candidate, Mapping):
        raise DataError(
            f"Batches: the data is a mapping of {', '.join(map(repr, candidate))[:60]}.\n"
            "  Pass its arrays, those that belong together: Batches(data['x'], data['y'])."
        )
    is_array = isinstance(candidate, np.ndarray | Tensor) or hasattr(candidate, "__dataframe__")
    return hasattr(candidate, "__len__") and hasattr(candidate, "__getitem__") and not is_array


def _index(arrays: tuple[Array, ...], rows: NDArray[np.intp]) -> tuple[Array, ...]:
    return tuple([rows_at(array, rows) for array in arrays])


def _stack(source: SampleSource, rows: NDArray[np.intp]) -> tuple[Array, ...]:
    samples = [source[row] for row in rows.tolist()]
    parts = [sample if isinstance(sample, tuple) else (sample,) for sample in samples]
    try:
        return tuple(np.stack(column) for column in zip(*parts, strict=True))
    except ValueError as error:
        shapes = {str(tuple(np.shape(part) for part in sample)): None for sample in parts}
        raise DataError(
            "Batches: the samples of a batch cannot be stacked.\n"
            f"  The shapes of their parts are {' and '.join(shapes)}.\n"
            "  Give every sample the same number of parts, and equal shapes."
        ) from error
