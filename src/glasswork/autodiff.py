"""The two walkers that make derivatives: backwards over a graph, and forwards.

Reverse mode carries ∂L/∂y from each value to its inputs, newest value first, so that a value is
left only when the gradients of all its uses have arrived. Forward mode carries the tangents of
the inputs to each value, oldest first. Both call the rules of the ops and know nothing else; handed
tensors in place of arrays, the same rules give derivatives that can be differentiated again.

Griewank and Walther, Evaluating Derivatives (2008), chapter 3.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from .errors import TapeError
from .ops.op import Rule
from .tape import Entry, Graph

__all__ = ["backward", "pull", "push"]


def backward(output: Entry, seed: Any) -> None:
    """Add the gradient of seed · output to `grad` of every leaf that wants one."""
    graph = Graph.of(output, differentiable=True)
    for leaf, g in _reverse(graph, {output: seed}, None, record=False).items():
        leaf._grad = g if leaf._grad is None else leaf._grad + g


def pull(
    outputs: Mapping[Entry, Any], wanted: Iterable[Entry], record: bool = False
) -> dict[Entry, Any]:
    """The gradient of Σ seed · output with respect to each of `wanted`, leaf or not.

    Nothing is written to any `grad`. An entry on which no output rests is left out.

    Parameters
    ----------
    outputs : mapping
        The seed of each output.
    record : bool
        Hand the rules entries in place of arrays, so that the gradient is recorded as well.
    """
    wanted = set(wanted)
    path = _downstream(Graph.of(*outputs, differentiable=True), wanted)
    reached = set(path)
    seeds = {output: seed for output, seed in outputs.items() if output in reached}
    return _reverse(path, seeds, wanted, record)


def push(graph: Graph, tangents: dict[Entry, Any], record: bool = False) -> dict[Entry, Any]:
    """The tangent of every value of `graph` that rests on an entry in `tangents`."""
    tangents = dict(tangents)
    for entry in _downstream(graph, set(tangents)):
        if entry in tangents or entry.op is None:
            continue
        y, inputs = _operands(entry, record)
        for position, x in enumerate(entry.inputs):
            rule = _rule(entry.op.jvp, position, x, tangents)
            if rule is not None:
                part = rule(tangents[x], y, *inputs, **entry.params)
                tangents[entry] = tangents[entry] + part if entry in tangents else part
    return tangents


def _reverse(
    graph: Graph, gradients: dict[Entry, Any], wanted: set[Entry] | None, record: bool
) -> dict[Entry, Any]:
    """Walk `graph` backwards; return what arrives at `wanted`, or else at the leaves."""
    inside = set(graph)
    arrived: dict[Entry, Any] = {}
    for entry in reversed(graph):
        g = gradients.pop(entry, None)
        if g is None:
            continue
        if entry.op is None if wanted is None else entry in wanted:
            arrived[entry] = np.asarray(g) if isinstance(g, np.generic) else g
        if entry.op is None:
            continue
        y, inputs = _operands(entry, record)
        for position, x in enumerate(entry.inputs):
            rule = _rule(entry.op.vjp, position, x, inside)
            if rule is None:
                continue
            part = rule(g, y, *inputs, **entry.params)
            if part.dtype != x._els.dtype:
                part = part.astype(x._els.dtype)
            if x in gradients:
                gradients[x] = gradients[x] + part
            elif x.op is None and not record and (part is g or part.base is not None):
                gradients[x] = part.copy()  # a leaf owns its gradient
            else:
                gradients[x] = part
    return arrived


def _rule(rules: Any, position: int, x: Any, known: Container[Entry]) -> Rule | None:
    return rules[position] if isinstance(x, Entry) and x in known else None


def _operands(entry: Entry, record: bool) -> tuple[Any, Sequence[Any]]:
    """What the rules of `entry` see: its value and its inputs, if they are still what they were."""
    for x in entry.inputs:
        if isinstance(x, Entry) and x.serial > entry.serial:
            raise TapeError(
                f"{entry.op.name}: an input of shape {x._els.shape} has changed since it was used.\n"
                "  Its new value would give a gradient that belongs to neither the old nor the new.\n"
                "  Call backward() before the optimizer's step, or compute the loss again."
            )
    if record:
        return entry, entry.inputs
    return entry._els, [x._els if isinstance(x, Entry) else x for x in entry.inputs]


def _downstream(graph: Graph, sources: set[Entry]) -> Graph:
    """The part of `graph` that rests on `sources`."""
    reached: set[Entry] = set()
    for entry in graph:
        if entry in sources or any(isinstance(x, Entry) and x in reached for x in entry.inputs):
            reached.add(entry)
    return Graph([entry for entry in graph if entry in reached])
