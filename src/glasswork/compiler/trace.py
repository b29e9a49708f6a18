"""Tracing: a function runs once on Scribes, and what it does to them is the program.

While it runs, every parameter, buffer, gradient and memory that it can reach is a Scribe, and so is
each number that may differ from step to step. Afterwards all is as it was before.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import get_ident
from typing import Any

import numpy as np

from ..errors import CompileError
from ..nn.tree import Tree, walk
from ..randomness import generator
from .calls import Call
from .findings import Found
from .lines import Line, Origin, Place, replaced
from .origins import origin, user_line

__all__ = ["Trace"]


class Trace:
    """A program that is being written, line by line.

    Attributes
    ----------
    lines, places : list of Line
        What is done, and what is there before.
    arguments : dict of str to Line
        The places of what is passed.
    readings : list of (Line, callable)
        The places of what is read at each call, and how.
    quiet : dict of str to str
        The floating-point warnings that somebody turned off on the way.
    """

    def __init__(self, found: Found) -> None:
        self.found = found
        self.lines: list[Line] = []
        self.places: list[Line] = []
        self.arguments: dict[str, Line] = {}
        self.readings: list[tuple[Line, Callable[[], Any]]] = []
        self.quiet: dict[str, Any] = {}
        self._constants: dict[int, Line] = {}
        self._generators: dict[int, Line] = {}
        self._paths = {
            id(node): (name, path)
            for name, tree in found.trees.items()
            for path, node in walk(tree)
            if isinstance(node, Tree)
        }
        self._loud = np.geterr().items()
        self._thread = get_ident()

    def write(self, call: Call, args: Any, kwargs: dict[str, Any]) -> Line:
        """Add a line, unless it is known already what it gives."""
        self._refuse_others()
        args = replaced(args, self._interned)
        value = call.run(*replaced(args, _value), **kwargs)
        now = np.geterr().items()
        self.quiet |= {kind: how for kind, how in now if (kind, how) not in self._loud}
        line = Line(call, args, kwargs, value, origin(self._paths))
        self.lines.append(line)
        return line

    def place(self, name: str, kind: str, value: Any) -> Line:
        """The line of something that the program finds when it begins."""
        line = Line(Place(name, kind), (), {}, value, Origin("", "", name))
        self.places.append(line)
        return line

    def argument(self, name: str, array: Any) -> Line:
        """The line of what is passed."""
        self.arguments[name] = self.place(name, "argument", array)
        return self.arguments[name]

    def reading(self, name: str, kind: str, read: Callable[[], Any], now: Any) -> Line:
        """The line of something that is read at each call: one, for all that read it alike."""
        for line, known in self.readings:
            if known == read:
                return line
        line = self.place(name, kind, now)
        self.readings.append((line, read))
        return line

    def generator(self, rng: Any) -> Line:
        """The line of a source of random numbers; the default one is asked for at each call."""
        if rng is not None and not isinstance(rng, np.random.Generator):
            raise CompileError(
                f"compile: random numbers come from a new generator each time, seeded {rng!r}.\n"
                f"  It happens in {user_line()}.\n"
                "  Make one numpy.random.default_rng(...) before, and pass that."
            )
        known = self._generators.get(id(rng))
        if known is None:
            other = np.random.default_rng(0)  # which the traced run draws from
            known = self.reading("rng", "generator", lambda: generator(rng), other)
            self._generators[id(rng)] = known
        return known

    def user_line(self) -> str:
        """Where the user's code is now."""
        self._refuse_others()
        return user_line()

    def _refuse_others(self) -> None:
        """What another thread does to a parameter meanwhile is no part of the page."""
        if get_ident() != self._thread:
            raise CompileError(
                "compile: another thread is writing a page, and has the parameters meanwhile.\n"
                f"  They are used in {user_line()}.\n"
                "  Call the compiled function once before other threads use its parameters,\n"
                "  or let the threads take turns."
            )

    def _interned(self, line: Line) -> Line:
        """The one line of a constant, and of an array from around the function."""
        if line.kind != "constant":
            return line
        key = id(line.value)
        if key not in self._constants:
            captured = self.found.captured.get(key)
            if captured is not None:
                line = self.place(captured.name, "captured", line.value)
            self._constants[key] = line
        return self._constants[key]


def _value(line: Line) -> Any:
    return line.value
