"""Uploads: a table that somebody sends, read without trust."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from ..data import Dataset, read_dataset
from ..errors import DataError, GlassworkError

__all__ = ["LARGEST", "dataset_of"]

LARGEST = 1_000_000  # bytes
WIDEST = 64  # columns
NAME = "upload.csv"


def dataset_of(body: bytes) -> Dataset:
    """The samples in a table of text, whose last column is the target.

    It is on the disk while it is read, in a folder of its own that is gone afterwards.

    Raises
    ------
    DataError
        If it is no such table, in words that name no path.
    """
    if body.startswith(b"\x1f\x8b"):
        raise DataError("the file is packed: unpack it, and send the table")
    if body.partition(b"\n")[0].count(b",") >= WIDEST:
        raise DataError(f"the file has more than {WIDEST} columns")
    with TemporaryDirectory(prefix="glasswork-") as folder:
        path = Path(folder, NAME)
        path.write_bytes(body)
        try:
            return read_dataset(path)
        except GlassworkError as error:
            raise DataError(str(error).replace(str(path), "the file")) from None
