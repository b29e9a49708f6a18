"""Streams: packed or not, and no more memory than there are bytes."""

from __future__ import annotations

import gzip
import tracemalloc

import pytest

from glasswork.data.files.streams import expect_end, open_binary, read_exactly
from glasswork.errors import DataError


def test_a_packed_file_is_known_by_its_content(tmp_path):
    (tmp_path / "plain.gz").write_bytes(b"plain")
    (tmp_path / "packed").write_bytes(gzip.compress(b"packed"))
    for name in ("plain.gz", "packed"):
        with open_binary(tmp_path / name) as stream:
            assert stream.read() == name.removesuffix(".gz").encode()


def test_a_file_that_is_not_there_is_named(tmp_path):
    with (
        pytest.raises(DataError, match=r"cannot read .*gone: No such file or directory"),
        open_binary(tmp_path / "gone"),
    ):
        pass


@pytest.mark.parametrize("damage", ["cut", "changed", "no checksum"])
def test_a_damaged_packed_file_is_named(tmp_path, damage):
    whole = gzip.compress(bytes(range(256)) * 40)
    broken = {
        "cut": whole[: len(whole) // 2],
        "changed": whole[:10] + b"\xff" + whole[11:],
        "no checksum": whole[:-8] + bytes(8),
    }
    (tmp_path / "it.gz").write_bytes(broken[damage])
    with (
        pytest.raises(DataError, match=r"cannot read .*it\.gz"),
        open_binary(tmp_path / "it.gz") as it,
    ):
        it.read()


def test_what_is_promised_is_read_and_no_more(tmp_path):
    (tmp_path / "it").write_bytes(bytes(3_000_000) + b"end")
    with open_binary(tmp_path / "it") as stream:
        assert read_exactly(stream, 3_000_000, "it") == bytes(3_000_000)
        with pytest.raises(DataError, match="it goes on after its values"):
            expect_end(stream, "it")
        assert stream.read() == b"nd"
        expect_end(stream, "it")


def test_a_promise_that_is_not_kept_costs_no_memory(tmp_path):
    (tmp_path / "it").write_bytes(b"1234")
    tracemalloc.start()
    with (
        open_binary(tmp_path / "it") as stream,
        pytest.raises(DataError, match="promises 1,000,000,000,000 bytes more, and 4 are there"),
    ):
        read_exactly(stream, 10**12, "it")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 3_000_000
