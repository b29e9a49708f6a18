"""The backward pass of the last batch, one operation at a time, as the page steps through it."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from typing import Any, Literal

import numpy as np

from ..errors import OptionError
from ..show.walking import Contribution, Walk, walk
from ..tensor import Tensor
from ..transcript.rows import brief
from .lines import backward_lines
from .training import Training

__all__ = ["MOST", "Order", "walked"]

MOST = 300  # steps that are sent
Order = Literal["right", "article"]


def walked(training: Training, order: Order = "right") -> list[dict[str, Any]]:
    """Each step of the walk: what is left, what has come to it, and what it hands on.

    Dropout takes no part. `lines` are those of the page that hand it on, as far as they are known.
    `fault` says what is wrong about leaving a value now, and `right` is its gradient where what has
    come is not; both are empty in the right order.

    Raises
    ------
    OptionError
        If the walk is too long in this order.
    """
    rows, targets = training.batch
    x = Tensor(rows)
    given = training.layers(x)
    loss = training.loss(given[-1], targets)
    steps, whole = _bounded(walk(loss, order=order)), walk(loss).sums(-1)
    _rename(steps, training, x)
    places = {entry: place for place, entry in enumerate(steps.names)}
    ends = [layer.serial for layer in given]
    made_in = [bisect_left(ends, step.entry.serial) for step in steps]
    layers = [None if layer == len(ends) else layer for layer in made_in]
    ops = [step.entry.op.name if step.entry.op else "" for step in steps]
    once = dict(zip((step.entry for step in steps), zip(layers, ops, strict=True), strict=True))
    lines, times = backward_lines(training), Counter(once.values())
    return [
        {
            "index": places[step.entry],
            "name": step.name,
            "made_of": step.made_of,
            "equation": step.entry.op.equation if step.entry.op else "",
            "shape": step.entry._els.shape,
            "value": brief(step.entry._els),
            "upstream": brief(step.upstream),
            "fault": step.fault,
            "right": _parted(step.upstream, whole[step.entry]),
            "layer": layer,
            "op": op,
            "lines": lines.get((layer, op), []) if times[layer, op] == 1 else [],
            "contributions": [_arrival(c, whole[c.entry]) for c in step.contributions],
        }
        for step, layer, op in zip(steps, layers, ops, strict=True)
    ]


def _bounded(steps: Walk) -> Walk:
    if len(steps) > MOST:
        raise OptionError(
            f"walk: the {steps.order} order has {len(steps):,} steps here.\n"
            f"  At most {MOST} are shown: choose fewer layers."
        )
    return steps


def _arrival(c: Contribution, right: np.ndarray) -> dict[str, str]:
    """What arrives at one use of a value; once all of it has, what would be right if it is not."""
    said = {"to": c.name, "rule": c.rule, "value": brief(c.value), "sum": brief(c.total)}
    return said | {"right": "" if c.to_come else _parted(c.total, right)}


def _parted(came: np.ndarray, right: np.ndarray) -> str:
    """The right gradient, if more than rounding parts it from what came; else nothing."""
    rounding = 1e-4 * np.abs(right).max(initial=0)
    return "" if np.allclose(came, right, rtol=0, atol=rounding, equal_nan=True) else brief(right)


def _rename(steps: Walk, training: Training, x: Tensor) -> None:
    """Call the rows x, and parameters by their layers."""
    steps.names[x] = "x"
    for linear, (layer, _) in zip(training.linears, training.names, strict=True):
        steps.names |= {part: f"{layer}.{name}" for name, part in linear.named_parameters()}
