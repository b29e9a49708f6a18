"""Tables: a line per sample, a column per feature, and maybe one of targets."""

from __future__ import annotations

import csv
import io
from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...errors import DataError, OptionError
from ..columns import Cells, Frame, Words
from .streams import Parts, kind_of, open_binary

__all__ = [
    "LONGEST_NAME", "Choose", "NotPlainError", "delimiter_of", "lines_of", "names_columns",
    "read_plain", "table_of", "target_column",
]  # fmt: skip

Array = NDArray[Any]
Choose = Callable[[int, Sequence[str]], int | None]  # of a width and names, the column of targets

LONGEST_NAME = 200  # characters: NumPy gives every name the room of the longest


class NotPlainError(DataError):
    """A cell that is no number in a column of numbers."""


class Line(NamedTuple):
    """A line of a file: its number there, from 1, and its cells."""

    number: int
    cells: list[str]


def read_plain(path: Path, choose: Choose) -> Frame:
    """The columns of a table of numbers, one of which may hold words.

    Parameters
    ----------
    path : path
        A text file in UTF-8, gzipped or not. A first line without a single number names the
        columns; empty lines are skipped.
    choose : callable
        Takes the number of columns and their names, or none, and returns the place of the column
        that may hold words, or None.

    Raises
    ------
    NotPlainError
        If a cell is no number where one should be.
    DataError
        If the file cannot be read, or holds no samples.
    """
    with lines_of(path) as lines:
        grid = _Grid(path, next(lines, Line(0, [])), choose)
        for line in lines:
            grid.add(line)
    return grid.frame()


def table_of(
    path: Path, values: Array, target: int | str | None = None, inputs: int | None = None
) -> Parts:
    """An array as a table; parameters and errors are those of `target_column`.

    It has two axes (else DataError); when `inputs` is given, those after the first become one.
    """
    if inputs is not None:
        values = values.reshape(len(values), -1)
    if values.ndim != 2:
        raise DataError(
            f"{path} is not a table.\n"
            f"  Its shape is {values.shape}.\n"
            "  Save a row per sample and a column per feature, or x and y with numpy.savez."
        )
    column = target_column(path, target, inputs, values.shape[1])
    if column is None:
        return Parts(values)
    return Parts(np.delete(values, column, axis=1), values[:, column])


class _Grid:
    """The cells of a file, gathered line by line: features as numbers, targets as they stand."""

    def __init__(self, path: Path, first: Line, choose: Choose) -> None:
        if not first.cells:
            raise DataError(f"{path} is empty.\n  Write a line of numbers for each sample.")
        named = names_columns(first.cells)
        self.path = path
        self.width = len(first.cells)
        self.names = [cell.strip() for cell in first.cells] if named else []
        self.column = choose(self.width, self.names)
        self.numbers = array("d")
        self.targets: list[str] = []
        self.lines: list[int] = []
        if not named:
            self.add(first)

    def add(self, line: Line) -> None:
        number, cells = line
        if len(cells) != self.width:
            raise DataError(
                f"{self.path}, line {number}: {len(cells)} cells, and {self.width} in the first"
                " line.\n  Give every line the same number of cells."
            )
        if self.column is not None:
            target = cells.pop(self.column).strip()
            if not 1 <= len(target) <= LONGEST_NAME:
                raise self.refusal(number, self.column, target)
            self.targets.append(target)
        try:
            self.numbers.extend(map(float, cells))
        except ValueError:
            place = next(place for place, cell in enumerate(cells) if not _is_number(cell))
            raise self.refusal(number, self.place_of(place), cells[place]) from None
        self.lines.append(number)

    def frame(self) -> Frame:
        cells: list[Cells] = list(self.features().T)
        if self.column is not None:
            cells.insert(self.column, self.target_values(self.column))
        return Frame(tuple(self.names), tuple(cells))

    def features(self) -> Array:
        if not self.lines:
            raise DataError(
                f"{self.path} holds names of columns and no samples.\n"
                "  Write a line of numbers for each sample."
            )
        x = np.array(self.numbers).reshape(len(self.lines), -1)
        if len(bad := np.argwhere(~np.isfinite(x))):
            row, place = bad[0]
            raise self.refusal(self.lines[row], self.place_of(place), str(x[row, place]))
        return x

    def target_values(self, column: int) -> Cells:
        """Numbers when one is there; else the word of each line, which names its class."""
        words = [place for place, cell in enumerate(self.targets) if not _is_number(cell)]
        if len(words) == len(self.targets):
            return Words.of(self.targets)
        if words:
            raise self.refusal(self.lines[words[0]], column, self.targets[words[0]])
        return np.array(self.targets, dtype=np.float64)

    def place_of(self, feature: int) -> int:
        """The column that a feature stands in."""
        return feature + (self.column is not None and feature >= self.column)

    def refusal(self, line: int, column: int, cell: str) -> NotPlainError:
        name = f" ({self.names[column]})" if self.names else ""
        return NotPlainError(
            f"{self.path}, line {line}, column {column + 1}{name}: {cell[:30]!r} is not a number.\n"
            "  Write finite numbers, with a point, in every cell but those that name classes."
        )


def delimiter_of(path: Path) -> str:
    r"""What stands between two cells of a file of this name.

    Examples
    --------
    >>> delimiter_of(Path("it.csv")), delimiter_of(Path("it.tsv.gz"))
    (',', '\t')
    """
    return "\t" if kind_of(path) == "tsv" else ","


def names_columns(cells: Sequence[str]) -> bool:
    """Whether a first line has names, for no number is among its cells.

    Examples
    --------
    >>> names_columns(["size", "color"]), names_columns(["1.5", "red"])
    (True, False)
    """
    return not any(map(_is_number, cells))


@contextmanager
def lines_of(path: Path) -> Iterator[Iterator[Line]]:
    """The lines of a file that are not empty.

    Raises
    ------
    DataError
        If the file cannot be read, inside the `with`.
    """
    with open_binary(path) as stream, io.TextIOWrapper(stream, "utf-8-sig", newline="") as text:
        reader = csv.reader(text, delimiter=delimiter_of(path))
        try:
            yield (Line(reader.line_num, cells) for cells in reader if any(map(str.strip, cells)))
        except (csv.Error, UnicodeDecodeError) as error:
            raise DataError(
                f"{path} is not a table of text: {error}.\n"
                "  Write numbers separated by commas, in UTF-8."
            ) from error


def target_column(
    path: Path,
    target: int | str | None,
    inputs: int | None,
    width: int,
    names: Sequence[str] = (),
) -> int | None:
    """The place of the column of targets, from 0, or None when there is none.

    Parameters
    ----------
    path : path
        What an error names.
    target : int or str, optional
        The column that holds the targets: its place (from 0, or backwards from -1) or its name; the
        last one by default.
    inputs : int, optional
        How many features a sample has, when that is known: then only a table with one column more
        has targets by default.
    width, names
        How many columns there are, and what they are called, if anything.

    Raises
    ------
    DataError
        If there is one column only.
    OptionError
        If there is no such column.
    """
    if target is None:
        if inputs is not None and width != inputs + 1:
            return None
        target = -1
    if width < 2:
        raise DataError(
            f"{path} has one column only.\n"
            "  Write one for each feature and one for the target, with commas between them."
        )
    if target in names:
        return names.index(target)
    if isinstance(target, int) and -width <= target < width:
        return target % width
    there = f", called {', '.join(names)}" if names else ""
    raise OptionError(
        f"{path} has no column {target!r} of targets.\n"
        f"  There are {width} columns{there}.\n"
        f"  Pass a name from the first line, or a number from {-width} to {width - 1}."
    )


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
