"""The backward pass of a batch, one operation at a time, as the page steps through it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..ops.op import unbroadcast
from ..tape import Entry
from .training import Training

__all__ = ["walk"]

_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def walk(training: Training) -> list[dict[str, Any]]:
    """Each value on the tape of the last batch's loss, newest first.

    Of each is told what has come to it, and what it hands on to each value that it was made of,
    with the sum there so far.
    """
    x, y = training.batch
    tape: list[Entry] = list(training.loss(training.layers(x)[-1], y).tape)
    names = {entry: f"γ{i}".translate(_SUBSCRIPTS) for i, entry in enumerate(tape, 1)}
    names |= {parameter: path for path, parameter in training.model.named_parameters()}
    gradients: dict[Entry, Any] = {tape[-1]: np.ones_like(tape[-1]._els)}
    told = []
    for index, entry in reversed(list(enumerate(tape))):
        upstream = gradients.get(entry)
        told.append(
            {
                "index": index,
                "name": names[entry],
                "made_of": _made_of(entry, names),
                "equation": entry.op.equation if entry.op else "",
                "shape": entry._els.shape,
                "value": _brief(entry._els),
                "upstream": "" if upstream is None else _brief(upstream),
                "contributions": list(_handed_on(entry, gradients, names)),
            }
        )
    return told


def _handed_on(
    entry: Entry, gradients: dict[Entry, Any], names: dict[Entry, str]
) -> Iterator[dict[str, Any]]:
    """What an entry hands on, added to what its inputs have got."""
    if entry.op is None or entry not in gradients:
        return
    values = [x._els if isinstance(x, Entry) else x for x in entry.inputs]
    for place, x in enumerate(entry.inputs):
        rule = entry.op.vjp[place]
        if not isinstance(x, Entry) or not x.requires_grad or rule is None:
            continue
        part = unbroadcast(
            rule(gradients[entry], entry._els, *values, **entry.params), x._els.shape
        )
        gradients[x] = gradients[x] + part if x in gradients else part
        yield {
            "to": names[x],
            "rule": f"∂{names[entry]}/∂{names[x]}",
            "value": _brief(part),
            "sum": _brief(gradients[x]),
        }


def _made_of(entry: Entry, names: dict[Entry, str]) -> str:
    if entry.op is None:
        return "parameter" if entry.requires_grad else "constant"
    inputs = [names[x] if isinstance(x, Entry) else _brief(np.asarray(x)) for x in entry.inputs]
    notation = entry.op.notation or f"{entry.op.name}({', '.join(['{}'] * len(inputs))})"
    return notation.format(*inputs)


def _brief(els: np.ndarray) -> str:
    if els.size <= 3:
        return ", ".join(f"{v:.4g}" for v in els.ravel())
    return f"{els.min():.3g} … {els.max():.3g}"
