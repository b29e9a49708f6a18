"""Data as the loop wants it: batches that can be gone through once an epoch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..data import Batches
from ..errors import OptionError, seen
from ..nn.module import Module
from ..randomness import RandomSource
from ..tensor import Tensor

__all__ = ["Data", "Feed", "feed"]

Feed = Iterable[tuple[Any, ...]]
Data = tuple[ArrayLike, ...] | Feed

# What can be gone through, and holds no batches, or gives them only once.
NO_BATCHES = (np.ndarray, Tensor, Module, Mapping, Iterator, str, bytes)


def feed(
    name: str, data: Data, batch_size: int, shuffle: bool = False, rng: RandomSource = None
) -> Feed:
    """The batches in `data`, which an error calls `name`: arrays are cut, batches stay as they are.

    Examples
    --------
    >>> x, y = np.zeros((5, 2)), np.zeros(5)
    >>> feed("data", (x, y), batch_size=2)
    <Batches: 5 samples in 3 batches of 2>
    """
    if isinstance(data, tuple):
        if len(data) < 2:
            raise OptionError(
                f"{name}: there are no targets.\n"
                f"  A tuple of {len(data)} was passed.\n"
                "  Pass a tuple of arrays (x, y)."
            )
        return Batches(*data, batch_size=batch_size, shuffle=shuffle, rng=rng)
    is_other = isinstance(data, NO_BATCHES) or hasattr(data, "__array__")  # as tables have it
    if is_other or not isinstance(data, Iterable):
        once = " It gives its batches only once." if isinstance(data, Iterator) else ""
        raise OptionError(
            f"{name}: this cannot be gone through again and again, batch by batch.\n"
            f"  It is {type(data).__name__}.{once}\n"
            "  Pass a tuple of arrays (x, y), Batches(x, y), or a list of tuples."
        )
    if isinstance(data, list) and (strange := [batch for batch in data if not _is_batch(batch)]):
        raise OptionError(
            f"{name}: a list is to hold batches, each of them a tuple (x, y).\n"
            f"  One of them is {seen(strange[0])}.\n"
            "  Pass a tuple of arrays (x, y), or a list of tuples."
        )
    return data


def _is_batch(batch: object) -> bool:
    """Whether this is an x with a y, at least: as a loader may have them, in a list."""
    if isinstance(batch, list):
        return len(batch) > 1 and all(hasattr(part, "__array__") for part in batch)
    return isinstance(batch, tuple) and len(batch) > 1
