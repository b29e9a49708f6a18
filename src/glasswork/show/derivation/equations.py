"""Equations: those of a tape, in an order in which they can be computed.

A value has one if it is used more than once, in the forward pass or in a derivative, or if its
gradient is; all others are written where they are used. So has what is written twice, and what
would make an equation too long.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from ...compiler.draft import Draft, used
from ...compiler.lines import Line, replaced
from ...tape import Entry
from .naming import Name, Names
from .reading import Step
from .rules import COPIES, RULES
from .terms import (
    NOWHERE,
    ONE_HOT,
    Known,
    Value,
    inside,
    is_known,
    leaves,
    meaning,
    number,
    uniform,
)
from .text import Text

__all__ = ["Row", "Rows"]

BRIEF = {"np.negative", "T", "mT", "reshape", "astype", "np.broadcast_to"}  # as short as a name
DEEP = 16  # terms within terms
LONG, SHORT = 64, 12  # characters of a right-hand side, and of what is not worth a name


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


def kept(steps: Sequence[Step], terms: Sequence[Line], output: Entry | None) -> set[Line]:
    """The values and gradients that get an equation.

    Parameters
    ----------
    output : Entry or None
        The value that gets one in any case.
    """
    uses = Counter(x for line in terms for x in set(line.inputs))
    made = [s for s in steps if s.entry.op and not _is_brief(s.value.inputs[0])]
    values = {s.value: s for s in made}
    gradients = {s.gradient: s for s in made} | {s.gradient: s for s in made if s.entry is output}
    found, depths, fixed = {steps[-1].value}, Counter[Line](), set[Line]()
    for line in terms:
        depths[line] = 1 + max((depths[x] for x in line.inputs if x not in found), default=0)
        if all(x in fixed or uniform(x) is not None for x in line.inputs):
            fixed.add(line)
        told = uses[line] > 1 or depths[line] > DEEP
        if line in values and (told or values[line].entry is output):
            found.add(line)
        elif line in gradients and told and line not in fixed and line.call != COPIES:
            found |= {line, gradients[line].value}
    return found


def _is_brief(made: Line) -> bool:
    """Whether a value is as short as a name."""
    return bool(made.kind) or made.call.name in BRIEF


def _is_fixed(line: Line) -> bool:
    """Whether a term is made of numbers alone."""
    return all(uniform(x) is not None for x in leaves(line))


def simplified(terms: Sequence[Line], kept: set[Line]) -> Callable[[Line | None], Any]:
    """From terms to their shortest form, or to what stands for those that have an equation."""
    draft, known = Draft(RULES), dict[Line, Line]()

    def now(x: Line | None) -> Any:
        return x if x is None else known.get(x, x)

    for term in terms:
        if isinstance(term.call, Value):
            line: Line = now(term.inputs[0])
        else:
            line = draft.write(term.call, replaced(term.args, now), term.kwargs, NOWHERE)
        if term in kept and not line.kind:
            line = Line(Known(line), (), {}, line.value, NOWHERE)
        known[term] = line
    return now


def parts(roots: Sequence[Line], names: Mapping[Line, Name]) -> set[Line]:
    """What is written more than once in some right-hand sides, or makes one of them too long."""
    uses = Counter(x for line in inside(roots) for x in set(line.inputs))
    text = Text(dict(names))
    found: dict[Line, None] = {}

    def choose(line: Line) -> None:
        found[line] = None
        text.names[line] = Name("T", "0")

    for line in inside(roots):
        worth = len(text.write(line)) > SHORT or line.call == ONE_HOT
        if uses[line] > 1 and worth and line not in roots and not _is_fixed(line):
            choose(line)
    for root in [*roots, *found]:
        while len(text.write(root)) > LONG:
            sizes = {x: len(text.write(x)) for x in inside([root], found) if x is not root}
            fit = [x for x, size in sizes.items() if SHORT < size <= LONG - 20]
            if not fit:
                break
            choose(max(fit, key=lambda x: sizes[x]))
    return set(found)
