"""The driver: what is looked at before a page runs, and what is counted after it, written out.

Of a small network the page takes some thirty microseconds. A loop over its parameters would take a
tenth of that, so the same checks are written one after the other, and compiled as the page is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numpy as np

from ..optim import Optimizer
from ..optim.lanes import Slot
from ..tensor import Tensor
from .arguments import Kinds

__all__ = ["After", "Before", "after_call", "current", "fitting", "settled"]

Before = tuple[Tensor, Any, Slot | None, Any]  # a tensor, its elements, its slot and its memory


class After(NamedTuple):
    """What a call of a page amounts to, beside what the page itself does.

    Attributes
    ----------
    moved : list of Slot
        What was moved, once for each time.
    steps : list of (Optimizer, int)
        How many steps each has made.
    renewed : list of Tensor
        Whatever has other elements now.
    graded : list of (Tensor, array or None)
        The gradient that each has now.
    """

    moved: list[Slot]
    steps: list[tuple[Optimizer, int]]
    renewed: list[Tensor]
    graded: list[tuple[Tensor, Any]]

    def times(self, owner: Slot | Optimizer) -> int:
        """How often a call moves a parameter, or how many steps of an optimizer it makes."""
        moved = sum(slot is owner for slot in self.moved)
        return moved + sum(n for optimizer, n in self.steps if optimizer is owner)


def fitting(kinds: Kinds | None) -> Callable[[tuple[Any, ...]], bool]:
    """Whether the arguments of a call are floats, and arrays of these shapes and dtypes."""
    if kinds is None:
        return lambda arguments: False
    known: dict[str, Any] = {"ndarray": np.ndarray}
    conditions = [f"len(a) == {len(kinds)}"]
    for i, (kind, shape, dtype) in enumerate(kinds):
        known |= {f"shape{i}": shape, f"dtype{i}": dtype}
        array = f"type(a[{i}]) is ndarray and a[{i}].shape == shape{i} and a[{i}].dtype == dtype{i}"
        conditions.append(array if kind is np.ndarray else f"type(a[{i}]) is float")
    return _function("lambda a: ", conditions, known)


def settled(held: Iterable[Before]) -> Callable[[], bool]:
    """Whether tensors have these elements, slots this memory, and all learn as they do now."""
    known: dict[str, Any] = {}
    conditions = []
    for i, (tensor, els, slot, memory) in enumerate(held):
        known |= {f"tensor{i}": tensor, f"els{i}": els, f"slot{i}": slot, f"memory{i}": memory}
        learns = "" if tensor.requires_grad else "not "
        conditions.append(f"tensor{i}._els is els{i} and {learns}tensor{i}.requires_grad")
        if slot is not None:
            conditions.append(f"slot{i}.memory is memory{i}")
    return _function("lambda: ", conditions, known)


def current(roots: Iterable[tuple[Callable[[], Any], Any]]) -> Callable[[], bool]:
    """Whether what is read is still what it was."""
    known: dict[str, Any] = {}
    conditions = []
    for i, (read, value) in enumerate(roots):
        known |= {f"read{i}": read, f"known{i}": value}
        conditions.append(f"read{i}() is known{i}")
    unchanged = _function("lambda: ", conditions, known)

    def is_current() -> bool:
        try:
            return unchanged()
        except LookupError:  # it is not there any more
            return False

    return is_current


def after_call(after: After) -> tuple[Callable[[], None], Callable[[], None]]:
    """What is counted after each call; and what is done where the tape may know old elements."""
    known: dict[str, Any] = {}
    counted, renewed = ["pass"], ["pass"]
    for i, slot in enumerate(after.moved):
        known[f"slot{i}"] = slot
        counted.append(f"slot{i}.steps += 1")
    for i, (optimizer, n) in enumerate(after.steps):
        known[f"optimizer{i}"] = optimizer
        counted.append(f"optimizer{i}.steps += {n}")
    for i, (tensor, grad) in enumerate(after.graded):
        known |= {f"graded{i}": tensor, f"grad{i}": grad}
        counted.append(f"graded{i}._grad = grad{i}")
    for i, tensor in enumerate(after.renewed):
        known[f"renewed{i}"] = tensor
        renewed.append(f"renewed{i}._renew()")
    lines = [
        "def count():", *(f"    {line}" for line in counted),
        "def renew():", *(f"    {line}" for line in renewed),
    ]  # fmt: skip
    exec("\n".join(lines), known)
    return known["count"], known["renew"]


def _function(head: str, conditions: list[str], known: dict[str, Any]) -> Callable[..., bool]:
    function: Callable[..., bool] = eval(head + (" and ".join(conditions) or "True"), known)
    return function
