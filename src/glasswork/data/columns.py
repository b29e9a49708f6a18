"""The columns of a table: which hold numbers, which hold categories, and which say nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError

__all__ = [
    "Cells", "Column", "Frame", "Kind", "Words", "are_numbers", "as_words", "codes_of", "decide",
    "features_of", "numbers_of", "vocabulary_of",
]  # fmt: skip

Array = NDArray[Any]
Kind = Literal["number", "category", "left out", "target"]

HOLES = {"", "?", "-", "na", "n/a", "#n/a", "nan", "<na>", "null", "none"}  # of numbers
NAMELESS = "", "Unnamed: 0"  # what pandas calls the numbers of rows
MOST_NUMBERS = 0.9  # from this share on a column is one of numbers, and its words are mistakes
MOST_WORDS = 100  # that get a code
FEW_WORDS = 20  # so many may all differ
LARGEST = float(np.finfo(np.float32).max)


class Column(NamedTuple):
    """What was decided of one column.

    Attributes
    ----------
    name : str
        What the table calls it.
    kind : "number", "category", "left out" or "target"
        What it is taken as.
    words : tuple of str
        Of a category, the words that the codes 0, 1, … stand for; the empty one is a cell without.
    missing : int
        Cells of training rows in which nothing stands.
    remark : str
        What else there is to tell, such as why it is left out.
    """

    name: str
    kind: Kind
    words: tuple[str, ...] = ()
    missing: int = 0
    remark: str = ""


class Words(NamedTuple):
    """A column of text: the cells that differ, and which of them each row has.

    Examples
    --------
    >>> Words.of(["a", "b", "a"])
    Words(different=['a', 'b'], rows=array([0, 1, 0]))
    """

    different: list[str]
    rows: NDArray[np.intp]

    @classmethod
    def of(cls, cells: Iterable[str]) -> Words:
        """The column with these cells."""
        places: dict[str, int] = {}
        rows = [places.setdefault(cell, len(places)) for cell in cells]
        return cls(list(places), np.array(rows, np.intp))

    def at(self, rows: Array) -> Words:
        """The column of some rows."""
        return Words(self.different, self.rows[rows])


Cells = Words | Array  # an array holds numbers, NaN where one is missing


class Frame(NamedTuple):
    """A table as it stands in a file: its columns, and their names where they have some."""

    names: tuple[str, ...]
    cells: tuple[Cells, ...]


def features_of(columns: Sequence[Column]) -> list[Column]:
    """The columns that a network takes, in their order."""
    return [column for column in columns if column.kind in ("number", "category")]


def vocabulary_of(columns: Sequence[Column]) -> dict[int, tuple[str, ...]]:
    """The words of each category, by its place among the features.

    Examples
    --------
    >>> vocabulary_of([Column("id", "left out"), Column("color", "category", ("blue", "red"))])
    {0: ('blue', 'red')}
    """
    places = enumerate(features_of(columns))
    return {place: column.words for place, column in places if column.kind == "category"}


def decide(where: Path, name: str, cells: Cells, is_category: bool = False) -> tuple[Column, Array]:
    """What a column is, and its values: numbers, NaN where one is missing, or codes of words.

    A column is one of numbers when all cells are that hold something, and of categories when they
    are words. It is left out when it says nothing (it never changes, or is empty), or too much:
    when it is text, and there are more different words than half the rows. Of many words the 100
    commonest get a code.

    Parameters
    ----------
    where : path
        What an error calls the table.
    name : str
        What it calls the column.
    cells : Words or array
        What stands in it.
    is_category : bool
        Whether it is one of categories, whatever it holds.

    Raises
    ------
    DataError
        If all cells but a few are numbers.

    Examples
    --------
    >>> column, values = decide(Path("it.csv"), "size", Words.of(["1", "2", ""]))
    >>> column
    Column(name='size', kind='number', words=(), missing=1, remark='1 to 2')
    >>> values
    array([ 1.,  2., nan])
    >>> decide(Path("it.csv"), "color", Words.of(["red", "blue", "red"]))[0].words
    ('blue', 'red')
    """
    if is_category or not are_numbers(cells):
        return _category(name, as_words(cells))
    values = numbers_of(where, name, cells)
    return _number(name, values), values


def as_words(cells: Cells) -> Words:
    """A column as one of words; of numbers, those without a point that are whole.

    Examples
    --------
    >>> as_words(np.array([1.0, 2.5, np.nan])).different
    ['1', '2.5', '']
    """
    if isinstance(cells, Words):
        return cells
    shown = (str(number).removesuffix(".0") for number in cells.tolist())
    return Words.of("" if word == "nan" else word for word in shown)


def are_numbers(cells: Cells) -> bool:
    """Whether a column is one of numbers: it has some, and at most a few cells of anything else.

    Examples
    --------
    >>> are_numbers(Words.of(["1", "2", "NA"])), are_numbers(Words.of(["1", "2", "three"]))
    (True, False)
    """
    if not isinstance(cells, Words):
        return True
    numbers, words = _parsed(cells)
    found = _share(np.isfinite(numbers), cells)
    return found >= MOST_NUMBERS * (found + _share(words, cells)) and found > 0


def numbers_of(where: Path, name: str, cells: Cells) -> Array:
    """The numbers in a column, NaN where one is missing; DataError if something else stands there.

    Examples
    --------
    >>> numbers_of(Path("it.csv"), "size", Words.of(["1", "NA"]))
    array([ 1., nan])
    """
    if isinstance(cells, Words):
        numbers, wrong = (each[cells.rows] for each in _parsed(cells))
    else:
        numbers, wrong = cells, np.abs(cells) > LARGEST
    if not wrong.any():
        return numbers
    row = int(wrong.argmax())
    cell = cells.different[cells.rows[row]] if isinstance(cells, Words) else str(cells[row])
    problem = "too large for float32" if np.isfinite(_float(cell)) else "not a number"
    raise DataError(
        f"{where}, sample {row + 1}, column {name}: {cell[:30]!r} is {problem}.\n"
        "  The column is taken as one of numbers.\n"
        "  Write a finite number there, with a point, or leave the cell empty."
    )


def codes_of(words: Sequence[str], cells: Cells) -> Array:
    """The code of each cell: its place among the words, -1 for one that is not there.

    Examples
    --------
    >>> codes_of(("blue", "red"), Words.of(["red", "green"]))
    array([ 1., -1.])
    """
    cells = as_words(cells)
    codes = {word: code for code, word in enumerate(words)}
    found = np.array([codes.get(word.strip(), -1) for word in cells.different], np.float64)
    return found[cells.rows]


def _number(name: str, values: Array) -> Column:
    there = values[~np.isnan(values)]
    missing = len(values) - len(there)
    if not len(there):
        return Column(name, "left out", missing=missing, remark="every cell is empty")
    least, most = there.min(), there.max()
    if name in NAMELESS and (np.diff(there) > 0).all():
        return Column(name, "left out", remark="it has no name, and counts the rows")
    if least == most and not missing:
        return Column(name, "left out", remark=f"it is always {least:g}")
    return Column(name, "number", (), missing, f"{least:g} to {most:g}")


def _category(name: str, cells: Words) -> tuple[Column, Array]:
    counts: Counter[str] = Counter()
    found = np.bincount(cells.rows, minlength=len(cells.different)).tolist()
    for cell, count in zip(cells.different, found, strict=True):
        counts[cell.strip()] += count
    counts = +counts  # without those that none of these rows has
    missing, rows = counts[""], len(cells.rows)
    if len(counts) == 1:
        only = f"it is always {next(iter(counts))!r:.40}" if not missing else "every cell is empty"
        return Column(name, "left out", missing=missing, remark=only), np.empty(rows)
    if len(counts) > max(FEW_WORDS, (rows - missing) / 2):
        differ = f"text, and {len(counts):,} of {rows:,} cells differ"
        return Column(name, "left out", missing=missing, remark=differ), np.empty(rows)
    commonest = sorted(counts, key=lambda word: (-counts[word], word))[:MOST_WORDS]
    words = len(counts) - bool(missing)
    remark = f"{words:,} word{'s' * (words != 1)}"
    if len(counts) > MOST_WORDS:
        remark += f", of which the {MOST_WORDS} commonest count"
    column = Column(name, "category", tuple(sorted(commonest)), missing, remark)
    return column, codes_of(column.words, cells)


def _parsed(cells: Words) -> tuple[Array, NDArray[np.bool_]]:
    """The number that each different cell is, or NaN, and which of them are words.

    A number beyond those of float32 is a word; what is neither says that a number is missing.
    """
    try:
        numbers = np.array(cells.different, object).astype(np.float64)
    except ValueError:
        numbers = np.array([_float(cell) for cell in cells.different], np.float64)
    numbers[np.abs(numbers) > LARGEST] = np.nan
    words = np.zeros(len(numbers), bool)
    for place in np.flatnonzero(np.isnan(numbers)):
        words[place] = cells.different[place].strip().lower() not in HOLES
    return numbers, words


def _float(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return np.nan


def _share(chosen: NDArray[np.bool_], cells: Words) -> float:
    """The share of the rows whose cell is chosen."""
    return float(chosen[cells.rows].mean())
