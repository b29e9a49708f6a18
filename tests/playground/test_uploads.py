from __future__ import annotations

import gzip
import tempfile
from pathlib import Path

import pytest

from glasswork.errors import DataError
from glasswork.playground.uploads import WIDEST, dataset_of


def test_a_table_becomes_a_dataset_and_leaves_nothing_on_the_disk(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    dataset = dataset_of(b"a,b,kind\n1,2,x\n3,4,y\n5,6,x\n")
    assert (dataset.name, dataset.features, dataset.classes) == ("upload", ("a", "b"), ("x", "y"))
    assert dataset.x.tolist() == [[1, 2], [3, 4], [5, 6]]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "the file is empty"),
        (b"\xff\xfe\x00\x01", "the file is not a table of text"),
        (b"1,2\n3\n", "the file, line 2: 1 cells, and 2 in the first line"),
        (b"x\n1\n2\n", "the file has one column only"),
        (b"a,b\n1,2\n1,2\n", "the file has no column to learn from"),
        (gzip.compress(b"a,b\n" + b"1,2\n" * 100_000), "the file is packed"),
        (b",".join([b"1"] * (WIDEST + 1)), f"the file has more than {WIDEST} columns"),
        (b"a,a,b\n1,2,3\n2,3,4\n", "the file has two columns called 'a'"),
    ],
)
def test_what_is_no_table_is_refused_in_words_that_name_no_path(body, why, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(DataError, match=why) as refused:
        dataset_of(body)
    assert str(tmp_path) not in str(refused.value)
    assert list(Path(tmp_path).iterdir()) == []


def test_what_looks_like_a_path_is_data():
    dataset = dataset_of(b"../../etc/passwd,=1+1\n1,a\n2,b\n3,a\n")
    assert dataset.features == ("../../etc/passwd",)
