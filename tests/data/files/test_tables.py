"""Tables: numbers by line and column, and the target among them."""

from __future__ import annotations

import gzip
from contextlib import suppress
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasswork.data.columns import Words
from glasswork.data.files.tables import read_plain, table_of, target_column
from glasswork.errors import DataError, OptionError


@pytest.fixture
def table(tmp_path):
    """Writes a table, reads it."""

    def read(text: str | bytes, *target, **inputs):
        path = tmp_path / "it.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return parted(path, *target, **inputs)

    return read


def parted(path, target=None, inputs=None):
    """The features of a table, its targets, and the names of the features."""
    choose = partial(target_column, path, target, inputs)
    names, cells = read_plain(path, choose)
    place = choose(len(cells), names)
    x = np.column_stack([column for i, column in enumerate(cells) if i != place])
    y = cells[place] if place is not None else None
    y = np.array(y.different)[y.rows] if isinstance(y, Words) else y
    return x, y, tuple(name for i, name in enumerate(names) if i != place)


def test_the_last_column_is_the_target(table):
    x, y, features = table("1,2,0.5\n3,-4e2,1\n")
    assert x.tolist() == [[1, 2], [3, -400]]
    assert y.tolist() == [0.5, 1]
    assert features == ()


def test_a_first_line_without_a_number_names_the_columns(table):
    x, _, features = table(" age , height,price\n1,2,3\n")
    assert features == ("age", "height")
    assert x.tolist() == [[1, 2]]


@pytest.mark.parametrize("target", ["b", 1, -2])
def test_another_column_can_be_the_target(table, target):
    x, y, features = table("a,b,c\n1,2,3\n4,5,6\n", target)
    assert x.tolist() == [[1, 3], [4, 6]]
    assert y.tolist() == [2, 5]
    assert features == ("a", "c")


def test_a_table_of_as_many_columns_as_features_has_no_target(table):
    assert table("1,2\n3,4\n", inputs=2)[1] is None
    assert table("1,2\n3,4\n", inputs=1)[1].tolist() == [2, 4]
    assert table("1,2\n3,4\n", inputs=9)[0].shape == (2, 2)


def test_targets_may_be_words(table):
    x, y, _ = table("1,2, cat\n3,4,dog\n")
    assert x.tolist() == [[1, 2], [3, 4]]
    assert y.tolist() == ["cat", "dog"]


@pytest.mark.parametrize(
    "text",
    [
        b"\xef\xbb\xbf1,2\r\n3,4\r\n",
        b'\n"1", 2\n\n , \n3,4',
        gzip.compress(b"1,2\n3,4\n"),
    ],
    ids=["windows", "gaps", "gzipped"],
)
def test_tables_are_read_as_other_programs_write_them(table, text):
    x, y, _ = table(text)
    assert x.tolist() == [[1], [3]]
    assert y.tolist() == [2, 4]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a,b,c\n1,2,3\n\n1,two,3\n", "line 4, column 2 (b): 'two'"),
        ("1,2,3\n,2,3\n", "line 2, column 1: ''"),
        ("1,2,3\n1,nan,3\n", "line 2, column 2: 'nan'"),
        ("1,2,3\n1,1e999,3\n", "line 2, column 2: 'inf'"),
        ("1,2,3\n1,2,three\n", "line 2, column 3: 'three'"),
        ("1,2,cat\n1,2,\n", "line 2, column 3: ''"),
        ("1,2,cat\n1,2," + 201 * "m", f"line 2, column 3: {30 * 'm'!r}"),
        ("1,x,3\n", "line 1, column 2: 'x'"),
    ],
)
def test_a_cell_that_is_no_number_is_named_by_line_and_column(table, text, place):
    with pytest.raises(DataError, match="is not a number") as error:
        table(text)
    assert f"it.csv, {place} is not a number" in str(error.value)


def test_columns_are_counted_with_the_target_among_them(table):
    with pytest.raises(DataError, match="line 1, column 3: 'x'"):
        table("1,2,x\n", 0)
    with pytest.raises(DataError, match="line 1, column 1: 'x'"):
        table("x,2,3\n", 1)


def test_a_line_of_another_length_is_named(table):
    with pytest.raises(DataError, match=r"line 3: 2 cells, and 3 in the first line"):
        table("1,2,3\n4,5,6\n7,8\n")


@pytest.mark.parametrize("text", ["", "\n\n", " , \n"], ids=repr)
def test_an_empty_table_is_refused(table, text):
    with pytest.raises(DataError, match=r"it\.csv is empty"):
        table(text)


def test_names_without_samples_are_refused(table):
    with pytest.raises(DataError, match="holds names of columns and no samples"):
        table("a,b\n")


def test_a_single_column_has_no_target(table):
    with pytest.raises(DataError, match="has one column only") as error:
        table("1;2;3\n4;5;6\n")
    assert "with commas between them" in str(error.value)


@pytest.mark.parametrize("target", [2, -3, "c"], ids=repr)
def test_a_column_that_is_not_there_is_refused_with_those_that_are(table, target):
    with pytest.raises(OptionError, match=f"has no column {target!r} of targets") as error:
        table("a,b\n1,2\n", target)
    assert "There are 2 columns, called a, b." in str(error.value)
    with pytest.raises(OptionError, match=r"There are 2 columns\.\n.*from -2 to 1"):
        table("1,2\n", target)


@pytest.mark.parametrize("text", [b"1,\xff\n", b'1,2\n"' + b"9" * 200_000])
def test_what_is_no_table_of_text_is_refused(table, text):
    with pytest.raises(DataError, match="is not a table of text") as error:
        table(text)
    assert "UTF-8" in str(error.value)


@given(st.text(st.sampled_from('01a.,-" \n\r;e\0ü'), max_size=30))
def test_any_text_raises_nothing_but_a_data_error(tmp_path_factory, text):
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_text(text, encoding="utf-8", newline="")
    with suppress(DataError):
        parted(path)


def test_an_array_is_a_table_too(tmp_path):
    values = np.arange(6).reshape(2, 3)
    x, y, *_ = table_of(tmp_path, values)
    assert (x.tolist(), y.tolist()) == ([[0, 1], [3, 4]], [2, 5])
    x, y, *_ = table_of(tmp_path, values, 0)
    assert (x.tolist(), y.tolist()) == ([[1, 2], [4, 5]], [0, 3])
    assert table_of(tmp_path, values, inputs=3).y is None


def test_an_array_with_inputs_known_is_flattened(tmp_path):
    assert table_of(tmp_path, np.zeros((5, 2, 2)), inputs=4).x.shape == (5, 4)
    assert table_of(tmp_path, np.zeros(5), inputs=1).x.shape == (5, 1)


def test_an_array_of_another_number_of_axes_is_no_table(tmp_path):
    with pytest.raises(DataError, match="is not a table") as error:
        table_of(tmp_path, np.zeros((5, 2, 2)))
    assert "(5, 2, 2)" in str(error.value)
