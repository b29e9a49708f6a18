"""Tables of plain numbers as datasets and as new rows: no pandas is needed."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from glasswork.data import read_dataset
from glasswork.data.columns import Column
from glasswork.data.files.tabular import read_rows
from glasswork.errors import DataError, MissingExtraError, OptionError


@pytest.fixture
def write(tmp_path):
    def write(text: str, name: str = "it.csv") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def without_pandas(monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)


KNOWN = [
    Column("a", "number"),
    Column("always", "left out"),
    Column("b", "number"),
    Column("y", "target"),
]


@pytest.mark.parametrize(("name", "between"), [("it.csv", ","), ("it.tsv", "\t")])
@pytest.mark.usefixtures("without_pandas")
def test_plain_numbers_are_read_without_pandas(write, name, between):
    lines = ["a,always,b,y", "1,7,10,0.5", "2,7,30,1.5"]
    dataset = read_dataset(write("\n".join(lines).replace(",", between), name))
    assert dataset.x.tolist() == [[1, 10], [2, 30]]
    assert dataset.y.tolist() == [[0.5], [1.5]]
    assert dataset.features == ("a", "b")
    assert [column.kind for column in dataset.columns] == ["number", "left out", "number", "target"]
    assert dataset.columns[1].remark == "it is always 7"
    assert dataset.vocabulary == {}


@pytest.mark.usefixtures("without_pandas")
def test_so_are_classes_that_are_words(write):
    assert read_dataset(write("1,cat\n2,dog\n")).classes == ("cat", "dog")


@pytest.mark.usefixtures("without_pandas")
def test_columns_without_names_are_numbered(write):
    dataset = read_dataset(write("1,5,2\n3,6,4\n"))
    assert [column.name for column in dataset.columns] == ["column 1", "column 2", "column 3"]
    assert dataset.features == ()


@pytest.mark.parametrize(
    ("text", "seen"), [("1,red,2\n", "'red'"), ("1,,2\n", "''"), ("1,2,red\n1,2,\n", "''")]
)
@pytest.mark.usefixtures("without_pandas")
def test_where_pandas_is_needed_the_cell_and_the_extra_are_named(write, text, seen):
    with pytest.raises(MissingExtraError) as error:
        read_dataset(write(text))
    assert f"{seen} is not a number" in str(error.value)
    assert "needs pandas, which is not installed" in str(error.value)
    assert "pip install 'glasswork[tables]'" in str(error.value)


@pytest.mark.usefixtures("without_pandas")
def test_parquet_needs_pandas(write):
    with pytest.raises(MissingExtraError, match="in Parquet"):
        read_dataset(write("", "it.parquet"))


def test_columns_that_have_one_name_are_refused(write):
    with pytest.raises(DataError, match="two columns called 'a'"):
        read_dataset(write("a,a,y\n1,2,3\n"))


def test_a_table_of_constants_is_refused(write):
    with pytest.raises(DataError, match=r"no column to learn from.\n  a: it is always 1\.\n"):
        read_dataset(write("a,y\n1,2\n1,3\n"))


@pytest.mark.peers
def test_a_category_that_is_not_there_is_refused(write):
    pytest.importorskip("pandas")
    with pytest.raises(OptionError, match="has no column 'c'"):
        read_dataset(write("a,b\n1,2\n"), categories=["c"])


def test_arrays_have_no_categories(tmp_path):
    np.save(tmp_path / "it.npy", np.eye(3))
    with pytest.raises(OptionError, match=r"categories are c, and .* has no columns with names"):
        read_dataset(tmp_path / "it.npy", categories=["c"])


@pytest.mark.parametrize(
    "text",
    [
        "a,always,b,y\n1,7,10,0\n2,7,20,0\n",
        "y,b,a\n0,10,1\n0,20,2\n",
        "b,more,a\n10,0,1\n20,0,2\n",
        "1,7,10,0\n2,7,20,0\n",
        "1,7,10\n2,7,20\n",
    ],
    ids=["the same", "in another order", "others", "without names", "and without targets"],
)
@pytest.mark.usefixtures("without_pandas")
def test_new_rows_are_found_by_name_or_else_by_place(write, text):
    assert read_rows(write(text), KNOWN).x.tolist() == [[1, 10], [2, 20]]


@pytest.mark.usefixtures("without_pandas")
def test_targets_among_new_rows_may_be_words(write):
    assert read_rows(write("y,b,a\nyes,10,1\nno,20,2\n"), KNOWN).x.tolist() == [[1, 10], [2, 20]]


def test_names_over_a_table_that_had_none_are_passed_over(write):
    known = [Column("column 1", "number"), Column("column 2", "target")]
    assert read_rows(write("a,b\n1,2\n"), known).x.tolist() == [[1]]
    assert read_rows(write("a\n1\n2\n"), known).x.tolist() == [[1], [2]]


def test_columns_that_are_missing_are_named_with_those_that_are_there(write):
    with pytest.raises(DataError, match=r"lacks the columns a, b\.\n  There are A, y\."):
        read_rows(write("A,y\n1,2\n"), KNOWN)


def test_another_number_of_columns_without_names_is_refused(write):
    with pytest.raises(DataError, match="has 2 columns without names, and the network knows 3"):
        read_rows(write("1,2\n"), KNOWN)
