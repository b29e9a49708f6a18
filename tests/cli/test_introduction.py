"""Before it learns, a run tells what it took for what."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest


def introduced(glasswork, capsys, line: str) -> list[str]:
    """What is printed before the network."""
    assert glasswork(f"train {line} --layers 2 --epochs 1") == 0
    lines = capsys.readouterr().out.splitlines()
    network = next(place for place, line in enumerate(lines) if line.startswith("Sequential()"))
    return lines[:network]


def test_of_built_in_data_the_number_of_samples_is_enough(glasswork, capsys):
    assert introduced(glasswork, capsys, "moons") == [
        "moons: 800 samples to learn from and 200 to test on"
    ]


def test_of_a_table_targets_and_columns_are_told(glasswork, capsys):
    rows = [f"{n},3,{n % 7},{'no' if n % 4 else 'yes'}" for n in range(40)]
    Path("it.csv").write_text("\n".join(["a,b,c,d", *rows]))
    assert introduced(glasswork, capsys, "it.csv") == [
        "it: 32 samples to learn from and 8 to test on",
        "targets: column d, 2 classes: no 75.0%, yes 25.0%",
        "columns: 2 numbers, 1 left out",
        "  b  left out  it is always 3",
    ]


def test_of_many_classes_the_largest_are_told(glasswork, capsys):
    np.savez("it.npz", x=np.ones((104, 1)), y=np.minimum(np.arange(104) // 4, 20))
    _, targets = introduced(glasswork, capsys, "it.npz")
    assert targets.startswith("targets: 21 classes: 0 3.8%, 1 3.8%,")
    assert targets.endswith(", 20 23.1%, …")
    assert targets.count("%") == 10


def test_of_many_columns_that_are_special_the_first_are_told(glasswork, capsys):
    rows = [",".join([*"7" * 40, str(n), str(n / 3)]) for n in range(20)]
    Path("it.csv").write_text("\n".join(rows))
    lines = introduced(glasswork, capsys, "it.csv")
    assert lines[2] == "columns: 1 number, 40 left out"
    assert lines[3] == "  column 1   left out  it is always 7"
    assert lines[-1] == "  … and 10 more"
    assert len(lines) == 2 + 1 + 30 + 1


@pytest.mark.peers
def test_words_and_what_is_missing_are_told(glasswork, capsys):
    pytest.importorskip("pandas")
    rows = [f"{n if n % 5 else ''},{'red' if n % 2 else ''},{n % 3 or ''}" for n in range(60)]
    Path("it.csv").write_text("\n".join(["size,color,kind", *rows]))
    assert introduced(glasswork, capsys, "it.csv --target size") == [
        "it: 38 samples to learn from and 10 to test on",
        "targets: column size, values from 1 to 59; 10 rows without one left out",
        "columns: 1 number, 1 category",
        "  color  category  1 word; 24 missing, a word of their own",
        "  kind   number    1 to 2; 16 missing, the median in their place",
    ]
