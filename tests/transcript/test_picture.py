"""The tape as SVG: a box for each value, an arrow for each use, and words for those who listen.

And for Mermaid and Graphviz, read back by small grammars of theirs.
"""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest

import glasswork as gw

ROOT = Path(__file__).parents[2]
SVG = "{http://www.w3.org/2000/svg}"
MERMAID = re.compile(r'    v(\d+)\["([^"]*)"\]|    v(\d+) --> v(\d+)')
DOT = re.compile(r'    v(\d+) \[label="((?:[^"\\]|\\.)*)"\];|    v(\d+) -> v(\d+);')


def texts(drawing: str) -> list[list[str]]:
    """The texts in each box."""
    boxes = ET.fromstring(drawing).iterfind(f".//{SVG}g[{SVG}rect]")
    return [["".join(text.itertext()) for text in box.iter(f"{SVG}text")] for box in boxes]


def arrows(drawing: str) -> int:
    return len(ET.fromstring(drawing).findall(f".//{SVG}path[@class='tip']"))


def network() -> gw.Tensor:
    model = gw.Sequential(gw.Linear(2, 3, rng=0), gw.ReLU(), gw.Linear(3, 1, rng=1))
    return gw.MSE()(model(np.ones((4, 2), np.float32)), np.zeros((4, 1)))


def test_each_value_has_a_box_with_what_it_is():
    x = gw.Tensor(3.0, requires_grad=True)
    y = x * x
    y.backward()
    assert texts(y.tape.svg()) == [
        ["γ₁ leaf", "()", "3", "∂ 6"],
        ["γ₂ = γ₁ · γ₁", "()", "9", "∂ 1"],
    ]


def test_before_backward_there_are_no_gradients():
    assert "∂" not in network().tape.svg()


@pytest.mark.parametrize("make", [network, lambda: gw.Tensor(1.0)])
def test_there_is_an_arrow_for_each_use(make):
    tape = make().tape
    uses = sum(isinstance(x, gw.Tensor) for entry in tape for x in entry.inputs)
    assert arrows(tape.svg()) == uses and len(texts(tape.svg())) == len(tape)


def test_kinds_of_values_are_told_apart():
    drawing = ET.fromstring(network().tape.svg())
    kinds = [box.get("class") for box in drawing.iterfind(f".//{SVG}g[{SVG}rect]")]
    assert kinds.count("parameter") == 4 and kinds.count("constant") == 2
    assert kinds[-1] == "op last" and kinds.count("op") == 7


def test_it_says_what_it_shows_to_those_who_do_not_see_it():
    x = gw.Tensor(3.0, requires_grad=True)
    drawing = ET.fromstring((x * x).tape.svg())
    assert drawing.get("role") == "img"
    assert drawing[0].text == "Tape of 2 values, the last of shape ()"
    assert drawing[1].text == (
        "γ₁: leaf; shape (), value 3. γ₂: γ₁ · γ₁, y = a b; shape (), value 9."
    )


def test_names_cannot_break_out():
    evil = gw.elementwise(
        "</text><script>&", lambda x: x * 1.0, (1,), equation='"<b>', notation="<i>{0}&"
    )
    y = evil(gw.Tensor(1.0, requires_grad=True))
    assert texts(y.tape.svg())[1][0] == "γ₂ = <i>γ₁&"
    page = y.tape._repr_html_()
    assert "<i>" not in page and "<script>" not in page and "<b>" not in page


def test_what_is_too_long_for_a_box_is_cut_and_told_in_full_to_who_points_at_it():
    x = gw.Tensor(np.ones(3), requires_grad=True)
    y = gw.functional.concatenate([x] * 12)
    (_, box) = ET.fromstring(y.tape.svg()).iterfind(f".//{SVG}g[{SVG}rect]")
    assert len(texts(y.tape.svg())[1][0]) < 40 and "…" in texts(y.tape.svg())[1][0]
    assert (
        f"concatenate({', '.join(['γ₁'] * 12)}, axis=0)" in box[0].text or "γ₁, γ₁)" in box[0].text
    )


def test_nothing_is_asked_of_other_hosts():
    drawing = network().tape.svg().replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert "http" not in drawing and "url(" not in drawing and "@import" not in drawing


def test_the_pictures_of_the_book_are_what_is_drawn_today(tmp_path, monkeypatch):
    page = (ROOT / "docs/walk.md").read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for code in re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)[:3]:
        exec(code, names)
    for name in ("tape.svg", "network.svg"):
        assert Path(name).read_text("utf-8") == (ROOT / "docs/pictures" / name).read_text("utf-8")


def labelled(lines: list[str], grammar: re.Pattern[str]) -> tuple[list[str], list[tuple[int, int]]]:
    """The labels of the boxes, and from which to which the arrows lead."""
    found = [grammar.fullmatch(line).groups() for line in lines]
    labels = {int(number): label for number, label, *_ in found if number}
    assert list(labels) == list(range(1, len(labels) + 1))
    return list(labels.values()), [(int(a), int(b)) for *_, a, b in found if a]


def worked_example() -> gw.Tensor:
    x1, x2 = gw.Tensor(2.0, requires_grad=True), gw.Tensor(3.0, requires_grad=True)
    z = x1 * x2 + np.sin(x1) * x1
    z.backward()
    return z


USES = [(1, 3), (2, 3), (1, 4), (4, 5), (1, 5), (3, 6), (5, 6)]


def test_mermaid_has_a_box_for_each_value_and_an_arrow_for_each_use():
    head, *lines = worked_example().tape.mermaid().splitlines()
    labels, arrows = labelled(lines, MERMAID)
    assert head == "flowchart TD" and arrows == USES
    assert (
        labels[1] == "γ₂: leaf<br>() 3<br>∂ 2" and labels[3] == "γ₄ = sin(γ₁)<br>() 0.9093<br>∂ 2"
    )


def test_graphviz_has_the_same():
    head, style, *lines, foot = worked_example().tape.dot().splitlines()
    labels, arrows = labelled(lines, DOT)
    assert (head, style, foot) == ("digraph tape {", "    node [shape=box];", "}")
    assert arrows == USES and labels[1] == r"γ₂: leaf\n() 3\n∂ 2"


def test_a_value_that_is_used_twice_has_two_arrows():
    x = gw.Tensor(2.0, requires_grad=True)
    tape = (x * x).tape
    assert tape.mermaid().count("v1 --> v2") == tape.dot().count("v1 -> v2;") == 2


def test_names_cannot_break_out_of_text_for_other_tools():
    name = '"]; <b>`#1` \\" & x'
    evil = gw.elementwise("evil", lambda x: x * 1.0, (1,), equation="", notation=name)
    tape = evil(gw.Tensor(1.0, requires_grad=True)).tape
    labels, _ = labelled(tape.mermaid().splitlines()[1:], MERMAID)
    assert unescape(labels[1].replace("<br>", "|").replace("#", "&#")) == f"γ₂ = {name}|() 1"
    labels, _ = labelled(tape.dot().splitlines()[2:-1], DOT)
    assert re.sub(r"\\(.)", r"\1", labels[1].replace("\\n", "|")) == f"γ₂ = {name}|() 1"
