"""Tables with words and empty cells, and .parquet files: what pandas reads."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import IO, Any

import numpy as np

from ...errors import DataError, MissingExtraError
from ..columns import Cells, Frame, Words
from .streams import kind_of, open_binary
from .tables import delimiter_of, names_columns

__all__ = ["read_frame"]


def read_frame(path: Path) -> Frame:
    """The table in a .csv, .tsv or .parquet file, plain or gzipped.

    In text a first line without a single number names the columns, lines of nothing are skipped,
    and cells that a line lacks at its end are empty.

    Raises
    ------
    MissingExtraError
        If pandas, or for .parquet files pyarrow, is not installed.
    DataError
        If the file cannot be read, or holds no samples.
    """
    pandas = _required("pandas", path)
    if is_parquet := kind_of(path) == "parquet":
        _required("pyarrow", path)
    with open_binary(path) as stream:
        try:
            frame = _typed(pandas, stream) if is_parquet else _text(pandas, path, stream)
        except (OSError, MemoryError):
            raise
        except Exception as error:  # pandas' and pyarrow's errors have no other root
            raise DataError(
                f"{path} is not a table that pandas reads: {str(error).strip()}.\n"
                "  Write a cell for each column in every line, in UTF-8; or Parquet."
            ) from error
    if not frame.cells or not len(_rows(frame.cells[0])):
        raise DataError(f"{path} holds no samples.\n  Write a line for each.")
    return frame


def _required(package: str, path: Path) -> Any:
    try:
        return import_module(package)
    except ImportError:
        purpose = f"reading a table with words or empty cells, or in Parquet, such as {path},"
        raise MissingExtraError.of("tables", package, purpose) from None


def _text(pandas: Any, path: Path, stream: IO[bytes]) -> Frame:
    """A table of text: all of its cells as they stand there."""
    found = pandas.read_csv(
        stream,
        sep=delimiter_of(path),
        header=None,
        index_col=False,
        dtype=str,
        keep_default_na=False,
        encoding="utf-8-sig",
    )
    columns = [_words(pandas, found.pop(place)) for place in list(found.columns)]
    blank = [np.array([not c.strip() for c in cells.different])[cells.rows] for cells in columns]
    rows = np.flatnonzero(~np.logical_and.reduce(blank))
    first = [cells.different[cells.rows[row]] for row in rows[:1] for cells in columns]
    named = names_columns(first)
    names = tuple(cell.strip() for cell in first) if named else ()
    return Frame(names, tuple(cells.at(rows[named:]) for cells in columns))


def _typed(pandas: Any, stream: IO[bytes]) -> Frame:
    """A table whose columns have types: numbers stay what they are, all else is words."""
    found = pandas.read_parquet(stream, engine="pyarrow", use_threads=False)
    cells: list[Cells] = []
    for place in range(found.shape[1]):
        column = found.iloc[:, place]
        if column.dtype.kind in "iuf":
            cells.append(column.to_numpy(np.float64, na_value=np.nan))
        else:
            cells.append(_words(pandas, column.astype(object).where(column.notna(), "")))
    return Frame(tuple(str(name).strip() for name in found.columns), tuple(cells))


def _words(pandas: Any, column: Any) -> Words:
    rows, different = pandas.factorize(column)
    return Words([str(cell) for cell in different], rows)


def _rows(cells: Cells) -> Any:
    return cells.rows if isinstance(cells, Words) else cells
