"""Places that a loop reads, as a rule where there is one: a run, a repetition, a table."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

__all__ = ["Pattern", "pattern"]


class Pattern(NamedTuple):
    """place(i) = start + step · i, or i % every, or i // every, or what a table says."""

    kind: str  # "run", "tile", "repeat" or "table"
    start: int = 0
    step: int = 0
    every: int = 1


def pattern(places: np.ndarray) -> Pattern:
    """The rule that gives these places.

    Examples
    --------
    >>> pattern(np.array([6, 4, 2]))
    Pattern(kind='run', start=6, step=-2, every=1)
    >>> pattern(np.array([0, 1, 0, 1])).kind, pattern(np.array([0, 0, 1, 1])).kind
    ('tile', 'repeat')
    """
    n = places.size
    step = int(places[1] - places[0]) if n > 1 else 0
    if (places == places[0] + step * np.arange(n)).all():
        return Pattern("run", int(places[0]), step)
    count = int(places.max()) + 1
    if (places == np.arange(n) % count).all():
        return Pattern("tile", every=count)
    count = -(-n // count)
    if (places == np.arange(n) // count).all():
        return Pattern("repeat", every=count)
    return Pattern("table")
