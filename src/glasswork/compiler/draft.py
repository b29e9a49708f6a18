"""A draft: a program as it is traced, written anew with fewer and cheaper lines.

One pass from the first line to the last. Each line is offered to the rules, with what it takes
already rewritten; the first rule that knows better answers with another line. What was written
before is not written twice, and what nobody uses is left out at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from .calls import Call
from .lines import Line, Origin, constant, held, replaced

__all__ = ["SMALL", "Draft", "Rule", "is_constant", "used"]

SMALL = 4096  # elements: larger constants are not compared

Rule = Callable[["Draft", Line], Line | None]


class Draft:
    """Lines that are being rewritten by rules.

    Attributes
    ----------
    lines : list of Line
        What is written so far.
    uses : dict
        How many lines of the old program take the result of each of its lines.
    """

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.lines: list[Line] = []
        self._rules = rules
        self._known: dict[Any, Line] = {}
        self._new: dict[Line, Line] = {}
        self._constants: dict[Any, Line] = {}

    def rewrite(self, lines: Iterable[Line]) -> None:
        """Write all lines anew."""
        for line in lines:
            of = line.origin.of
            origin = line.origin._replace(of=None if of is None else self.now(of))
            args = replaced(line.args, self.now)
            same = all(a.value is b.value for a, b in zip(held(args), line.inputs, strict=True))
            known = line.value if same else None
            self._new[line] = self.write(line.call, args, line.kwargs, origin, known)

    def now(self, line: Line) -> Line:
        """What stands for a line of the old program."""
        return self._new.get(line, line)

    def write(
        self,
        call: Call,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        origin: Origin,
        value: Any = None,
    ) -> Line:
        """The line that gives this: a new one if there is none, and no rule has a better one.

        A value that is known is not computed again.
        """
        if call.effect:
            return self._add(self._made(call, args, kwargs, origin, value))
        key = (call, _key(args), _key(sorted(kwargs.items())))
        if key not in self._known:
            line = self._made(call, args, kwargs, origin, value)
            self._known[key] = self._better(line) or self._add(line)
        return self._known[key]

    def _better(self, line: Line) -> Line | None:
        """What the first rule that knows better gives; none knows of several results."""
        for rule in self._rules if not isinstance(line.value, tuple | list) else ():
            better = rule(self, line)
            if better is not None:
                return better
        return None

    def constant(self, value: np.ndarray, name: str) -> Line:
        """The one line of all constants with these elements and this name."""
        key = name, value.shape, value.dtype, value.tobytes()
        return self._constants.setdefault(key, constant(value, name))

    def _add(self, line: Line) -> Line:
        self.lines.append(line)
        return line

    @staticmethod
    def _made(call: Call, args: Any, kwargs: Any, origin: Origin, value: Any) -> Line:
        if value is None:
            with np.errstate(all="ignore"):
                value = call.run(*replaced(args, lambda x: x.value), **kwargs)
        return Line(call, args, kwargs, value, origin)


def used(lines: Sequence[Line], wanted: Iterable[Line]) -> list[Line]:
    """The lines that something wanted rests on, and those that have an effect, in their order."""
    needed = set(wanted)
    for line in reversed(lines):
        if line in needed or line.call.effect:
            needed.add(line)
            needed.update(line.inputs)
    return [line for line in lines if line in needed]


def is_constant(line: Any) -> bool:
    """Whether a value is known when the program is written."""
    if not isinstance(line, Line) or line.kind == "constant":
        return True
    return line.base is not None and all(map(is_constant, line.inputs))


def _key(args: Any) -> Any:
    """What two equal calls have in common."""
    if type(args) is Line:
        return _key_of_line(args)
    if isinstance(args, tuple | list):
        return type(args), tuple(map(_key, args))
    if isinstance(args, slice):
        return "slice", args.start, args.stop, args.step
    if isinstance(args, int | float | np.generic):
        return type(args), repr(args)
    try:
        hash(args)
    except TypeError:
        return id(args)
    return type(args), args


def _key_of_line(line: Line) -> Any:
    """Constants are equal by their elements, unless they are large; other lines by identity."""
    value = line.value
    if is_constant(line) and value.size <= SMALL:
        return value.shape, value.dtype, value.strides, value.tobytes()
    return id(line)
