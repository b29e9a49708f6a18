"""What a column of a table is taken as, and what is told of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from glasswork.data.columns import (
    Column,
    Words,
    as_words,
    codes_of,
    decide,
    features_of,
    numbers_of,
    vocabulary_of,
)
from glasswork.errors import DataError

HERE = Path("it.csv")
NAN = np.nan


def decided(cells, **options) -> tuple[Column, list]:
    cells = cells if isinstance(cells, np.ndarray) else Words.of(cells)
    column, values = decide(HERE, "it", cells, **options)
    return column, values.tolist()


@pytest.mark.parametrize("hole", ["", " ", "?", "-", "NA", "n/a", "NaN", "None", "NULL"])
def test_numbers_may_be_missing(hole):
    column, values = decided(["1", hole, "-2e1"])
    assert column == Column("it", "number", (), 1, "-20 to 1")
    np.testing.assert_array_equal(values, [1, NAN, -20])


def test_words_are_categories_whose_codes_are_their_places():
    column, values = decided(["red", " blue", "red"])
    assert column == Column("it", "category", ("blue", "red"), 0, "2 words")
    assert values == [1, 0, 1]


def test_an_empty_cell_among_words_is_a_word_of_its_own():
    column, values = decided(["red", "", "red", "None"])
    assert (column.words, column.missing, column.remark) == (("", "None", "red"), 1, "2 words")
    assert values == [2, 0, 2, 1]


def test_words_and_numbers_together_are_categories():
    assert decided(["1", "2", "a"])[0].words == ("1", "2", "a")


def test_a_few_words_among_many_numbers_are_mistakes():
    with pytest.raises(DataError, match=r"it\.csv, sample 3, column it: 'two' is not a number"):
        decided([*"01", "two", *map(str, range(50))])


@pytest.mark.parametrize(
    ("cells", "wrong"),
    [
        (["inf", *map(str, range(50))], "not a number"),
        (["1e39", *map(str, range(50))], "too large for float32"),
        (np.array([1e39, 2]), "too large for float32"),
    ],
    ids=repr,
)
def test_so_are_numbers_that_are_not_finite_in_float32(cells, wrong):
    with pytest.raises(DataError, match=rf"sample 1, column it: .* is {wrong}"):
        decided(cells)


def test_numbers_are_categories_if_that_is_said():
    assert decided(["10", "2", "10"], is_category=True)[0].words == ("10", "2")
    column, values = decided(np.array([10, NAN, 2.5]), is_category=True)
    assert column.words == ("", "10", "2.5")
    assert values == [1, 0, 2]


@pytest.mark.parametrize(
    ("cells", "remark"),
    [
        (["5", "5.0"], "it is always 5"),
        (["CH", "CH "], "it is always 'CH'"),
        (["", ""], "every cell is empty"),
        (["NA", "NA"], "it is always 'NA'"),
        (np.array([NAN, NAN]), "every cell is empty"),
        ([f"name {n}" for n in range(30)], "text, and 30 of 30 cells differ"),
    ],
)
def test_a_column_that_says_nothing_or_too_much_is_left_out(cells, remark):
    column, _ = decided(cells)
    assert (column.kind, column.remark) == ("left out", remark)


@pytest.mark.parametrize("name", ["", "Unnamed: 0"])
def test_a_column_without_a_name_that_counts_the_rows_is_left_out(name):
    counted = np.array([0.0, 1.0, 2.0, 4.0])
    column, _ = decide(HERE, name, counted)
    assert (column.kind, column.remark) == ("left out", "it has no name, and counts the rows")
    assert decide(HERE, name, counted[::-1])[0].kind == "number"
    assert decide(HERE, "year", counted)[0].kind == "number"


def test_a_constant_that_is_sometimes_missing_says_something():
    assert decided(["5", "", "5"])[0].kind == "number"


def test_a_column_of_few_words_may_have_another_in_each_row():
    assert decided(["a", "b", "c"])[0].kind == "category"


def test_of_very_many_words_the_commonest_count():
    rare, common = [f"r{n}" for n in range(60)], [f"c{n}" for n in range(99)]
    column, values = decided(rare + 3 * common)
    assert column.words == tuple(sorted([*common, "r0"]))
    assert column.remark == "159 words, of which the 100 commonest count"
    assert values[1] == -1


def test_words_that_no_row_has_any_more_do_not_count():
    column, values = decide(HERE, "it", Words.of(["name", "a", "b", "a"]).at(np.arange(1, 4)))
    assert column.words == ("a", "b")
    assert values.tolist() == [0, 1, 0]


def test_unknown_words_have_the_code_minus_1():
    assert codes_of(("a", "b"), Words.of([" b", "c", "", "a"])).tolist() == [1, -1, -1, 0]
    assert codes_of(("2", "3.5"), np.array([2, 3.5, 4])).tolist() == [0, 1, -1]


def test_words_where_numbers_should_be_are_named():
    with pytest.raises(DataError, match="sample 2, column it: 'two' is not a number"):
        numbers_of(HERE, "it", Words.of(["1", "two", ""]))


def test_numbers_as_words_are_read_back_as_they_were():
    numbers = np.array([0.1, 1e300, -7, 2**53])
    assert [float(word) for word in as_words(numbers).different] == numbers.tolist()


def test_the_vocabulary_counts_features_alone():
    columns = [
        Column("id", "left out"), Column("a", "number"), Column("y", "target"),
        Column("b", "category", ("x", "z")),
    ]  # fmt: skip
    assert [column.name for column in features_of(columns)] == ["a", "b"]
    assert vocabulary_of(columns) == {1: ("x", "z")}
