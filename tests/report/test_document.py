from __future__ import annotations

import dataclasses
import re
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from glasswork.report import report, write_report
from glasswork.train import History

from .reading import SVG, text_of

KINDS = "digits", "moons", "line", "table"
TITLES = ["The data", "The network", "The learning", "The results", "The program"]


@pytest.fixture(params=KINDS)
def material(request):
    """One training of each kind."""
    return request.getfixturevalue(request.param)


def test_a_report_is_valid_html_with_its_sections_in_order(material, read):
    tree = read(material)
    titles = [heading.text for heading in tree.iter("h2")]
    assert [title for title in titles if title in TITLES] == TITLES
    assert titles[-1] == "How to do it again"


def test_headings_are_in_order_and_landmarks_are_there(material, read):
    tree = read(material)
    levels = [int(e.tag[1]) for e in tree.iter() if re.fullmatch(r"h\d", str(e.tag))]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(b <= a + 1 for a, b in pairwise(levels))
    for tag in ("header", "nav", "main", "footer"):
        assert len(list(tree.iter(tag))) == 1
    assert tree.get("lang") == "en"


def test_every_link_leads_to_a_place_in_the_report_itself(material, read):
    tree = read(material)
    places = {e.get("id") for e in tree.iter() if e.get("id")}
    links = [link.get("href") for link in tree.iter("a")]
    assert links and all(link[0] == "#" and link[1:] in places for link in links)
    text = report(material)
    assert "http://" not in text.replace('xmlns="http://www.w3.org', "")
    assert not re.search(r'(?:src|href)="(?!data:|#)', text)
    assert not re.search(r"@import|url\(", text) and "<script" not in text


def test_every_figure_and_every_table_can_be_read_without_seeing_it(material, read):
    tree = read(material)
    assert all(image.get("alt") for image in tree.iter("img"))
    shown = [svg for svg in tree.iter(f"{SVG}svg") if svg.get("aria-hidden") != "true"]
    assert len(shown) >= 3
    for svg in shown:
        assert svg.get("role") == "img" and text_of(svg.find(f"{SVG}title"))
    assert all(figure.find("figcaption") is not None for figure in tree.iter("figure"))
    for table in tree.iter("table"):
        assert text_of(table.find("caption"))
        heads = list(table.iter("th"))
        assert all(head.get("scope") for head in heads)
        assert all(text_of(head) for head in table.find("thead").iter("th"))
    for region in (e for e in tree.iter("div") if e.get("role") == "region"):
        assert region.get("tabindex") == "0" and region.get("aria-label")


def test_it_is_small(digits, table):
    assert len(report(digits).encode()) < 100_000
    assert len(report(table).encode()) < 100_000


def test_what_a_file_says_is_text(table, read):
    tree = read(table)
    assert text_of(next(tree.iter("h1"))) == "<i>it</i>"
    text = text_of(tree)
    for word in ("<script>alert(1)</script>", '"b" & \ufffd', "ж\ufffd", "<b>size</b>", "</title>"):
        assert word in text
    assert not list(tree.iter("script")) and not list(tree.iter("i"))


def test_the_headline_tells_what_came_out(digits, read):
    cards = [text_of(card) for card in next(read(digits).iter("header")).iter("div")]
    assert f"accuracy{digits.result['accuracy']:.2%}" in cards
    assert {"numbers learnt1,060", "epochs2"} <= set(cards)


def test_it_tells_the_command_the_versions_and_the_options(digits, read):
    tree = read(digits)
    (command,) = tree.iter("pre")
    assert text_of(command) == "glasswork train it --seed=0"
    text = text_of(tree)
    assert "With glasswork 0.1.0" in text
    options = next(e for e in tree.iter("details") if "options" in text_of(e.find("summary")))
    assert text_of(options.find("dl")) == "datadigitslayers14eagerno"


def test_an_interrupted_training_says_so_also_before_its_first_epoch(digits, read):
    nothing = dataclasses.replace(digits, history=History(), interrupted=True, program=None)
    text = text_of(read(nothing))
    assert "It was interrupted" in text
    assert "ended before its first epoch" in text
    assert "ran as it was written" in text


def test_it_is_written_without_matplotlib(digits, tmp_path, monkeypatch):
    for name in [name for name in sys.modules if name.partition(".")[0] == "matplotlib"]:
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    write_report(digits, tmp_path / "report.html")
    assert (tmp_path / "report.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_what_goes_wrong_leaves_no_half_a_report(digits, tmp_path):
    broken = dataclasses.replace(digits, versions={})
    with pytest.raises(KeyError):
        write_report(broken, tmp_path / "report.html")
    assert not list(Path(tmp_path).iterdir())


def test_light_dark_phone_and_print_have_their_styles():
    import glasswork.report

    style = Path(glasswork.report.__file__).with_name("style.css").read_text(encoding="utf-8")
    assert "prefers-color-scheme: dark" in style and "@media print" in style
    used = set(re.findall(r"var\((--[a-z]+)", style)) - {"--tone", "--depth"}
    for scheme in re.findall(r":root \{(.*?)\}", style, re.DOTALL):
        assert used == set(re.findall(r"(--[a-z]+):", scheme))
