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
import os
from collections.abc import Mapping
from io import BufferedReader
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError, DtypeError, OptionError
from ..limits import MAPPING, checked, path_of
from .files import atomic_write
from .headers import DTYPES, METADATA, STORED, Entry, damaged, read_header, widened

__all__ = ["read_safetensors", "write_safetensors"]

Array = NDArray[Any]

LONGEST_HEADER = 100_000_000  # bytes; the limit of the reference implementation
NAMES = {dtype: name for name, dtype in DTYPES.items()}


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
    checked("write_safetensors", "tensors", tensors, MAPPING)
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
    about = (
        {}
        if metadata is None
        else dict(checked("write_safetensors", "metadata", metadata, MAPPING))
    )
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
    place = path_of("load", path)
    if place.is_dir():
        raise DataError(f"{place} is a folder.\n  Pass a file in it, such as model.safetensors.")
    try:
        with place.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(0)
            entries, metadata = _read_header(file, size)
            placed = sorted(entries)
            _check_tiling(placed, size - file.tell())
            arrays = {entry.name: _read_array(file, entry) for entry in placed}
    except DataError as error:
        raise DataError(f"{os.fspath(path)}: {error}") from None
    return {entry.name: arrays[entry.name] for entry in entries}, metadata


def _read_header(file: BufferedReader, size: int) -> tuple[list[Entry], dict[str, str]]:
    length = int.from_bytes(file.read(8), "little")
    if not 2 <= length <= min(size - 8, LONGEST_HEADER):
        raise damaged(
            "it does not begin as a file of safetensors.",
            f"Its first 8 bytes tell of a header of {length:,} bytes. The file has {size:,}, and no"
            f" header has more than {LONGEST_HEADER:,}.",
        )
    return read_header(file.read(length))


def _check_tiling(entries: list[Entry], size: int) -> None:
    """Refuse arrays that overlap, leave bytes between them, or do not end where the file ends."""
    covered = 0
    for entry in entries:
        if entry.begin != covered:
            place = "overlaps" if entry.begin < covered else "leaves a hole after"
            raise damaged(
                f"{entry.name!r} {place} what is before it.",
                f"It starts at byte {entry.begin:,}, what is before it ends at {covered:,}.",
            )
        covered = entry.end
    if covered != size:
        raise damaged(
            f"the data are {'cut off' if covered > size else 'followed by other bytes'}.",
            f"The header describes {covered:,} bytes, the file has {size:,}.",
        )


def _read_array(file: BufferedReader, entry: Entry) -> Array:
    array: Array = np.empty(entry.shape, STORED[entry.dtype])
    if file.readinto(array.reshape(-1).view(np.uint8).data) != array.nbytes:
        raise damaged(f"{entry.name!r} is cut off.", "The file shrank while it was being read.")
    if entry.dtype == "BF16":
        return widened(array)
    if entry.dtype == "BOOL":  # any other bit pattern would be undefined
        return np.asarray(array != 0)
    return array.astype(array.dtype.newbyteorder("="), copy=False)
