"""Wishes: what each value of a program would like to be called.

A module's name belongs to its result, and `d_h` to the complete gradient of h; what is made on the
way there is called after what it is, unless the result overwrites it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from .calls import Number
from .lines import Line
from .names import NOUNS, RESULTS
from .outputs import lines_of
from .page import Script

__all__ = ["Wishes"]

_PARAMETERS = ("parameters", "parameter")


class Wishes:
    """What the values of a program would like to be called."""

    def __init__(self, script: Script) -> None:
        self._modules = script.modules
        self._into = script.plan.into
        lines = [line for line in script.plan.lines if not line.kind]
        results = {*self._results(lines, lines_of(script.output)), *_changes(lines)}
        self._ends = {(self._group(line), self._memory(line)) for line in results}

    def of(self, line: Line, label: Callable[[Line | None], str]) -> tuple[str, ...]:
        """The names for a line, the best first; `label` is what others call a value."""
        section, module, role, of = line.origin
        noun, name = self.noun(line), self._modules.get(module, "")
        ends = (self._group(line), self._memory(line)) in self._ends
        if section == "backward" and of is not None:
            whole = f"d_{label(of)}"
            return (whole,) if ends else (f"{label(of) if noun == 'mask' else whole}_{noun}",)
        if section == "update":
            return ("change",) if ends and line.is_array else _in_update(line, noun, label)
        if name:
            return (name,) if ends else (f"{name}_{noun}",)
        return (RESULTS.get(role, role) or noun,) if ends else (noun, f"{role}_{noun}")

    def noun(self, line: Line) -> str:
        """What a value is."""
        name, inputs = line.call.name, line.inputs
        first: Any = line.args[0] if line.args else None
        last: Any = line.args[-1] if line.args else None
        noun = NOUNS.get(name, name.rpartition(".")[2])
        if name == "np.sign" and _is_from(first, "np.maximum"):
            noun = "mask"
        elif name == "np.subtract" and _is_from(last, "np.maximum", "np.maximum.reduce"):
            noun = "shifted"
        elif name == "np.multiply" and first is last:
            noun = "squares"
        elif name == "np.dot" and any(_is_from(x, "ones") for x in inputs):
            noun = "sums"
        elif name == "np.divide" and inputs == (first,) and self.noun(first) == "sums":
            squares = any(self.noun(x) == "squares" for x in first.inputs)
            noun = "mean_square" if squares else "mean"
        elif name == "take":
            noun = "true" if _is_from(first, "one_hot") else "chosen"
        elif name == "np.add" and _is_from(last, "begins"):
            noun = "places"
        return noun

    def _group(self, line: Line) -> Any:
        """What all lines have in common that lead to one result."""
        section, module, role, of = line.origin
        if section == "backward":
            return section, of
        return section, self._modules.get(module) or (role,)

    def _memory(self, line: Line) -> Any:
        return self._into.get(line, line)

    def _results(self, lines: list[Line], returned: Iterable[Line]) -> Iterator[Line]:
        """What is taken outside of its module or op, and the last line of each gradient."""
        last: dict[Any, Line] = {}
        for line in lines:
            for x in (y.root for y in line.inputs):
                forward = line.origin.section == x.origin.section == "forward"
                if forward and line.is_array and self._group(x) != self._group(line):
                    yield x
            if line.base is None and (
                line.origin.of is not None or self._modules.get(line.origin.module)
            ):
                last[self._group(line)] = line
        yield from (x.root for x in returned)
        yield from last.values()


def _is_from(x: Any, *names: str) -> bool:
    """Whether x, or what it is a view of, was made by one of these calls."""
    return isinstance(x, Line) and x.root.call.name in names


def _changes(lines: list[Line]) -> Iterator[Line]:
    """What is added to parameters."""
    for line in lines:
        if line.origin.section == "update" and line.call.name in ("np.add", "np.subtract"):
            place, *rest = line.inputs
            if place.root.kind in _PARAMETERS:
                yield from (x for x in rest if x.origin.section == "update")


def _in_update(line: Line, noun: str, label: Callable[[Line | None], str]) -> tuple[str, ...]:
    """What a learning rule makes on its way."""
    if not line.is_array and _counts(line):
        return ("step_number" if line.call.name == "+" else "correction",)
    arrays = [x for x in line.inputs if x.is_array]
    if line.call.name == "np.multiply" and len(arrays) == 1:
        return (f"scaled_{label(arrays[0])}",)
    return (noun,)


def _counts(line: Line) -> bool:
    """Whether a number rests on the count of steps."""
    number = isinstance(line.call, Number)
    return line.call.name == "steps" or (number and any(map(_counts, line.inputs)))
