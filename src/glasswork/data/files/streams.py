"""Reading files that are not trusted: plain or gzipped, and never more than is really there."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from ...errors import DataError

__all__ = ["expect_end", "open_binary", "read_exactly"]

GZIP_MAGIC = b"\x1f\x8b"
PIECE = 1 << 20  # bytes asked for at a time


@contextmanager
def open_binary(path: Path) -> Iterator[IO[bytes]]:
    """The content of a file, unpacked when it is gzipped, whatever its name says.

    Raises
    ------
    DataError
        If the file cannot be opened, or breaks while it is read inside the `with`.
    """
    try:
        with path.open("rb") as file:
            packed = file.read(2) == GZIP_MAGIC
            file.seek(0)
            if packed:
                with gzip.open(file) as unpacked:
                    yield cast(IO[bytes], unpacked)
            else:
                yield file
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or error
        raise DataError(
            f"cannot read {path}: {reason}.\n  Check the path, and that the file came down whole."
        ) from error


def read_exactly(stream: IO[bytes], count: int, where: Path | str) -> bytearray:
    """The next `count` bytes, gathered in pieces: a header that lies costs no memory.

    Raises
    ------
    DataError
        If there are fewer.
    """
    found = bytearray()
    while len(found) < count and (piece := stream.read(min(PIECE, count - len(found)))):
        found += piece
    if len(found) < count:
        raise DataError(
            f"{where} is cut short.\n"
            f"  Its header promises {count:,} bytes more, and {len(found):,} are there.\n"
            "  Fetch or write the file again."
        )
    return found


def expect_end(stream: IO[bytes], where: Path | str) -> None:
    """Nothing follows.

    Raises
    ------
    DataError
        If something does.
    """
    if stream.read(1):
        raise DataError(
            f"{where} goes on after its values.\n"
            "  Its header promises fewer bytes than are there.\n"
            "  Fetch or write the file again."
        )
