"""The format bfloat16, which NumPy lacks: the upper half of a float32."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["widened"]


def widened(halves: NDArray[Any]) -> NDArray[np.float32]:
    """The float32 of which these bits (uint16, in either byte order) are the upper halves.

    Examples
    --------
    >>> widened(np.array([0x3F80, 0xC000], np.uint16))
    array([ 1., -2.], dtype=float32)
    """
    wide = np.empty(halves.shape, np.float32)
    np.left_shift(halves, 16, out=wide.view(np.uint32), dtype=np.uint32)
    return wide
