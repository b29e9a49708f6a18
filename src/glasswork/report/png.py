"""Small pictures as PNG, inside the page."""

from __future__ import annotations

import zlib
from base64 import b64encode
from struct import pack
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["ink", "png"]


def png(picture: NDArray[Any]) -> str:
    """A picture as the address of an image.

    Parameters
    ----------
    picture : array of uint8
        Grey, (rows, columns), or red, green and blue, (rows, columns, 3).

    Examples
    --------
    >>> png(np.zeros((2, 2), np.uint8))[:30]
    'data:image/png;base64,iVBORw0K'
    """
    rows, columns = picture.shape[:2]
    kind = 2 if picture.ndim == 3 else 0
    lines = b"".join(b"\0" + row.tobytes() for row in np.ascontiguousarray(picture))
    head = pack(">IIBBBBB", columns, rows, 8, kind, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b"")]
    file = b"\x89PNG\r\n\x1a\n" + b"".join(
        pack(">I", len(data)) + name + data + pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )
    return "data:image/png;base64," + b64encode(file).decode()


def ink(values: NDArray[Any]) -> NDArray[np.uint8]:
    """Numbers as shades of grey: the largest is black, and 0, or the least, white."""
    low, high = min(float(values.min()), 0.0), float(values.max())
    share = (values - low) / ((high - low) or 1.0)
    return (255 - 255 * share).round().astype(np.uint8)
