"""The header of a safetensors file: what it may say, read one entry after the other.

A parser of JSON makes objects of a whole text first, in up to twenty times its size. Here each
entry is checked before the next one is looked at, and a header that lies is refused where it begins
to.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError
from .files import parse_json

__all__ = ["DTYPES", "METADATA", "STORED", "Entry", "damaged", "read_header", "widened"]

METADATA = "__metadata__"
MOST_AXES = 64  # what NumPy can hold
MOST_TEXTS, LONGEST_ENTRY = 10_000, 10_000  # in the metadata; characters

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
STORED = DTYPES | {"BF16": np.dtype("<u2"), "BOOL": np.dtype("u1")}  # as the bytes are read

TEXT = r'"(?:[^"\\]++|\\.)*+"'
NAME = re.compile(rf"\s*+({TEXT})\s*+:\s*+")
VALUE = re.compile(rf'\{{(?:[^{{}}"]++|{TEXT})*+\}}')  # an object without objects in it
NEXT = re.compile(r"\s*+([,}])")


class Entry(NamedTuple):
    """One array of the header: where its bytes lie, and what they mean."""

    begin: int
    end: int
    name: str
    dtype: str
    shape: tuple[int, ...]


def damaged(problem: str, seen: str) -> DataError:
    """The error of a file that is not what the format asks for."""
    return DataError(
        f"{problem}\n  {seen}\n"
        "  The file is damaged or was never a safetensors file: write or fetch it again."
    )


def widened(halves: NDArray[Any]) -> NDArray[np.float32]:
    """The float32 of which bits of bfloat16 (uint16, in either byte order) are the upper halves.

    Examples
    --------
    >>> widened(np.array([0x3F80, 0xC000], np.uint16))
    array([ 1., -2.], dtype=float32)
    """
    wide = np.empty(halves.shape, np.float32)
    np.left_shift(halves, 16, out=wide.view(np.uint32), dtype=np.uint32)
    return wide


def read_header(header: bytes) -> tuple[list[Entry], dict[str, str]]:
    """The entries in their order, each checked as far as it can be alone, and the metadata.

    Raises
    ------
    DataError
        If it is no JSON, or says what a header does not.

    Examples
    --------
    >>> read_header(b'{"w": {"dtype": "U8", "shape": [3], "data_offsets": [0, 3]}}')
    ([Entry(begin=0, end=3, name='w', dtype='U8', shape=(3,))], {})
    """
    entries: dict[str, Entry] = {}
    metadata: dict[str, str] | None = None
    try:
        for name, words in _members(header.decode()):
            if name in entries or (name == METADATA and metadata is not None):
                raise damaged("the header is not JSON.", f"The name {name!r:.100} is used twice.")
            if name == METADATA:
                metadata = _metadata(words)
            else:
                entries[name] = _entry(name, words)
    except DataError:
        raise
    except ValueError as error:
        raise damaged("the header is not JSON.", str(error)) from None
    return list(entries.values()), metadata or {}


def _members(text: str) -> Iterator[tuple[str, str]]:
    """The names in an object, and the words of what each stands for: "" if that is no object."""
    if not text.startswith("{"):
        raise damaged("the header is not a JSON object.", f"It starts with {text[:8]!r}.")
    place, is_over = 1, text[1:].strip() == "}"
    while not is_over:
        if not (name := NAME.match(text, place)):
            raise ValueError(f"There is no name at {text[place : place + 40]!r}.")
        value = VALUE.match(text, name.end())
        yield parse_json(name[1]), value[0] if value else ""
        follows = NEXT.match(text, value.end() if value else name.end())
        if not follows:
            raise ValueError(f"It breaks off after {name[1]:.100}.")
        place, is_over = follows.end(), follows[1] == "}"
        if is_over and text[place:].strip():
            raise ValueError(f"It goes on with {text[place : place + 40]!r}.")


def _metadata(words: str) -> dict[str, str]:
    if sum(1 for _ in re.finditer(TEXT, words)) <= 2 * MOST_TEXTS:
        metadata = parse_json(words or "0")
        if isinstance(metadata, dict) and all(isinstance(v, str) for v in metadata.values()):
            return metadata
    raise damaged(f"{METADATA} must map text to text.", f"It is {words[:200] or 'no object'}.")


def _entry(name: str, words: str) -> Entry:
    described = parse_json(words) if 0 < len(words) <= LONGEST_ENTRY else None
    match described:
        case {"dtype": str(dtype), "shape": list(shape), "data_offsets": [begin, end]}:
            if dtype not in STORED:
                raise DataError(
                    f"{name!r} has the dtype {dtype!r}.\n"
                    f"  Known are {', '.join(STORED)}.\n"
                    "  Convert it to one of those with the program that wrote the file."
                )
            if _fits(found := Entry(begin, end, name, sys.intern(dtype), tuple(shape))):
                return found
    raise damaged(f"{name!r} is described wrongly.", f"Its entry is {words[:200] or 'no object'}.")


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
