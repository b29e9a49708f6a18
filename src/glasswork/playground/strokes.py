"""Strokes: a drawn digit brought into the form of the digits that the network has learned."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import OptionError

__all__ = ["digit_of"]

Array = NDArray[Any]

SIDE, WIDTH = 32, 20  # points of a bitmap along a side, and how wide a digit on it is
NARROW = 0.4  # width over height, from which on a digit is stretched
THIN, THICK = 0.24, 0.42  # the share of dark points, from and up to which strokes stay as they are


def digit_of(raster: Array) -> Array:
    """The 8×8 counts of dark points, from 0 to 1, of a drawing of any size.

    As with the digits of UCI: what is dark is cut out, brought to 20×32 points in the middle of
    32×32 (what is very narrow, such as a 1, keeps its form), made thicker or thinner if it is far
    from their strokes, and counted in squares of 4×4.

    Parameters
    ----------
    raster : array
        The drawing, (size, size), from 0 for white to 1 for black.

    Raises
    ------
    OptionError
        If nothing is drawn.

    Examples
    --------
    >>> one = np.zeros((20, 20))
    >>> one[2:18, 9:12] = 1
    >>> (digit_of(one) * 16).astype(int)[3].tolist()
    [0, 0, 0, 16, 16, 0, 0, 0]
    """
    ink = raster > 0.5
    if not ink.any():
        raise OptionError("nothing is drawn")
    top, bottom = np.flatnonzero(ink.any(axis=1))[[0, -1]]
    left, right = np.flatnonzero(ink.any(axis=0))[[0, -1]]
    bitmap = _placed(ink[top : bottom + 1, left : right + 1])
    while bitmap.mean() < THIN and (thicker := _spread(bitmap)).mean() < THICK:
        bitmap = thicker
    while bitmap.mean() > THICK and (thinner := ~_spread(~bitmap)).mean() > THIN:
        bitmap = thinner
    counts = bitmap.reshape(8, 4, 8, 4).sum(axis=(1, 3))
    return np.asarray(counts / 16, np.float32)


def _placed(ink: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The cut-out, of the size and in the place of a digit on a bitmap."""
    height, width = ink.shape
    tall = SIDE if height >= NARROW * width else max(round(SIDE * height / width), 1)
    wide = WIDTH if width >= NARROW * height else max(round(SIDE * width / height), 1)
    rows = (np.arange(tall) + 0.5) * height / tall
    columns = (np.arange(wide) + 0.5) * width / wide
    bitmap = np.zeros((SIDE, SIDE), np.bool_)
    above, before = (SIDE - tall) // 2, (SIDE - wide) // 2
    bitmap[above : above + tall, before : before + wide] = ink[
        np.ix_(rows.astype(int), columns.astype(int))
    ]
    return bitmap


def _spread(dark: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Dark points, and their neighbours above, below, left and right."""
    grown = dark.copy()
    grown[1:] |= dark[:-1]
    grown[:-1] |= dark[1:]
    grown[:, 1:] |= dark[:, :-1]
    grown[:, :-1] |= dark[:, 1:]
    return grown
