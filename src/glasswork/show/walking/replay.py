"""A backward pass done once more in a stated order, with what each use of a value contributes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from ...autodiff import operands_of
from ...errors import OptionError
from ...ops import unbroadcast
from ...tape import Entry, Graph

__all__ = ["ORDERS", "Share", "Step", "replay"]

_MOST = 10_000  # steps: the article's order may have two to the power of the operations


class Share(NamedTuple):
    """What arrives at one input of a value that is left."""

    position: int
    entry: Entry
    value: np.ndarray
    total: np.ndarray  # what has arrived there by now
    to_come: int  # how many shares have not


class Step(NamedTuple):
    """A value that is left: its gradient flows to its inputs."""

    entry: Entry
    upstream: np.ndarray
    missing: int  # shares of it that have not arrived
    times: int  # how often it has been left before
    shares: list[Share]


def replay(order: list[Entry], output: Entry, seed: np.ndarray) -> Iterator[Step]:
    """The steps of a backward pass from `output` that leaves values in this order."""
    totals = {output: seed}
    to_come = Counter(x for entry in order for _, x in _uses(entry))
    left: Counter[Entry] = Counter()
    for entry in order:
        operands, shares = operands_of(entry), []
        for position, x in _uses(entry):
            value = _flow(entry, position, totals[entry], operands)
            totals[x] = np.asarray(totals[x] + value) if x in totals else value
            to_come[x] -= 1
            shares.append(Share(position, x, value, totals[x], to_come[x]))
        yield Step(entry, totals[entry], to_come[entry], left[entry], shares)
        left[entry] += 1


def _flow(entry: Entry, position: int, g: np.ndarray, operands: list[Any]) -> np.ndarray:
    """What of the gradient of a value arrives at one of its inputs."""
    els = operands[position]
    rule: Any = entry.op and entry.op.vjp[position]
    value = rule(g, entry._els, *operands, **entry.params)
    return np.asarray(unbroadcast(value, els.shape)).astype(els.dtype, copy=False)


def _uses(entry: Entry) -> Iterator[tuple[int, Entry]]:
    """The inputs of a value to which a gradient flows, one by one."""
    for position, x in enumerate(entry.inputs):
        if isinstance(x, Entry) and x.requires_grad and entry.op and entry.op.vjp[position]:
            yield position, x


def _newest_first(output: Entry) -> list[Entry]:
    """What was made last is left first: all that it went into is newer."""
    reached = {output}
    graph = Graph.of(output, differentiable=True)
    for entry in reversed(graph):
        if entry in reached:
            reached.update(x for _, x in _uses(entry))
    return [entry for entry in reversed(graph) if entry in reached and entry.op]


def _joined_tapes(output: Entry) -> list[Entry]:
    """The article's `tape = other.tape + self.tape`, and then the result, from the last on.

    Backwards that is a walk into depth, which comes back to a value for each of its uses.
    """
    lengths: dict[Entry, int] = {}
    for entry in Graph.of(output, differentiable=True):
        lengths[entry] = bool(entry.op) + sum(lengths[x] for _, x in _uses(entry))
    if lengths[output] > _MOST:
        raise OptionError(
            f"walk: the article's tape of this value has {lengths[output]:,} entries.\n"
            "  It joins the tapes of both operands, and doubles whenever a value is used twice.\n"
            f"  Walk a smaller example, with {_MOST:,} of them at most."
        )
    order, stack = [], [output]
    while stack:
        entry = stack.pop()
        if entry.op:
            order.append(entry)
            stack += reversed([x for _, x in _uses(entry)])
    return order


ORDERS = {"right": _newest_first, "article": _joined_tapes}
