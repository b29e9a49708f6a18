"""The compiled page of a loss and its gradient, and which of its lines compute which equation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from ...compiler.arguments import Arguments
from ...compiler.draft import Draft
from ...compiler.findings import Found
from ...compiler.lines import Line
from ...compiler.places import Traced
from ...compiler.program import Program
from ...compiler.scribe import line_of
from .equations import Row

__all__ = ["Code", "Page"]


class Code(NamedTuple):
    """One line of a page: its number, and what stands there."""

    number: int
    text: str


class Page:
    """The program of a function that calls backward.

    Parameters
    ----------
    function : callable
        Of the arrays; it returns the loss.
    around : Found
        What it works with.

    Attributes
    ----------
    source : str
        The page.
    code : list of Code
        The lines of its function, without their comments.
    """

    def __init__(self, function: Callable[..., Any], around: Found, *arrays: Any) -> None:
        self._program = _Traced(function, Arguments(function, arrays, {}), around, "")
        page = self._program.page
        self.source = page.source
        self.code = _numbered(page.source, [s.text for s in page.body], page.first)
        self._lines = {s.line: c for s, c in zip(page.body, self.code, strict=True) if s.line}

    def shares(self, rows: Sequence[Row]) -> list[list[Code]]:
        """For each equation the lines that compute it and none before it."""
        claimed: set[Line] = set()
        shares = []
        for row in rows:
            reached = _behind(self._ends(row), claimed)
            mine = (c for line, c in self._lines.items() if line in reached)
            claimed |= reached
            shares.append(sorted(mine))
        return shares

    def _ends(self, row: Row) -> list[Line]:
        """What the last of the lines of an equation give."""
        now, found = self._program.now, []
        for entry in row.entries:
            line = now(line_of(entry._els))
            if row.section == "forward":
                found.append(line)
            elif entry.op is None:
                found.append(now(self._program.gradients[id(entry)]))
            else:
                found += [
                    x for x in self._lines if x.origin.of is line and x.origin.section == "backward"
                ]
        return found


class _Traced(Program):
    """A program that still knows from which lines of the traced function its own were made.

    Attributes
    ----------
    now : callable
        From a line as it was traced to the one on the page.
    gradients : dict of int to Line
        What is left in the gradient of each tensor, by identity.
    """

    now: Callable[[Line], Line]
    gradients: dict[int, Line]

    def _write(self, written: Traced, draft: Draft) -> None:
        super()._write(written, draft)
        stored = dict(written.stores)
        self.now = draft.now
        self.gradients = {id(t): stored[g] for t, _, g in written.tensors if g in stored}


def _behind(ends: list[Line], claimed: set[Line]) -> set[Line]:
    """The lines that some rest on, themselves among them, without those that are claimed."""
    reached: set[Line] = set()
    stack = list(ends)
    while stack:
        line = stack.pop()
        if line not in claimed and line not in reached:
            reached.add(line)
            stack += line.inputs
    return reached


def _numbered(source: str, texts: list[str], first: int) -> list[Code]:
    """The statements of a page with their numbers: headings stand between them."""
    code, number = [], first
    lines = source.splitlines()
    for text in texts:
        while not lines[number - 1].strip().startswith(text.strip()):
            number += 1
        code.append(Code(number, text))
        number += 1
    return code
