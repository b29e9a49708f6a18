"""The backward pass of the last batch, one operation at a time, as the page steps through it."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from typing import Any

from ..show.walking import Walk, walk
from ..tensor import Tensor
from ..transcript.rows import brief
from .lines import backward_lines
from .training import Training

__all__ = ["walked"]


def walked(training: Training) -> list[dict[str, Any]]:
    """Each step of the walk: what is left, what has come to it, and what it hands on.

    Dropout takes no part. `lines` are those of the page that hand it on, as far as they are known.
    """
    rows, targets = training.batch
    x = Tensor(rows)
    given = training.layers(x)
    steps = walk(training.loss(given[-1], targets))
    _rename(steps, training, x)
    places = {entry: place for place, entry in enumerate(steps.names)}
    ends = [layer.serial for layer in given]
    made_in = [bisect_left(ends, step.entry.serial) for step in steps]
    layers = [None if layer == len(ends) else layer for layer in made_in]
    ops = [step.entry.op.name if step.entry.op else "" for step in steps]
    lines, times = backward_lines(training), Counter(zip(layers, ops, strict=True))
    return [
        {
            "index": places[step.entry],
            "name": step.name,
            "made_of": step.made_of,
            "equation": step.entry.op.equation if step.entry.op else "",
            "shape": step.entry._els.shape,
            "value": brief(step.entry._els),
            "upstream": brief(step.upstream),
            "layer": layer,
            "op": op,
            "lines": lines.get((layer, op), []) if times[layer, op] == 1 else [],
            "contributions": [
                {"to": c.name, "rule": c.rule, "value": brief(c.value), "sum": brief(c.total)}
                for c in step.contributions
            ],
        }
        for step, layer, op in zip(steps, layers, ops, strict=True)
    ]


def _rename(steps: Walk, training: Training, x: Tensor) -> None:
    """Call the rows x, and parameters by their layers."""
    steps.names[x] = "x"
    for linear, (layer, _) in zip(training.linears, training.names, strict=True):
        steps.names |= {part: f"{layer}.{name}" for name, part in linear.named_parameters()}
