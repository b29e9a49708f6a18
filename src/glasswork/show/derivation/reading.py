"""Reading: a tape once more, with symbols for arrays, and the derivative rules run on them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from ...autodiff import operands_of, pull
from ...compiler.lines import Line
from ...compiler.scribe import Scribe
from ...tape import Entry, Graph
from .symbols import Notes

__all__ = ["Step", "read"]


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


def read(loss: Entry, names: Mapping[int, str]) -> tuple[list[Step], list[Line]]:
    """Walk a tape forwards and back with symbols in place of arrays.

    Parameters
    ----------
    loss : Entry
        The last value; its elements, and those of what it rests on, may be Scribes.
    names : dict of int to str
        What leaves and arrays are called, by identity.

    Returns
    -------
    list of Step, list of Line
        The values, oldest first, and all terms.
    """
    notes, twins = Notes(), dict[Entry, Entry]()
    for entry in Graph.of(loss):
        operands_of(entry)  # an error, if one has changed since
        twins[entry] = _twin(entry, twins, notes, names)
    seed = notes.symbol(np.ones(loss._els.shape, loss._els.dtype))
    wanted = [twin for twin in twins.values() if twin.requires_grad]
    gradients = pull({twins[loss]: seed}, wanted)
    steps = []
    for entry, twin in twins.items():
        g = gradients.get(twin)
        gradient = None if g is None else notes.symbol(g).line
        steps.append(Step(entry, _elements(twin).line, gradient))
    return steps, notes.lines


def _twin(
    entry: Entry, twins: Mapping[Entry, Entry], notes: Notes, names: Mapping[int, str]
) -> Entry:
    """The same value of a tape, with symbols in it."""
    twin = Entry.__new__(Entry)
    twin.op, twin.params, twin.serial = entry.op, entry.params, entry.serial
    twin.requires_grad, twin._grad = entry.requires_grad, None
    # What was not traced may be another array for the next batch.
    around = "constant" if isinstance(_elements(entry), Scribe) else "captured"
    twin.inputs = tuple(
        twins[x]
        if isinstance(x, Entry)
        else notes.symbol(x, names.get(id(x), ""), around if np.ndim(x) else "constant")
        for x in entry.inputs
    )
    els: Any
    if entry.op is None:
        els = notes.symbol(entry._els, names.get(id(entry), ""), "parameter")
    else:
        els = notes.value(entry.op, tuple(map(_elements, twin.inputs)), entry.params)
    twin._els = els
    return twin


def _elements(x: Any) -> Any:
    return x._els if isinstance(x, Entry) else x
