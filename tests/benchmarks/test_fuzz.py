"""Damaged files are read or refused with an error of ours, in no time and with little memory."""

from __future__ import annotations

import pytest

from benchmarks import fuzz
from benchmarks.mutations import FAMILIES
from glasswork.errors import DataError

FILES = 2000


@pytest.mark.parametrize("name", FAMILIES)
def test_damaged_files_are_read_or_refused(name):
    assert fuzz.fuzz(name, FILES, seed=1) == []


@pytest.mark.parametrize("name", FAMILIES)
def test_the_files_are_good_before_they_are_damaged(name, tmp_path):
    family = FAMILIES[name]
    path = tmp_path / f"good{family.suffix}"
    read = []
    for content in family.good():
        path.write_bytes(content)
        outcomes = [fuzz.read(reader, path, len(content)) for reader in family.readers]
        read.append(any(not outcome.refused and not outcome.fault for outcome in outcomes))
    assert sum(read) >= 2


def test_an_error_that_is_not_ours_and_too_much_memory_are_faults(tmp_path):
    def breaking(path):
        raise KeyError("mine")

    def refusing(path):
        raise DataError("no.")

    def greedy(path):
        return bytearray(30_000_000)

    fuzz.tracemalloc.start()
    found = [fuzz.read(reader, tmp_path, 100) for reader in (breaking, refusing, greedy)]
    fuzz.tracemalloc.stop()
    assert [outcome.fault for outcome in found] == ["KeyError: 'mine'", "", "3.0 times the memory"]
    assert [outcome.refused for outcome in found] == [False, True, False]
