"""What the readers of files share: their names, their bytes, and what is found in them.

The files are not trusted: plain or gzipped, never more of one is read than is really there.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple, cast

from numpy.typing import NDArray

from ...errors import DataError

__all__ = ["Parts", "expect_end", "kind_of", "open_binary", "read_exactly", "title_of"]

Array = NDArray[Any]

GZIP_MAGIC = b"\x1f\x8b"
PIECE = 1 << 20  # bytes asked for at a time


class Parts(NamedTuple):
    """Arrays as they stand in a file, those that are there.

    Shapes
    ------
    x, x_test : (samples, …)   y, y_test : (samples,) or (samples, outputs)
    """

    x: Array
    y: Array | None = None
    x_test: Array | None = None
    y_test: Array | None = None


def kind_of(path: Path) -> str:
    """The end of a file's name, in small letters and without that of gzip.

    Examples
    --------
    >>> kind_of(Path("houses.CSV.gz"))
    'csv'
    """
    return path.name.lower().removesuffix(".gz").rpartition(".")[2]


def title_of(path: Path) -> str:
    """What a dataset from this file is called.

    Examples
    --------
    >>> title_of(Path("houses.csv.gz"))
    'houses'
    """
    return Path(path.resolve().name.removesuffix(".gz")).stem


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
    """Nothing follows; DataError if something does."""
    if stream.read(1):
        raise DataError(
            f"{where} goes on after its values.\n"
            "  Its header promises fewer bytes than are there.\n"
            "  Fetch or write the file again."
        )
