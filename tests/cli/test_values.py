from __future__ import annotations

from argparse import ArgumentTypeError
from pathlib import Path

import pytest

from glasswork.cli.values import column, layers, number, path, share_or_count, whole


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (whole(1), "1", 1),
        (whole(0), "0", 0),
        (whole(0, 9), "9", 9),
        (number(), "1e3", 1000.0),
        (number(below=1), "0", 0.0),
        (share_or_count, "0.25", 0.25),
        (share_or_count, "25", 25),
        (layers, "64", [64]),
        (layers, "64,32", [64, 32]),
        (layers, "none", []),
        (column, "-2", -2),
        (column, "age", "age"),
        (path, "runs/a run", Path("runs/a run")),
    ],
)
def test_what_is_said_is_read(read, text, value):
    assert read(text) == value


@pytest.mark.parametrize(
    ("read", "text", "phrase"),
    [
        (whole(1), "0", "a whole number from 1 up"),
        (whole(0), "-1", "a whole number from 0 up"),
        (whole(0, 9), "10", "a whole number from 0 to 9"),
        (whole(1), "2.5", "a whole number from 1 up"),
        (whole(1), "", "a whole number from 1 up"),
        (number(), "-0.1", "a number from 0 up"),
        (number(), "inf", "a number from 0 up"),
        (number(), "nan", "a number from 0 up"),
        (number(), "much", "a number from 0 up"),
        (number(below=1), "1", "a number from 0 up and below 1"),
        (share_or_count, "0", "a whole number from 1 up"),
        (share_or_count, "1.5", "a number from 0 up and below 1"),
        (layers, "64,,32", "a whole number from 1 up"),
        (layers, "64 32", "a whole number from 1 up"),
        (path, "", "a path"),
        (path, "   ", "a path"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_would(read, text, phrase):
    with pytest.raises(ArgumentTypeError, match=rf"is not {phrase}$"):
        read(text)
