"""Tables as a network takes them: a dataset to learn from, and new rows of the same columns."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial
from os import PathLike
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...errors import DataError, MissingExtraError, OptionError
from ...limits import path_of
from ..columns import (
    Cells,
    Column,
    Frame,
    Words,
    are_numbers,
    as_words,
    codes_of,
    decide,
    features_of,
    numbers_of,
)
from ..dataset import Dataset, Task
from ..targets import find_targets
from .frames import read_frame
from .streams import kind_of, title_of
from .tables import LONGEST_NAME, Choose, NotPlainError, read_plain, target_column

__all__ = ["Rows", "is_table", "read_numbers", "read_rows", "read_table"]

Array = NDArray[Any]


class Rows(NamedTuple):
    """New rows for a network, the table as it stands, and what there is to tell of them.

    Shapes
    ------
    x : (samples, features), float32; NaN for a number that is missing, -1 for an unknown word
    """

    x: Array
    table: dict[str, Cells]
    remarks: list[str]


def is_table(path: Path) -> bool:
    """Whether a file of this name is a table of text, or of typed columns.

    Examples
    --------
    >>> is_table(Path("houses.csv.gz")), is_table(Path("houses.npz"))
    (True, False)
    """
    return kind_of(path) in ("csv", "tsv", "parquet")


def read_table(
    path: Path, target: int | str | None, task: Task | None, categories: Collection[str]
) -> Dataset:
    """The dataset in a table; parameters and errors are those of `read_dataset`.

    Rows without a target are left out, and so are columns that cannot help, see
    `glasswork.data.columns.decide`.
    """
    choose = partial(target_column, path, target, None)
    frame = _read(path, choose, plain=not len(categories))
    width = len(frame.cells)
    names = frame.names or _places(width)
    place = choose(width, frame.names) or 0
    if unknown := [name for name in categories if name not in names]:
        raise OptionError(
            f"{path} has no column {unknown[0]!r}.\n"
            f"  There are {', '.join(names)}.\n"
            "  Pass names of columns that hold categories."
        )
    y, there = _targets(path, names[place], frame.cells[place])
    found = find_targets(path, y[there], task)
    columns, features = [], []
    for name, cells in zip(names, frame.cells, strict=True):
        if name == names[place]:
            columns.append(Column(name, "target", missing=int((~there).sum())))
            continue
        column, values = decide(path, name, _at(cells, there), name in categories)
        columns.append(column)
        if column.kind != "left out":
            features.append(values)
    if not features:
        raise DataError(
            f"{path} has no column to learn from.\n"
            f"  {'; '.join(f'{c.name}: {c.remark}' for c in columns[:9] if c.remark)}.\n"
            "  Write a column at least whose numbers or words differ, and not in every row."
        )
    return Dataset(
        name=title_of(path),
        x=np.column_stack(features).astype(np.float32),
        y=found.y,
        task=found.task,
        classes=found.classes,
        features=tuple(c.name for c in features_of(columns)) if frame.names else (),
        columns=tuple(columns),
        source=str(path),
    )


def read_numbers(path: Path, target: int | str | None, inputs: int) -> Array:
    """The features in a table of numbers; parameters and errors are those of `read_samples`."""
    choose = partial(target_column, path, target, inputs)
    names, cells = _read(path, choose, plain=True)
    names = names or _places(len(cells))
    place = choose(len(cells), names)
    kept = (pair for i, pair in enumerate(zip(names, cells, strict=True)) if i != place)
    return np.column_stack([numbers_of(path, name, column) for name, column in kept])


def read_rows(path: str | PathLike[str], columns: Sequence[Column]) -> Rows:
    """New rows of a table with these columns, by their names; others are passed over.

    A table without names has all of the columns, or all but that of the targets, in their order.

    Parameters
    ----------
    path : path
        A .csv, .tsv or .parquet file.
    columns : sequence of Column
        Those of the dataset that the network learned.

    Raises
    ------
    MissingExtraError
        If pandas is needed to read it, and not installed.
    DataError
        If it cannot be read, columns are missing, or words stand where numbers should.
    """
    path = path_of("read_rows", path)
    features = features_of(columns)
    known = [column.name for column in columns]
    target = next((column.name for column in columns if column.kind == "target"), None)

    def names_of(width: int, names: Sequence[str]) -> Sequence[str]:
        if names and known != list(_places(len(known))):
            return names
        return known if width == len(known) else [name for name in known if name != target]

    def choose(width: int, names: Sequence[str]) -> int | None:
        found = names_of(width, names)
        return found.index(target) if target in found else None

    frame = _read(path, choose, plain=all(column.kind == "number" for column in features))
    names = names_of(len(frame.cells), frame.names)
    _check_columns(path, names, len(frame.cells), features)
    cells = dict(zip(names, frame.cells, strict=True))
    found = [_values(path, column, cells[column.name]) for column in features]
    remarks = [remark for values, remark in found if remark]
    x = np.column_stack([values for values, _ in found])
    return Rows(x.astype(np.float32), cells, remarks)


def _read(path: Path, choose: Choose, plain: bool) -> Frame:
    """A table, with pandas if it is not plain numbers or is not to be read so."""
    frame = _read_any(path, choose, plain)
    if len(set(frame.names)) < len(frame.names):
        twice = next(name for name in frame.names if frame.names.count(name) > 1)
        raise DataError(f"{path} has two columns called {twice!r}.\n  Give each a name of its own.")
    return frame


def _read_any(path: Path, choose: Choose, plain: bool) -> Frame:
    if not plain or kind_of(path) == "parquet":
        return read_frame(path)
    try:
        return read_plain(path, choose)
    except NotPlainError as error:
        try:
            return read_frame(path)
        except MissingExtraError as missing:
            raise MissingExtraError(f"{str(error).splitlines()[0]}\n  {missing}") from None


def _targets(path: Path, name: str, cells: Cells) -> tuple[Array, NDArray[np.bool_]]:
    """The target of each row, and in which rows there is one."""
    if are_numbers(cells):
        y = numbers_of(path, name, cells)
        there = ~np.isnan(y)
    else:
        cells = as_words(cells)
        words = [cell.strip() for cell in cells.different]
        if max(map(len, words)) > LONGEST_NAME:
            raise DataError(
                f"{path}, column {name}: {max(words, key=len)[:30]!r}… is too long for a class.\n"
                f"  Name each class with at most {LONGEST_NAME} letters, or pass another target."
            )
        y = np.array(words)[cells.rows]
        there = y != ""
    if not there.any():
        raise DataError(f"{path}: column {name} has no targets.\n  Pass another target.")
    return y, there


def _values(path: Path, column: Column, cells: Cells) -> tuple[Array, str]:
    """The values of a feature, and what there is to tell of them."""
    if column.kind == "number":
        numbers = numbers_of(path, column.name, cells)
        missing = int(np.isnan(numbers).sum())
        told = f"{column.name}: {missing:,} missing, the median takes their place"
        return numbers, told if missing else ""
    codes = codes_of(column.words, cells)
    unknown = int((codes < 0).sum())
    told = f"{column.name}: {unknown:,} not among the words that were learned"
    return codes, told if unknown else ""


def _check_columns(
    path: Path, names: Sequence[str], width: int, features: Sequence[Column]
) -> None:
    if len(names) != width:
        raise DataError(
            f"{path} has {width:,} columns without names, and the network knows {len(names):,}.\n"
            "  Write the columns that it was trained on in their order, or their names above them."
        )
    if missing := [column.name for column in features if column.name not in names]:
        raise DataError(
            f"{path} lacks the column{'s' * (len(missing) > 1)} {', '.join(missing[:20])}.\n"
            f"  There are {', '.join(names[:20])}.\n"
            "  Write the columns that the network was trained on, under the same names."
        )


def _at(cells: Cells, there: NDArray[np.bool_]) -> Cells:
    if there.all():
        return cells
    return cells.at(np.flatnonzero(there)) if isinstance(cells, Words) else cells[there]


def _places(width: int) -> tuple[str, ...]:
    """What columns without names are called."""
    return tuple(f"column {place}" for place in range(1, width + 1))
