"""Frames, read as the page reads them."""

from __future__ import annotations

import json
from typing import Any

import numpy as np


def unpacked(message: bytes) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """The header of a frame, and its arrays; all bytes are accounted for."""
    start = 4 + int.from_bytes(message[:4], "little")
    header, arrays = json.loads(message[4:start]), {}
    for described in header["arrays"]:
        dtype, shape = np.dtype("<" + described["dtype"]), described["shape"]
        count = int(np.prod(shape, dtype=int))
        arrays[described["name"]] = np.frombuffer(message, dtype, count, start).reshape(shape)
        start += count * dtype.itemsize
    assert start == len(message)
    return header, arrays
