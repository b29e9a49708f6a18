"""NumPy's .npy and .npz files, read without trust.

`numpy.load` reserves whatever memory a header asks for, and reads the header as Python. Here only a
header that describes an array of numbers or of text is understood (objects would run code as they
are loaded), and memory grows with what the file really holds.

A .npy file is ``magic | version | length | header | values``
(https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html):

    magic    6 bytes: 93, N U M P Y
    version  2 bytes: 1, 0, unless the header is longer than an array of numbers can make it
    length   2 bytes, little-endian: how many bytes the header has
    header   {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), } and spaces

A .npz file is a zip archive of them.
"""

from __future__ import annotations

import math
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Literal

import numpy as np
from numpy.typing import NDArray

from ...errors import DataError
from .streams import expect_end, open_binary, read_exactly

__all__ = ["names_in_npz", "read_npy", "read_npz"]

Array = NDArray[Any]

START = b"\x93NUMPY\x01\x00"
HEADER = re.compile(
    rb"\{ ?'descr': ?'(?P<dtype>[<>|=]?(?:b1|[iu][1248]|f[248]|U\d{1,6}))', ?"
    rb"'fortran_order': ?(?P<fortran>True|False), ?"
    rb"'shape': ?\((?P<shape>\d{1,19}(?:, ?\d{1,19}){0,63},?)\),? ?\}\s*"
)
PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ORDERS: dict[bytes, Literal["C", "F"]] = {b"False": "C", b"True": "F"}


def read_npy(path: Path) -> Array:
    """The array in a .npy file.

    Raises
    ------
    DataError
        If the file cannot be read, holds anything but numbers or text, or is not as long as its
        header says.
    """
    with open_binary(path) as stream:
        return _read_array(stream, path)


def names_in_npz(path: Path) -> list[str]:
    """What the arrays in a .npz file are called; DataError if it is no zip archive."""
    with _open_zip(path) as archive:
        return [name.removesuffix(".npy") for name in archive.namelist() if name.endswith(".npy")]


def read_npz(path: Path, names: Iterable[str]) -> dict[str, Array]:
    """The named arrays of a .npz file, read as by `read_npy`; the others are not looked at."""
    arrays = {}
    with _open_zip(path) as archive:
        for name in names:
            member = archive.getinfo(f"{name}.npy")
            if member.compress_type not in PACKINGS:
                raise zipfile.BadZipFile(f"{name} is packed in a way that NumPy does not use")
            with archive.open(member) as stream:
                arrays[name] = _read_array(stream, f"{path}: {name}")
    return arrays


@contextmanager
def _open_zip(path: Path) -> Iterator[zipfile.ZipFile]:
    with open_binary(path) as stream:
        try:
            with zipfile.ZipFile(stream) as archive:
                yield archive
        except (zipfile.BadZipFile, RuntimeError, UnicodeDecodeError) as error:
            raise DataError(
                f"cannot read {path}: {error}.\n  Write the file again with numpy.savez."
            ) from error


def _read_array(stream: IO[bytes], where: Path | str) -> Array:
    start = stream.read(len(START) + 2)
    header = stream.read(int.from_bytes(start[len(START) :], "little"))
    described = HEADER.fullmatch(header) if start.startswith(START) else None
    if described is None:
        told = f"It starts with {(start + header)[:80]!r}"
        if start.startswith(START):
            told = f"Its header is {header.decode('latin-1').rstrip()[:120]!a}"
        raise DataError(
            f"{where} is not an array of real numbers.\n"
            f"  {told}.\n"
            "  Save an array of whole or real numbers, of one axis at least, with numpy.save or"
            " numpy.savez; objects, records and complex numbers are not read."
        )
    dtype = np.dtype(described["dtype"].decode())
    shape = tuple(map(int, described["shape"].rstrip(b",").split(b",")))
    size = math.prod(shape) * dtype.itemsize
    if size == 0:
        raise DataError(f"{where} is empty.\n  Its shape is {shape}.\n  Save one sample at least.")
    values = np.frombuffer(read_exactly(stream, size, where), dtype)
    expect_end(stream, where)
    if dtype.kind == "U" and values.view(dtype.byteorder + "u4").max() > sys.maxunicode:
        raise DataError(f"{where} holds text with characters that there are not.\n  Save it again.")
    return values.reshape(shape, order=ORDERS[described["fortran"]])
