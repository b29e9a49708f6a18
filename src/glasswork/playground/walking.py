"""The backward pass of the last batch, one operation at a time, as the page steps through it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from ..errors import OptionError
from ..show.walking import Contribution, Walk, walk
from ..tape import Entry
from ..tensor import Tensor
from ..transcript.rows import brief
from .lines import Receiver, backward_lines
from .training import Training

__all__ = ["MOST", "Order", "walked"]

MOST = 300  # steps that are sent
Order = Literal["right", "article"]


def walked(training: Training, order: Order = "right") -> list[dict[str, Any]]:
    """Each step of the walk: what is left, what has come to it, and what it hands on.

    Dropout takes no part. `lines` are those of the page that hand it on: none, where it goes on as
    it is, or where its factor is taken into that of another. `fault` says what is wrong about
    leaving a value now, and `right` is its gradient where what has come is not; both are empty in
    the right order.

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
    lines, made_in = backward_lines(training), _Places(training, given)
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
            "lines": sorted(
                {n for c in step.contributions for n in lines.get((op, made_in(c.entry)), [])}
            ),
            "contributions": [_arrival(c, whole[c.entry]) for c in step.contributions],
        }
        for step in steps
        for layer, op in [made_in(step.entry)]
    ]


class _Places:
    """In which layer a value is, and what it is there: a parameter, or made by an op."""

    def __init__(self, training: Training, given: Sequence[Tensor]) -> None:
        self._ends = [layer.serial for layer in given]
        self._parameters: dict[Entry, Receiver] = {
            part: (layer, name)
            for layer, linear in enumerate(training.linears)
            for name, part in linear.named_parameters()
        }

    def __call__(self, entry: Entry) -> Receiver:
        if entry in self._parameters:
            return self._parameters[entry]
        layer = bisect_left(self._ends, entry.serial)
        made_by = entry.op.name if entry.op else ""
        return (None if layer == len(self._ends) else layer), made_by


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
