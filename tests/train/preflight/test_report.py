"""The table says what was seen, and under it what to do."""

import pytest

from glasswork.train.preflight import Finding, Preflight

REPORT = Preflight(
    [
        Finding("finite", "ok", "all numbers"),
        Finding("first loss", "look", "23; ln 10 is 2.3", "Make the weights smaller."),
        Finding("units", "–", "none to look at"),
    ]
)


def test_the_columns_stand_under_each_other():
    assert repr(REPORT).splitlines() == [
        "finite      ok    all numbers",
        "first loss  look  23; ln 10 is 2.3",
        "                  → Make the weights smaller.",
        "units       –     none to look at",
    ]


def test_a_finding_is_had_by_its_name():
    assert REPORT["first loss"].verdict == "look"
    with pytest.raises(KeyError):
        REPORT["no such check"]


def test_what_could_not_be_looked_at_is_no_fault():
    assert not REPORT.ok
    assert Preflight([REPORT["finite"], REPORT["units"]]).ok
