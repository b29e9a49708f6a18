"""docs/article.md tells every erratum once, and points to the tests of those about code."""

from __future__ import annotations

import re
from pathlib import Path

FOLDER = Path(__file__).parent
PAGE = FOLDER.parents[1] / "docs" / "article.md"
ROWS = dict(re.findall(r"^\| (\d+) \|(.*)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE))


def test_the_page_tells_every_erratum_once():
    numbers = re.findall(r"^\| (\d+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(map(int, numbers)) == list(range(1, 87))


def test_every_erratum_about_code_has_a_test_and_the_page_leads_to_it():
    tests = "".join(path.read_text(encoding="utf-8") for path in FOLDER.glob("test_errata_*.py"))
    for number in range(1, 46):
        assert f"def test_erratum_{number:02d}_" in tests
        assert f"#test_erratum_{number:02d})" in ROWS[str(number)] or number == 35


def test_a_test_of_an_erratum_has_the_number_of_one():
    for path in FOLDER.glob("test_errata_*.py"):
        for number in re.findall(r"def test_erratum_(\d+)_", path.read_text(encoding="utf-8")):
            assert 1 <= int(number) <= 45
