"""What pandas reads: tables with words and empty cells, and Parquet."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from glasswork.data import read_dataset
from glasswork.data.files.frames import read_frame
from glasswork.data.files.tabular import read_rows
from glasswork.errors import DataError

pytestmark = pytest.mark.peers
pandas = pytest.importorskip("pandas")

TEXT = "area,city,id,price\n50,Bern,a,1.5\n,Basel,b,2.5\n70, Bern,c,\n90,,d,4.5\n"
NAN = np.nan


@pytest.fixture
def houses(tmp_path) -> Path:
    path = tmp_path / "houses.csv"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_words_become_codes_and_empty_cells_nan(houses):
    dataset = read_dataset(houses)
    assert dataset.features == ("area", "city", "id")
    assert dataset.vocabulary == {1: ("", "Basel", "Bern"), 2: ("a", "b", "d")}
    np.testing.assert_array_equal(dataset.x, [[50, 2, 0], [NAN, 1, 1], [90, 0, 2]])


def test_rows_without_a_target_are_left_out_and_counted(houses):
    dataset = read_dataset(houses)
    assert dataset.y.tolist() == [[1.5], [2.5], [4.5]]
    assert dataset.columns[-1].missing == 1
    assert len(read_dataset(houses, target="city")) == 3


def test_new_rows_take_the_codes_of_the_old_and_what_is_unknown_is_told(houses, tmp_path):
    columns = read_dataset(houses).columns
    new = tmp_path / "new.csv"
    new.write_text("id,city,area\na,Rome,10\nb,Bern,?\nc,Basel,30\n", encoding="utf-8")
    rows = read_rows(new, columns)
    np.testing.assert_array_equal(rows.x, [[10, -1, 0], [NAN, 2, 1], [30, 1, -1]])
    assert rows.remarks == [
        "area: 1 missing, the median takes their place",
        "city: 1 not among the words that were learned",
        "id: 1 not among the words that were learned",
    ]


def test_words_that_look_like_numbers_stay_words(tmp_path):
    (tmp_path / "it.csv").write_text("zip,y\n01,1\n1,2\n01,3\nx,4\n", encoding="utf-8")
    columns = read_dataset(tmp_path / "it.csv").columns
    assert columns[0].words == ("01", "1", "x")
    (tmp_path / "new.csv").write_text("zip\n1\n01\n2\n", encoding="utf-8")
    assert read_rows(tmp_path / "new.csv", columns).x.tolist() == [[1], [0], [-1]]


def test_categories_can_be_named(tmp_path):
    (tmp_path / "it.csv").write_text("rooms,y\n3,1\n4,2\n3,3\n", encoding="utf-8")
    assert read_dataset(tmp_path / "it.csv", categories=["rooms"]).vocabulary == {0: ("3", "4")}


def test_a_word_in_a_column_of_numbers_is_named(houses):
    columns = read_dataset(houses).columns
    houses.write_text("area,city,id\nlarge,Bern,a\n", encoding="utf-8")
    with pytest.raises(DataError, match="sample 1, column area: 'large' is not a number"):
        read_rows(houses, columns)


def test_parquet_gives_what_the_same_table_of_text_gives(houses, tmp_path):
    pytest.importorskip("pyarrow")
    frame = pandas.read_csv(houses, skipinitialspace=True)
    frame.to_parquet(tmp_path / "houses.parquet")
    ours, text = read_dataset(tmp_path / "houses.parquet"), read_dataset(houses)
    assert ours.columns == text.columns
    np.testing.assert_array_equal(ours.x, text.x)
    np.testing.assert_array_equal(ours.y, text.y)


def test_parquet_with_text_that_is_no_unicode_is_a_data_error(houses, tmp_path):
    pytest.importorskip("pyarrow")
    path = tmp_path / "it.parquet"
    pandas.DataFrame({"a": ["Basel", "Bern"], "y": [1, 2]}).to_parquet(path, compression=None)
    path.write_bytes(path.read_bytes().replace(b"Basel", b"Ba\xffel"))
    with pytest.raises(DataError, match="not a table that pandas reads"):
        read_dataset(path)


def test_truths_and_dates_are_words(tmp_path):
    pytest.importorskip("pyarrow")
    days = pandas.to_datetime(["2024-01-01", "2024-01-02", "2024-01-01"])
    frame = pandas.DataFrame({"yes": [True, False, None], "day": days, "y": [1, 2, 3]})
    frame.to_parquet(tmp_path / "it.parquet")
    found = read_dataset(tmp_path / "it.parquet").vocabulary
    assert found == {
        0: ("", "False", "True"),
        1: ("2024-01-01 00:00:00", "2024-01-02 00:00:00"),
    }


@pytest.mark.parametrize(
    "text",
    [b"\xef\xbb\xbfa,b\r\nx,2\r\n", b'\n"a", b\n,\n\n"x","2"\n', gzip.compress(b"a,b\nx,2\n")],
    ids=["windows", "gaps", "gzipped"],
)
def test_text_is_read_as_other_programs_write_it(tmp_path, text):
    (tmp_path / "it.csv").write_bytes(text)
    frame = read_frame(tmp_path / "it.csv")
    assert frame.names == ("a", "b")
    assert [cells.different[cells.rows[0]] for cells in frame.cells] == ["x", "2"]
    assert [len(cells.rows) for cells in frame.cells] == [1, 1]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("it.csv", b"", "not a table that pandas reads: No columns"),
        ("it.csv", b"a,b\n", "holds no samples"),
        ("it.csv", b"a,b\n1,2,3\n", "Expected 2 fields in line 2, saw 3"),
        ("it.csv", b"a,\xff\n", "not a table that pandas reads: .*codec"),
        ("it.csv", b'a,"b\n', "not a table that pandas reads: .*EOF inside string"),
        ("it.parquet", b"PAR1 and so on", "not a table that pandas reads"),
        ("none.csv", None, "cannot read .*none.csv"),
    ],
)
def test_what_cannot_be_read_is_a_data_error(tmp_path, name, content, message):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=message):
        read_frame(tmp_path / name)
