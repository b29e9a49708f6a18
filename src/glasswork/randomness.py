"""Where random numbers come from: a Generator that the caller passes, or this thread's own.

NumPy's global state (`np.random.seed`, `np.random.rand`) is never read or written. What draws
takes an argument `rng`, and asks `generator(rng)` for the Generator to draw from.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import TypeAlias

import numpy as np

from .errors import OptionError

__all__ = ["RandomSource", "generator", "seed"]

RandomSource: TypeAlias = "int | np.random.Generator | None"  # not evaluated: it loads late

_default: ContextVar[np.random.Generator] = ContextVar("glasswork_default_generator")


def seed(n: int) -> None:
    """Give everything in this thread that is given no Generator one that is seeded with `n`.

    A new thread starts with a generator of its own, unseeded: it calls `seed` itself if its numbers
    are to be repeatable, and disturbs no other thread. (What copies its caller's context, as
    `asyncio.to_thread` does, goes on drawing from the caller's generator until it calls `seed`.)

    Parameters
    ----------
    n : int
        0 or more.

    Raises
    ------
    OptionError
        If n is no such number.

    Examples
    --------
    >>> seed(0)
    >>> first = generator().random()
    >>> seed(0)
    >>> generator().random() == first
    True
    """
    _default.set(_seeded(n))


def generator(rng: RandomSource = None) -> np.random.Generator:
    """The Generator that `rng` stands for.

    Parameters
    ----------
    rng : None, int or numpy.random.Generator
        None is this thread's default generator, see `seed`; a number seeds a new one; a Generator
        is itself, so that several things can draw from one stream.

    Raises
    ------
    OptionError
        If rng is none of the three.

    Examples
    --------
    >>> generator(7).integers(100) == generator(7).integers(100)
    np.True_
    >>> own = np.random.default_rng(7)
    >>> generator(own) is own
    True
    """
    if isinstance(rng, np.random.Generator):
        return rng
    if rng is not None:
        return _seeded(rng)
    try:
        return _default.get()
    except LookupError:
        _default.set(np.random.default_rng())
        return _default.get()


def _seeded(n: object) -> np.random.Generator:
    if isinstance(n, int | np.integer) and n >= 0:
        return np.random.default_rng(n)
    raise OptionError(
        f"randomness: {n!r} is no seed and no Generator.\n"
        "  Pass a whole number from 0 up, numpy.random.default_rng(…), or None for the default."
    )
