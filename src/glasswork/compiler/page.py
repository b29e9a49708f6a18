"""A page: a program as it is to be written, and as it is written."""

from __future__ import annotations

import linecache
from collections.abc import Mapping, Sequence
from itertools import count
from types import CodeType
from typing import Any, NamedTuple
from weakref import finalize

from .lines import Line
from .plan import Plan

__all__ = ["Page", "Script", "Statement"]

_numbers, _free = count(1), list[int]()  # of pages; of those that are not there any more


class Script(NamedTuple):
    """What is to be written.

    Attributes
    ----------
    name, title : str
        Of the function, and of the page.
    plan : Plan
        Lines, and where they put what they make.
    arguments : dict of Line to str
        What is passed at each call, by name.
    readings : list of Line
        What is read at each call: generators first, then numbers.
    names : dict of Line to str
        What parameters and gradients are called.
    modules : dict of str to str
        What modules are called, by path.
    output : nested tuples, lists and dicts of Line
        What is returned.
    quiet : dict
        The floating-point warnings that are not wanted.
    """

    name: str
    title: str
    plan: Plan
    arguments: Mapping[Line, str]
    readings: Sequence[Line]
    names: Mapping[Line, str]
    modules: Mapping[str, str]
    output: Any
    quiet: Mapping[str, str]


class Statement(NamedTuple):
    """One line of the page's function.

    Attributes
    ----------
    text, comment : str
        What Python reads, and what it does as mathematics.
    section : str
        "forward", "backward" or "update"; an empty word for what is in none.
    line : Line or None
        What it computes.
    """

    text: str
    comment: str
    section: str
    line: Line | None


class Page(NamedTuple):
    """A program, written.

    Attributes
    ----------
    source : str
        The whole page.
    given : dict
        What the page takes as it finds it: vectors, constants, errors, numbers.
    body : list of Statement
        The lines of its function.
    first : int
        The number of the line on which the body begins.
    named : dict of Line to str
        What everything is called.
    """

    source: str
    given: dict[str, Any]
    body: list[Statement]
    first: int
    named: Mapping[Line, str]

    def code(self, name: str, owner: object) -> CodeType:
        """The page as Python's code; while the owner lives, tracebacks show its lines."""
        number = _number()
        filename = f"<glasswork {name}, page {number}>"
        _file(filename, self.source)
        finalize(owner, _forget, filename, number)
        return compile(self.source, filename, "exec")


def _number() -> int:
    """A number for a page: another thread may take the last free one."""
    try:
        return _free.pop()
    except IndexError:
        return next(_numbers)


def _file(filename: str, source: str) -> None:
    linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)


def _forget(filename: str, number: int) -> None:
    """Empty a page, and leave its name: linecache may be going through all names."""
    _file(filename, "")
    _free.append(number)
