"""Bars that tell how far a long job has come, on a terminal and where tqdm is installed."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sized
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

if TYPE_CHECKING:
    from tqdm import tqdm

__all__ = ["bar", "watched"]

Item = TypeVar("Item")
UNKNOWN_SIZE = {"ncols": 80, "nrows": 24}  # what terminals had


def bar(stream: TextIO, total: int | None, done: int = 0) -> tqdm[Any] | None:
    """A bar over batches, or None where there can be none.

    Parameters
    ----------
    stream : text stream
        Where it is drawn, if that is a terminal.
    total : int, optional
        How many batches there are, where that is known.
    done : int
        How many of them are behind us.
    """
    if not stream.isatty():
        return None
    try:
        from tqdm import tqdm
    except ImportError:
        return None
    known = {"dynamic_ncols": True} if _has_size(stream) else UNKNOWN_SIZE
    return tqdm(total=total, initial=done, unit=" batches", file=stream, leave=False, **known)


def _has_size(stream: TextIO) -> bool:
    """Whether a terminal says how large it is; some in containers say 0 × 0, or nothing."""
    try:
        return 0 not in os.get_terminal_size(stream.fileno())
    except OSError:
        return False


def watched(batches: Iterable[Item], wanted: bool) -> Iterator[Item]:
    """The batches one by one, and on standard error a bar, if that is wanted.

    Examples
    --------
    >>> list(watched([1, 2, 3], wanted=True))
    [1, 2, 3]
    """
    total = len(batches) if isinstance(batches, Sized) else None
    drawn = bar(sys.stderr, total) if wanted else None
    if drawn is None:
        yield from batches
        return
    with drawn:
        for batch in batches:
            yield batch
            drawn.update()
