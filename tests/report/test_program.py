from __future__ import annotations

import dataclasses

import glasswork as gw
from glasswork.report.program import derivation

from .reading import MATHML, text_of


def test_each_equation_stands_beside_the_lines_that_compute_it(digits, read):
    found = gw.explain(digits.network, digits.criterion, *digits.arrays)
    tree = read(digits)
    (section,) = (s for s in tree.iter("section") if s.get("aria-labelledby") == "the-mathematics")
    tables = {text_of(table.find("caption")): table for table in section.iter("table")}
    assert list(tables) == ["What is given", "Forward", "Backward"]
    for title in ("Forward", "Backward"):
        lines = [line for line in found.lines if line.section == title.lower()]
        rows = tables[title].find("tbody").findall("tr")
        assert len(rows) == len(lines)
        for row, line in zip(rows, lines, strict=True):
            cells = list(row)
            assert cells[0].find(f"{MATHML}math") is not None
            assert text_of(cells[1]) == str(line.shape)
            assert [text_of(code) for code in cells[2]] == [text for _, text in line.code]


def test_many_lines_of_one_equation_are_folded(moons, read):
    smooth = gw.Sequential(gw.Linear(2, 4, rng=0), gw.GELU(), gw.Linear(4, 2, rng=1))
    tree = read(dataclasses.replace(moons, network=smooth))
    (folded,) = (e for e in tree.iter("details") if e.find("summary").text.endswith(" lines"))
    count = len(folded.findall("code"))
    assert count > 30 and text_of(folded.find("summary")) == f"{count} lines"


def test_what_has_no_derivation_is_told(digits):
    class Odd(gw.Module):
        def __init__(self):
            self.layer = gw.Linear(64, 10, rng=0)

        def forward(self, x):
            return self.layer(x) if float(x.sum()) > 0 else x

    assert "There is none" in derivation(dataclasses.replace(digits, network=Odd()))
    assert derivation(dataclasses.replace(digits, arrays=())) is None
