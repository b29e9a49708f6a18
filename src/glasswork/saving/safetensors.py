"""The safetensors format, read and written with NumPy alone.

A file is ``length | header | data`` (https://github.com/huggingface/safetensors):

    length   8 bytes, little-endian: how many bytes the header has
    header   JSON, padded with spaces: {"__metadata__": {text: text}, name: entry, …}
             entry = {"dtype": "F32", "shape": [3, 2], "data_offsets": [begin, end]}
    data     the arrays, little-endian, rows first, one after the other without a gap

The reader believes nothing: each number is checked against the size of the file before a byte
is allocated for it.
"""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Mapping
from io import BufferedReader
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError, DtypeError, OptionError
from .bfloat16 import widened
from .files import atomic_write, parse_json

__all__ = ["read_safetensors", "write_safetensors"]

Array = NDArray[Any]

LONGEST_HEADER = 100_000_000  # bytes; the limit of the reference implementation
METADATA = "__metadata__"
MOST_AXES = 64  # what NumPy can hold

DTYPES: dict[str, np.dtype[Any]] = {
    "F64": np.dtype("<f8"),
    "F32": np.dtype("<f4"),
    "F16": np.dtype("<f2"),
    "I64": np.dtype("<i8"),
    "I32": np.dtype("<i4"),
    "I16": np.dtype("<i2"),
    "I8": np.dtype("i1"),
    "U64": np.dtype("<u8"),
    "U32": np.dtype("<u4"),
    "U16": np.dtype("<u2"),
    "U8": np.dtype("u1"),
    "BOOL": np.dtype("?"),
}
NAMES = {dtype: name for name, dtype in DTYPES.items()}
STORED = DTYPES | {"BF16": np.dtype("<u2"), "BOOL": np.dtype("u1")}  # as the bytes are read


class Entry(NamedTuple):
    """One array of the header: where its bytes lie, and what they mean."""

    begin: int
    end: int
    name: str
    dtype: str
    shape: tuple[int, ...]


def write_safetensors(
    path: str | os.PathLike[str],
    tensors: Mapping[str, Array],
    metadata: Mapping[str, str] | None = None,
) -> None:
    """Write named arrays, and texts about them, to one safetensors file, atomically.

    Parameters
    ----------
    path : str or path
        The file; an older one is replaced only when the new one is complete.
    tensors : mapping from name to array
        Any shape and strides, any byte order.
    metadata : mapping from text to text, optional
        What else the reader should know.

    Raises
    ------
    DtypeError
        If an array's dtype has no place in the format (complex, text, objects).
    OptionError
        If a name or the metadata is not text, or all of it is longer than a header may be.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_safetensors(f"{folder}/a", {"w": np.float32([1, 2])}, {"made by": "hand"})
    ...     read_safetensors(f"{folder}/a")
    ({'w': array([1., 2.], dtype=float32)}, {'made by': 'hand'})
    """
    arrays = {name: _little_endian(name, array) for name, array in tensors.items()}
    placed = sorted(arrays, key=lambda name: -arrays[name].itemsize)  # so each is aligned
    header = _header(arrays, placed, metadata)
    with atomic_write(path, "wb") as file:
        file.write(len(header).to_bytes(8, "little"))
        file.write(header)
        for name in placed:
            file.write(np.ascontiguousarray(arrays[name]).data)


def _little_endian(name: str, array: Array) -> Array:
    array = np.asarray(array)
    if (dtype := array.dtype.newbyteorder("<")) not in NAMES:
        raise DtypeError(
            f"write_safetensors: {name!r} has the dtype {array.dtype}.\n"
            f"  The format holds {', '.join(str(known) for known in NAMES)}.\n"
            "  Convert it first, for example with array.astype(np.float32)."
        )
    return array.astype(dtype, copy=False)


def _header(
    arrays: Mapping[str, Array], placed: list[str], metadata: Mapping[str, str] | None
) -> bytes:
    """The header's bytes: entries in the caller's order, offsets in the order `placed`."""
    about = dict(metadata or {})
    texts = [*arrays, *about, *about.values()]
    if METADATA in arrays or not all(isinstance(text, str) for text in texts):
        raise OptionError(
            "write_safetensors: names and metadata must be text.\n"
            f"  The names are {list(arrays)}, the metadata is {about}.\n"
            f"  Use str everywhere, and call no tensor {METADATA!r}."
        )
    edges = accumulate((arrays[name].nbytes for name in placed), initial=0)
    offsets = dict(zip(placed, pairwise(edges), strict=True))
    entries: dict[str, object] = {METADATA: about} if about else {}
    for name, array in arrays.items():
        entries[name] = {
            "dtype": NAMES[array.dtype],
            "shape": array.shape,
            "data_offsets": offsets[name],
        }
    header = json.dumps(entries, separators=(",", ":")).encode()
    header += b" " * (-len(header) % 8)
    if len(header) > LONGEST_HEADER:
        raise OptionError(
            f"write_safetensors: the header would take {len(header):,} bytes.\n"
            f"  The format allows {LONGEST_HEADER:,}.\n"
            "  Save fewer tensors to one file, or shorten their names and the metadata."
        )
    return header


def read_safetensors(path: str | os.PathLike[str]) -> tuple[dict[str, Array], dict[str, str]]:
    """Read the arrays of a safetensors file, in the order of its header, and its metadata.

    Each array is a copy of its own: writable, aligned, in this machine's byte order. BF16, which
    NumPy lacks, becomes float32, which holds each of its values.

    Raises
    ------
    DataError
        If the file is not what the format asks for in any respect.
    OSError
        If the file cannot be opened or read.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_safetensors(f"{folder}/a", {"scale": np.array(2.0), "none": np.ones((0, 3))})
    ...     read_safetensors(f"{folder}/a")
    ({'scale': array(2.), 'none': array([], shape=(0, 3), dtype=float64)}, {})
    """
    try:
        with Path(path).open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(0)
            header = _read_header(file, size)
            metadata = _metadata(header.pop(METADATA, {}))
            entries = sorted(_entry(name, entry) for name, entry in header.items())
            _check_tiling(entries, size - file.tell())
            arrays = {entry.name: _read_array(file, entry) for entry in entries}
    except DataError as error:
        raise DataError(f"{os.fspath(path)}: {error}") from None
    return {name: arrays[name] for name in header}, metadata


def _damaged(problem: str, seen: str) -> DataError:
    return DataError(
        f"{problem}\n  {seen}\n"
        "  The file is damaged or was never a safetensors file: write or fetch it again."
    )


def _read_header(file: BufferedReader, size: int) -> dict[str, Any]:
    length = int.from_bytes(file.read(8), "little")
    if not 2 <= length <= min(size - 8, LONGEST_HEADER):
        raise _damaged(
            f"the header cannot have {length:,} bytes.",
            f"The file has {size:,}, and no header has more than {LONGEST_HEADER:,}.",
        )
    text = file.read(length)
    try:
        header = parse_json(text.decode())
    except ValueError as error:
        raise _damaged("the header is not JSON.", str(error)) from None
    if text[:1] != b"{":
        raise _damaged("the header is not a JSON object.", f"It starts with {text[:8]!r}.")
    return dict(header)


def _metadata(metadata: object) -> dict[str, str]:
    if not isinstance(metadata, dict) or not all(isinstance(v, str) for v in metadata.values()):
        raise _damaged(f"{METADATA} must map text to text.", f"It is {metadata!r:.200}.")
    return metadata


def _entry(name: str, entry: object) -> Entry:
    """One entry of the header, checked as far as it can be alone."""
    match entry:
        case {"dtype": str(dtype), "shape": list(shape), "data_offsets": [begin, end]}:
            if dtype not in STORED:
                raise DataError(
                    f"{name!r} has the dtype {dtype!r}.\n"
                    f"  Known are {', '.join(STORED)}.\n"
                    "  Convert it to one of those with the program that wrote the file."
                )
            if _fits(found := Entry(begin, end, name, dtype, tuple(shape))):
                return found
    raise _damaged(f"{name!r} is described wrongly.", f"Its entry is {entry!r:.200}.")


def _fits(entry: Entry) -> bool:
    """Whether the entry's numbers are counts, and its shape fills its bytes."""
    numbers = (*entry.shape, entry.begin, entry.end)
    item = STORED[entry.dtype].itemsize
    return (
        all(type(number) is int and number >= 0 for number in numbers)
        and len(entry.shape) <= MOST_AXES
        and item * math.prod(entry.shape) == entry.end - entry.begin
        and item * math.prod(n or 1 for n in entry.shape) <= sys.maxsize  # empty ones too
    )


def _check_tiling(entries: list[Entry], size: int) -> None:
    """Refuse arrays that overlap, leave bytes between them, or do not end where the file ends."""
    covered = 0
    for entry in entries:
        if entry.begin != covered:
            place = "overlaps" if entry.begin < covered else "leaves a hole after"
            raise _damaged(
                f"{entry.name!r} {place} what is before it.",
                f"It starts at byte {entry.begin:,}, what is before it ends at {covered:,}.",
            )
        covered = entry.end
    if covered != size:
        raise _damaged(
            f"the data are {'cut off' if covered > size else 'followed by other bytes'}.",
            f"The header describes {covered:,} bytes, the file has {size:,}.",
        )


def _read_array(file: BufferedReader, entry: Entry) -> Array:
    array: Array = np.empty(entry.shape, STORED[entry.dtype])
    if file.readinto(array.reshape(-1).view(np.uint8).data) != array.nbytes:
        raise _damaged(f"{entry.name!r} is cut off.", "The file shrank while it was being read.")
    if entry.dtype == "BF16":
        return widened(array)
    if entry.dtype == "BOOL":  # any other bit pattern would be undefined
        return np.asarray(array != 0)
    return array.astype(array.dtype.newbyteorder("="), copy=False)
