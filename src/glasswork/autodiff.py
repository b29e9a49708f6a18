"""The two walkers that make derivatives: backwards over a graph, and forwards.

Reverse mode carries ∂L/∂y from each value to its inputs, newest value first, so that a value is
left only when the gradients of all its uses have arrived. Forward mode carries the tangents of
the inputs to each value, oldest first. Both call the rules of the ops and know nothing else; handed
tensors in place of arrays, the same rules give derivatives that can be differentiated again.

Griewank and Walther, Evaluating Derivatives (2008), chapter 3.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from heapq import heapify, heappop, heappush
from typing import Any

import numpy as np

from .errors import DtypeError, TapeError
from .ops import unbroadcast
from .tape import Entry, Graph

__all__ = ["backward", "operands_of", "pull", "push"]


def backward(output: Entry, seed: Any) -> None:
    """Add the gradient of seed · output to `grad` of every leaf that wants one."""
    for leaf, g in _reverse({output: seed}).items():
        leaf._grad = g if leaf._grad is None else _array(leaf._grad + g)


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
    graph = Graph.of(*outputs, differentiable=True)
    for entry in graph:
        operands_of(entry)  # raises if anything has changed, on the way to `wanted` or beside it
    path = set(_downstream(graph, wanted))
    seeds = {output: seed for output, seed in outputs.items() if output in path}
    return _reverse(seeds, path, wanted, record)


def push(graph: Graph, tangents: dict[Entry, Any], record: bool = False) -> dict[Entry, Any]:
    """The tangent of every value of `graph` that rests on an entry in `tangents`."""
    tangents = dict(tangents)
    for entry in _downstream(graph, set(tangents)):
        if entry.op is None or entry in tangents:
            continue
        y, values = (entry, entry.inputs) if record else (entry._els, operands_of(entry))
        for position, x in enumerate(entry.inputs):
            if isinstance(x, Entry) and x in tangents:
                rule = entry.op.jvp[position]
                if rule is None:
                    continue
                part = rule(tangents[x], y, *values, **entry.params)
                if part.shape != entry._els.shape:
                    part = np.broadcast_to(part, entry._els.shape)
                if part.dtype != entry._els.dtype:
                    part = part.astype(entry._els.dtype)
                tangents[entry] = tangents[entry] + part if entry in tangents else part
    return tangents


def _reverse(  # noqa: C901, PLR0912, PLR0915 (every backward pass: calls would double its time)
    seeds: Mapping[Entry, Any],
    path: Container[Entry] | None = None,
    wanted: Container[Entry] = (),
    record: bool = False,
) -> dict[Entry, Any]:
    """Walk back from `seeds`, along `path`; return what arrives at the leaves and at `wanted`.

    The newest value to which a gradient has come is the next to be left: whatever uses a value is
    newer than it, so all of its gradient has arrived by then. Gradients stay at leaves.
    """
    gradients = dict(seeds)
    pending = [(-entry.serial, entry) for entry in gradients]
    heapify(pending)
    while pending:
        entry = heappop(pending)[1]
        op, params = entry.op, entry.params
        if op is None:
            continue
        g = gradients[entry] if entry in wanted else gradients.pop(entry)
        operands, asked = [g, entry if record else entry._els], []
        for position, x in enumerate(entry.inputs):
            if not isinstance(x, Entry):
                operands.append(x)
                continue
            if x.serial > entry.serial:
                raise _changed(entry, x)
            operands.append(x if record else x._els)
            if x.requires_grad if path is None else x in path:
                asked.append((op.vjp[position], x))
        for rule, x in asked:
            if rule is None:
                continue
            part = rule(*operands, **params) if params else rule(*operands)
            if part.shape != x._els.shape:
                part = unbroadcast(part, x._els.shape)
            if part.dtype is not x._els.dtype:
                part = _cast(part, x)
            if x in gradients:
                part = gradients[x] + part
            elif x.op is not None:
                heappush(pending, (-x.serial, x))
            elif not record and (part is g or part.base is not None):
                part = part.copy()  # a leaf owns its gradient
            gradients[x] = part
    return {entry: _array(g) for entry, g in gradients.items()}


def _cast(part: Any, x: Entry) -> Any:
    """The gradient of x in the dtype of x."""
    if x._els.dtype.kind != "f":
        raise DtypeError(
            f"backward: only floats have a gradient; a tensor of {x._els.dtype} asks for one.\n"
            "  Make it anew: Tensor(els, requires_grad=True, dtype=float)."
        )
    return part.astype(x._els.dtype)


def _array(value: Any) -> Any:
    """NumPy gives a scalar where the work was 0-d: an array all the same."""
    return np.asarray(value) if isinstance(value, np.generic) else value


def operands_of(entry: Entry) -> list[Any]:
    """The elements of an entry's inputs, if they are still what they were when it was made."""
    values = []
    for x in entry.inputs:
        if isinstance(x, Entry):
            if x.serial > entry.serial:
                raise _changed(entry, x)
            values.append(x._els)
        else:
            values.append(x)
    return values


def _changed(entry: Entry, x: Entry) -> TapeError:
    name = entry.op.name if entry.op else "leaf"
    return TapeError(
        f"{name}: an input of shape {x._els.shape} has been given a new value since it was used.\n"
        "  A gradient now would belong to neither the old value nor the new.\n"
        "  Call backward() before the optimizer's step, or compute the loss again."
    )


def _downstream(graph: Graph, sources: set[Entry]) -> Graph:
    """The part of `graph` that rests on `sources`."""
    reached: set[Entry] = set()
    for entry in graph:
        if entry in sources or any(isinstance(x, Entry) and x in reached for x in entry.inputs):
            reached.add(entry)
    return Graph([entry for entry in graph if entry in reached])
