"""The tape for Mermaid and Graphviz: read back by small grammars of theirs."""

from __future__ import annotations

import re
from html import unescape

import numpy as np

import glasswork as gw

MERMAID = re.compile(r'    v(\d+)\["([^"]*)"\]|    v(\d+) --> v(\d+)')
DOT = re.compile(r'    v(\d+) \[label="((?:[^"\\]|\\.)*)"\];|    v(\d+) -> v(\d+);')


def read(lines: list[str], grammar: re.Pattern[str]) -> tuple[list[str], list[tuple[int, int]]]:
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
    labels, arrows = read(lines, MERMAID)
    assert head == "flowchart TD" and arrows == USES
    assert (
        labels[1] == "γ₂: leaf<br>() 3<br>∂ 2" and labels[3] == "γ₄ = sin(γ₁)<br>() 0.9093<br>∂ 2"
    )


def test_graphviz_has_the_same():
    head, style, *lines, foot = worked_example().tape.dot().splitlines()
    labels, arrows = read(lines, DOT)
    assert (head, style, foot) == ("digraph tape {", "    node [shape=box];", "}")
    assert arrows == USES and labels[1] == r"γ₂: leaf\n() 3\n∂ 2"


def test_a_value_that_is_used_twice_has_two_arrows():
    x = gw.Tensor(2.0, requires_grad=True)
    tape = (x * x).tape
    assert tape.mermaid().count("v1 --> v2") == tape.dot().count("v1 -> v2;") == 2


def test_names_cannot_break_out():
    name = '"]; <b>`#1` \\" & x'
    evil = gw.elementwise("evil", lambda x: x * 1.0, (1,), equation="", notation=name)
    tape = evil(gw.Tensor(1.0, requires_grad=True)).tape
    labels, _ = read(tape.mermaid().splitlines()[1:], MERMAID)
    assert unescape(labels[1].replace("<br>", "|").replace("#", "&#")) == f"γ₂ = {name}|() 1"
    labels, _ = read(tape.dot().splitlines()[2:-1], DOT)
    assert re.sub(r"\\(.)", r"\1", labels[1].replace("\\n", "|")) == f"γ₂ = {name}|() 1"
