"""Equations: those of a tape, in an order in which they can be computed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from ...compiler.draft import used
from ...compiler.lines import Line
from ...tape import Entry
from .choosing import kept, parts, simplified
from .naming import Name, Names
from .reading import Step
from .terms import is_known, leaves, meaning, number, uniform

__all__ = ["Row", "Rows"]


class Row(NamedTuple):
    """One equation.

    Attributes
    ----------
    name : Name
    line : Line
        The right-hand side.
    section : str
        "forward" or "backward".
    entries : list of Entry
        The value of the tape that it is, or all of those whose gradient it is.
    """

    name: Name
    line: Line
    section: str
    entries: list[Entry]


class Rows:
    """The equations of a tape.

    Parameters
    ----------
    steps : list of Step
        The tape as terms, with the loss at its end.
    terms : list of Line
        All terms, each after those that it is made of.
    output : Entry or None
        What the network gives, which is Z.

    Attributes
    ----------
    rows : list of Row
        The equations, each after those that it speaks of.
    names : dict of Line to Name
        What everything is called.
    """

    def __init__(self, steps: Sequence[Step], terms: Sequence[Line], output: Entry | None) -> None:
        self.rows: list[Row] = []
        self._names = Names()
        self.names = self._names.of
        wanted = [s.gradient for s in steps if s.gradient is not None and s.entry.op is None]
        terms = used(terms, [steps[-1].value, *wanted])
        now = simplified(terms, kept(steps, terms, output))
        steps = [s._replace(value=now(s.value), gradient=now(s.gradient)) for s in steps]
        values = list({s.value: s for s in steps if is_known(s.value)}.values())
        learned = {s.value: s for s in steps if s.gradient is not None and s.entry.op is None}
        self._name_values(values, output)
        newest_first = sorted(steps, key=lambda s: (s.entry is not output, -s.entry.serial))
        self._gradients = self._name_gradients(newest_first)
        self._name_given(x for s in learned.values() for x in (s.value, s.gradient))
        self._parts = parts(self._roots(values, learned.values()), self.names)
        self._done: set[Line] = set()
        self._write(values, learned)
        self._names.settle([row.name for row in self.rows])

    def _roots(self, values: Iterable[Step], learned: Iterable[Step]) -> list[Line]:
        """All right-hand sides."""
        known = [*(s.value for s in values), *self._gradients]
        return [*map(meaning, known), *(s.gradient for s in learned if s.gradient)]

    def _name_values(self, values: Sequence[Step], output: Entry | None) -> None:
        """Name values, and what they are made of."""
        for step in values:
            self._name_given([meaning(step.value)])
            if step is values[-1]:
                self._names.give(step.value, "L")
            elif step.entry is output:
                self._names.give(step.value, "Z")
            else:
                self._names.give_value(step.value, meaning(step.value))

    def _name_given(self, lines: Iterable[Line | None]) -> None:
        for line in lines:
            for x in () if line is None or uniform(line) is not None else leaves(line):
                if not is_known(x) and x not in self.names and number(x) is None:
                    self._names.give_given(x)

    def _name_gradients(self, steps: Iterable[Step]) -> dict[Line, list[Entry]]:
        """Name the gradients that have an equation, each by the first value that it belongs to."""
        found: dict[Line, list[Entry]] = {}
        for step in steps:
            g = step.gradient
            if g is None or not is_known(g) or step.entry.op is None:
                continue
            if g not in self.names and step.value in self.names:
                self._name_given([meaning(g)])
                self._names.give_gradient(g, step.value)
                found[g] = []
            if g in found:
                found[g].append(step.entry)
        return found

    def _write(self, values: Sequence[Step], learned: dict[Line, Step]) -> None:
        for step in values:
            self._state(step.value, "forward", [step.entry])
        for step in reversed(values):
            if step.gradient in self._gradients:
                self._state(step.gradient, "backward", self._gradients[step.gradient])
            for x in leaves(meaning(step.value)):
                if x in learned:
                    self._state_learned(learned.pop(x))
        for rest in learned.values():
            self._state_learned(rest)

    def _state_learned(self, step: Step) -> None:
        """The gradient of a leaf: nothing else is written in terms of it."""
        line: Any = step.gradient
        self._state_before([line], "backward")
        name = Name(of=self.names[step.value])
        self.rows.append(Row(name, line, "backward", [step.entry]))

    def _state(self, line: Line, section: str, entries: list[Entry]) -> None:
        if line in self._done:
            return
        self._done.add(line)
        self._state_before(meaning(line).inputs, section)
        if line not in self.names:
            self._names.give_part(line)
        self.rows.append(Row(self.names[line], meaning(line), section, entries))

    def _state_before(self, lines: Iterable[Line], section: str) -> None:
        """The equations of what stands in a right-hand side."""
        for x in lines:
            if x in self._parts:
                self._state(x, section, [])
            elif x in self._gradients:
                self._state(x, section, self._gradients[x])
            elif not x.kind:
                self._state_before(x.inputs, section)
