"""How many threads NumPy's matrix products use: its BLAS takes all cores, also where that hurts.

A product is cut into one part for each thread, and the threads wait for each other at its end. For
the small products of a small network that costs more than it brings, the more so where other
programs want the cores. docs/threads.md has the figures.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from typing import Any

from .errors import MissingExtraError
from .limits import COUNT, checked

__all__ = ["SMALL", "threads", "threads_for"]

SMALL = 1 << 24  # multiplications of a product that one thread does as fast as two


@contextmanager
def threads(number: int) -> Iterator[None]:
    """A block in which NumPy's BLAS uses at most this many threads, in all Python threads.

    Sums of products are cut differently by different numbers of threads, so the last digits of
    results may change with it.

    Parameters
    ----------
    number : int
        From 1 up. Fewer than that stay what they are.

    Raises
    ------
    OptionError
        If it is no such number.
    MissingExtraError
        If threadpoolctl is not installed.

    Examples
    --------
    >>> with threads(1):
    ...     product = np.ones((3, 3)) @ np.ones((3, 3))
    """
    number = checked("threads", "the number", number, COUNT)
    try:
        controller = _controller()
    except ImportError as error:
        raise MissingExtraError.of("threads", "threadpoolctl", "limiting threads") from error
    with controller.limit(limits=min(number, _most())):
        yield


@contextmanager
def threads_for(multiplications: int | None, number: int | None = None) -> Iterator[None]:
    """A block with as many threads as suit its largest product, or with the number that is passed.

    Where threadpoolctl is not installed and no number is passed, nothing is changed.

    Parameters
    ----------
    multiplications : int or None
        Of the largest product; None if that is not known.
    number : int or None
        How many threads, where that is not to be chosen here.

    Examples
    --------
    >>> with threads_for(32 * 784 * 128):
    ...     product = np.ones((32, 784)) @ np.ones((784, 128))
    """
    small = multiplications is not None and multiplications <= SMALL
    if number is None and small and _is_there():
        number = 1
    if number is None:
        yield
        return
    with threads(number):
        yield


@cache
def _controller() -> Any:
    """What sets the threads of BLAS; made once, for it looks through the loaded libraries."""
    return import_module("threadpoolctl").ThreadpoolController().select(user_api="blas")


def _most() -> int:
    """How many threads BLAS uses now."""
    return max((int(library["num_threads"]) for library in _controller().info()), default=1)


def _is_there() -> bool:
    try:
        return _most() > 1  # with a single one there is nothing to choose
    except ImportError:
        return False
