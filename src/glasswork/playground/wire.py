"""What goes over the wire: replies as JSON, and frames as bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from math import isfinite
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Picture", "as_json", "packed", "scaled"]

Array = NDArray[Any]

LARGEST = 1e30  # that is told from larger numbers


class Picture(NamedTuple):
    """Bytes from 0 for low to 255 for high."""

    cells: NDArray[np.uint8]
    low: float
    high: float


def scaled(array: Array, low: float | None = None, high: float | None = None) -> Picture:
    """Numbers as a picture, from the lowest to the highest if nothing else is said."""
    array = np.nan_to_num(array).clip(-LARGEST, LARGEST)
    low = float(array.min()) if low is None else low
    high = float(array.max()) if high is None else high
    shares = ((array - low) / ((high - low) or 1.0)).clip(0, 1)
    return Picture(np.rint(255 * shares).astype(np.uint8), low, high)


def as_json(value: Any) -> str:
    """JSON, which has no word for what is not finite: null.

    Examples
    --------
    >>> as_json({"loss": float("nan"), "steps": 3})
    '{"loss":null,"steps":3}'
    """
    return json.dumps(_finite(value), allow_nan=False, ensure_ascii=False, separators=(",", ":"))


def packed(header: Mapping[str, Any], arrays: Mapping[str, Array | Picture]) -> bytes:
    """A header and arrays as one message.

    The length of the header as a 32-bit number, the header as JSON, filled up with spaces to a
    multiple of four, and the arrays one after the other, those of floats first. All of it is
    little-endian.
    """
    described: list[dict[str, Any]] = []
    parts = []
    for name, given in sorted(arrays.items(), key=lambda item: isinstance(item[1], Picture)):
        array = given.cells if isinstance(given, Picture) else given.astype("<f4")
        described.append({"name": name, "dtype": array.dtype.str[-2:], "shape": array.shape})
        if isinstance(given, Picture):
            described[-1] |= {"low": given.low, "high": given.high}
        parts.append(array.tobytes())
    text = as_json({**header, "arrays": described}).encode()
    text += b" " * (-len(text) % 4)
    return b"".join([len(text).to_bytes(4, "little"), text, *parts])


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, dict):
        return {name: _finite(part) for name, part in value.items()}
    return [_finite(part) for part in value] if isinstance(value, list | tuple) else value
