"""Equations: which values of a tape have a name of their own, and what they are equal to.

A value has one if it is used more than once, in the forward pass or in a derivative, or if its
gradient is; all others are written where they are used. What makes an equation too long has one too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from ...compiler.calls import DRAW
from ...compiler.draft import Draft, used
from ...compiler.lines import Line, replaced
from ...tape import Entry
from .naming import Name, Names, leaves
from .reading import Step
from .simplify import RULES, Known, number, uniform
from .symbols import NOWHERE, ONE_HOT, Value
from .writing import Text

__all__ = ["Row", "Rows"]

BRIEF = {"np.negative", "T", "mT", "reshape", "astype", "np.broadcast_to"}  # as short as a name
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
    """The equations of a tape, in an order in which they can be computed.

    Parameters
    ----------
    steps : list of Step
        The tape as terms, with the loss at its end.
    terms : list of Line
        All terms, in their order.
    output : Entry or None
        What the network gives, which is Z.

    Attributes
    ----------
    rows : list of Row
    names : dict of Line to Name
        What everything is called.
    """

    def __init__(self, steps: list[Step], terms: list[Line], output: Entry | None) -> None:
        self.rows: list[Row] = []
        self._names = Names()
        self.names = self._names.of
        learned = [s for s in steps if s.entry.op is None and s.gradient is not None]
        terms = used(terms, [steps[-1].value, *(s.gradient for s in learned if s.gradient)])
        now = _simplified(terms, _kept(steps, terms, output))
        simple = [s._replace(value=now(s.value), gradient=now(s.gradient)) for s in steps]
        values = list({s.value: s for s in simple if _is_known(s.value)}.values())
        self._name(values, output)
        ends = sorted(reversed(simple), key=lambda s: s.entry is not output)
        self._gradients = self._name_gradients(ends)
        learned = [s for s in simple if s.entry.op is None and s.gradient is not None]
        for step in learned:
            self._name_leaves(step.value)
            self._name_leaves(step.gradient)
        roots = [_meaning(x) for x in [*(s.value for s in values), *self._gradients]]
        self._emitted: set[Line] = set()
        self._parts = self._parts_of([*roots, *(s.gradient for s in learned if s.gradient)])
        self._write(values, {s.value: s for s in learned})
        self._names.settle([row.name for row in self.rows])

    def _name(self, values: list[Step], output: Entry | None) -> None:
        """Name values, and what they are made of."""
        for step in values:
            self._name_leaves(_meaning(step.value))
            if step is values[-1]:
                self._names.give(step.value, "L")
            elif step.entry is output:
                self._names.give(step.value, "Z")
            else:
                self._names.give_value(step.value, _meaning(step.value))

    def _name_leaves(self, line: Line) -> None:
        for x in leaves(line) if uniform(line) is None else ():
            if not _is_known(x) and x not in self.names and number(x) is None:
                self._names.give_leaf(x)

    def _name_gradients(self, steps: Iterable[Step]) -> dict[Line, list[Entry]]:
        """Name the gradients that have an equation, by the first value of each."""
        found: dict[Line, list[Entry]] = {}
        for step in steps:
            g = step.gradient
            if g is None or not _is_known(g) or step.entry.op is None:
                continue
            if g not in self.names and step.value in self.names:
                self._name_leaves(_meaning(g))
                self._names.give_gradient(g, step.value)
                found[g] = []
            if g in found:
                found[g].append(step.entry)
        return found

    def _parts_of(self, roots: list[Line]) -> dict[Line, None]:
        """What is written more than once, and what would make an equation too long."""
        uses = Counter(x for line in _inside(roots) for x in set(line.inputs))
        known = dict(self.names)
        parts: dict[Line, None] = {}
        for line in _inside(roots):
            written = Text(known).write(line)
            if (
                line not in roots
                and uses[line] > 1
                and _is_worth(line, written)
                and not _is_fixed(line)
            ):
                parts[line] = None
                known[line] = Name("T", "0")
        for root in [*roots, *parts]:
            while len(Text(known).write(root)) > LONG:
                inner = [x for x in _inside([root], parts) if x is not root and not _is_fixed(x)]
                sizes = {x: len(Text(known).write(x)) for x in inner}
                fit = [x for x in inner if SHORT < sizes[x] <= LONG - 20]
                if not fit:
                    break
                part = max(fit, key=lambda x: sizes[x])
                parts[part] = None
                known[part] = Name("T", "0")
        return parts

    def _write(self, values: list[Step], learned: dict[Line, Step]) -> None:
        for step in values:
            self._emit(step.value, "forward", [step.entry])
        for step in reversed(values):
            if step.gradient in self._gradients:
                self._emit(step.gradient, "backward", self._gradients[step.gradient])
            for x in leaves(_meaning(step.value)):
                if x in learned:
                    self._emit_learned(learned.pop(x))
        for rest in learned.values():
            self._emit_learned(rest)

    def _emit_learned(self, step: Step) -> None:
        """The gradient of a leaf: nothing else is written in terms of it."""
        line: Any = step.gradient
        self._before(line, "backward")
        name = Name(of=self.names[step.value])
        self.rows.append(Row(name, line, "backward", [step.entry]))

    def _emit(self, line: Line, section: str, entries: list[Entry]) -> None:
        if line in self._emitted:
            return
        self._emitted.add(line)
        self._before(_meaning(line), section)
        if line not in self.names:
            self._names.give_part(line)
        self.rows.append(Row(self.names[line], _meaning(line), section, entries))

    def _before(self, line: Line, section: str) -> None:
        """The equations of what stands in a right-hand side."""
        for x in [line] if _is_known(line) else line.inputs:
            if x in self._parts:
                self._emit(x, section, [])
            elif x in self._gradients:
                self._emit(x, section, self._gradients[x])
            elif not x.kind:
                self._before(x, section)


def _is_known(line: Line) -> bool:
    return isinstance(line.call, Known)


def _meaning(line: Line) -> Line:
    """What a name stands for."""
    return line.call.definition if isinstance(line.call, Known) else line


def _is_told(g: Line) -> bool:
    """Whether a gradient is more than a number, or copies of one."""
    return not _is_fixed(g) and g.call.name != "np.broadcast_to"


def _is_worth(line: Line, written: str) -> bool:
    return len(written) > SHORT or line.call == ONE_HOT


def _is_fixed(line: Line) -> bool:
    """Whether a term is made of numbers alone."""
    return all(uniform(x) is not None for x in leaves(line))


def _inside(roots: Iterable[Line], parts: Iterable[Line] = ()) -> Iterator[Line]:
    """The terms within these, each once, with what they are made of before them."""
    seen: set[Line] = set(parts)
    stack = [(root, False) for root in reversed(list(roots))]
    while stack:
        line, ready = stack.pop()
        if ready:
            yield line
        elif not (line in seen or line.kind or line.call is DRAW):
            seen.add(line)
            stack.append((line, True))
            stack += [(x, False) for x in reversed(line.inputs)]


def _kept(steps: list[Step], terms: list[Line], output: Entry | None) -> set[Line]:
    """The terms that get an equation."""
    uses = Counter(x for line in terms for x in set(line.inputs))
    newest = {s.gradient: s for s in steps if s.entry.op}
    newest |= {s.gradient: s for s in steps if s.entry is output}
    kept = {steps[-1].value}
    for step in steps:
        g = step.gradient
        made = step.value if step.entry.op is None else step.value.inputs[0]
        if step.entry.op is None or made.kind or made.call.name in BRIEF:
            continue
        flows = g is not None and newest[g] is step and uses[g] > 1 and _is_told(g)
        if flows or uses[step.value] > 1 or step.entry is output:
            kept.add(step.value)
        if flows and g is not None:
            kept.add(g)
    return kept


def _simplified(terms: list[Line], kept: set[Line]) -> Callable[[Line | None], Any]:
    """From terms to their shortest form, or to the name of what has an equation."""
    draft, known = Draft(RULES), dict[Line, Line]()

    def now(x: Line | None) -> Any:
        return x if x is None else known.get(x, x)

    for term in terms:
        if isinstance(term.call, Value):
            line = now(term.inputs[0])
        else:
            line = draft.write(term.call, replaced(term.args, now), term.kwargs, NOWHERE)
        if term in kept and not line.kind:
            line = Line(Known(line), (), {}, line.value, NOWHERE)
        known[term] = line
    return now
