"""Reading: a tape once more, with symbols for arrays, and the derivative rules run on them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from ...autodiff import pull
from ...compiler.lines import Line
from ...compiler.scribe import Scribe
from ...tape import Entry, Graph
from .symbols import Notes, Symbol

__all__ = ["Reading", "Step", "read"]


class Step(NamedTuple):
    """One value of a tape, as terms.

    Attributes
    ----------
    entry : Entry
        The value on the tape.
    value : Line
        How it came about.
    gradient : Line or None
        How the gradient of the loss with respect to it does; None where none flows.
    """

    entry: Entry
    value: Line
    gradient: Line | None


class Reading(NamedTuple):
    """A tape as terms.

    Attributes
    ----------
    steps : list of Step
        Its values, oldest first: the last is the loss.
    notes : Notes
        All terms.
    """

    steps: list[Step]
    notes: Notes


def read(loss: Entry, names: Mapping[int, str]) -> Reading:
    """Walk a tape forwards and back with symbols in place of arrays.

    Parameters
    ----------
    loss : Entry
        The last value; its elements, and those of what it rests on, may be Scribes.
    names : dict of int to str
        What leaves are called, by identity.
    """
    around = "constant" if isinstance(loss._els, Scribe) else "captured"
    notes, twins = Notes(around), dict[Entry, Entry]()
    for entry in Graph.of(loss):
        twins[entry] = _twin(entry, twins, notes, names)
    seed = notes.symbol(np.ones((), twins[loss]._els.dtype))
    wanted = [twin for twin in twins.values() if twin.requires_grad]
    gradients = pull({twins[loss]: seed}, wanted)
    steps = []
    for entry, twin in twins.items():
        g = gradients.get(twin)
        steps.append(Step(entry, _line(twin._els), None if g is None else notes.symbol(g).line))
    return Reading(steps, notes)


def _twin(entry: Entry, twins: dict[Entry, Entry], notes: Notes, names: Mapping[int, str]) -> Entry:
    """The same value of a tape, with symbols in it."""
    twin = Entry.__new__(Entry)
    twin.op, twin.params, twin.serial = entry.op, entry.params, entry.serial
    twin.requires_grad, twin._grad = entry.requires_grad, None
    twin.inputs = tuple(
        twins[x] if isinstance(x, Entry) else notes.symbol(x, names.get(id(x), ""))
        for x in entry.inputs
    )
    if entry.op is None:
        twin._els = notes.symbol(entry._els, names.get(id(entry), ""), "parameter")
    else:
        values = tuple(x._els if isinstance(x, Entry) else x for x in twin.inputs)
        twin._els = notes.value(entry.op, values, entry.params)
    return twin


def _line(symbol: Any) -> Line:
    line: Line = symbol.line
    return line
