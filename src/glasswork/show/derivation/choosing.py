"""Choosing: which values have an equation of their own, and what is said of them in few words.

A value has one if it is used more than once, in the forward pass or in a derivative, or if its
gradient is; all others are written where they are used. So has what is written twice, and what
would make an equation too long.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ...compiler.draft import Draft
from ...compiler.lines import Line, replaced
from ...tape import Entry
from .algebra import ALGEBRA
from .naming import Name
from .reading import Step
from .shapes import COPIES, SHAPES
from .terms import NOWHERE, ONE_HOT, Known, Value, inside, leaves, uniform
from .text import Text
from .words import WORDS

__all__ = ["kept", "parts", "simplified"]

RULES = (*SHAPES, *WORDS, *ALGEBRA)
BRIEF = {"np.negative", "T", "mT", "reshape", "astype", "np.broadcast_to"}  # as short as a name
DEEP = 16  # terms within terms
LONG, SHORT = 64, 12  # characters of a right-hand side, and of what is not worth a name


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
