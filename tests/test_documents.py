"""What the documents show is what happens: README, the book and every docstring."""

from __future__ import annotations

import doctest
import io
import re
import runpy
from collections.abc import Iterator
from contextlib import redirect_stdout
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

import glasswork

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md"))]
NEED_PEERS = {"export.md", "migration.md", "tables.md"}
NEED_MATPLOTLIB = {"pictures.md"}
FENCED = re.compile(r"^```(?P<language>[^\n`]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """A block of Python in a document, and what stands under it as its output."""

    line: int
    code: str
    output: str | None


def blocks(text: str) -> Iterator[Block]:
    """The Python blocks of a document.

    The output of one is the block without a language, or of language `text`, that comes next
    with nothing but empty lines between.
    """
    fences = [*FENCED.finditer(text), None]
    for fence, after in pairwise(fences):
        if fence["language"] != "python":
            continue
        shown = (
            after is not None
            and after["language"] in {"", "text"}
            and not text[fence.end() : after.start()].strip()
        )
        line = text.count("\n", 0, fence.start("text"))
        yield Block(line, fence["text"], after["text"] if shown else None)


def run(page: Path) -> None:
    """Run a document's Python blocks in their order, as one program."""
    names = {"__name__": "__main__"}
    for block in blocks(page.read_text(encoding="utf-8")):
        program = "\n" * block.line + block.code  # so that a traceback names the page's own lines
        with redirect_stdout(io.StringIO()) as printed:
            exec(compile(program, page, "exec"), names)
        if block.output is not None:
            assert printed.getvalue() == block.output, f"{page}:{block.line} prints something else"


@pytest.mark.parametrize(
    "page",
    [pytest.param(p, marks=pytest.mark.peers if p.name in NEED_PEERS else ()) for p in PAGES],
    ids=lambda page: str(page.relative_to(ROOT)),
)
def test_the_python_of_a_document_runs_and_prints_what_stands_under_it(page, tmp_path, monkeypatch):
    if page.name in NEED_MATPLOTLIB:
        pytest.importorskip("matplotlib")
    monkeypatch.chdir(tmp_path)
    run(page)


def test_the_examples_in_docstrings_print_what_they_show(module_name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    known = {"gw": glasswork, "np": np}
    assert doctest.testmod(import_module(module_name), extraglobs=known).failed == 0


def test_a_document_that_shows_the_wrong_output_is_told_apart(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("Twice two:\n\n```python\nprint(2 * 2)\n```\n\n```text\n5\n```\n")
    with pytest.raises(AssertionError, match=r"page.md:3 prints something else"):
        run(page)


def test_blocks_share_their_names_and_text_between_them_is_no_output(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        "```python\nx = 3\n```\n\nA file:\n\n```text\nnot printed\n```\n\n"
        "```python\nprint(x)\n```\n\n```\n3\n```\n"
    )
    run(page)


def test_the_reference_is_what_the_script_makes():
    made = runpy.run_path(str(ROOT / "scripts" / "reference.py"))["reference"]()
    stored = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
    assert stored == made, "Run scripts/reference.py > docs/reference.md"
