"""The inside of a step: parameters side by side, moved by one rule with the same options.

A rule makes a handful of arrays on its way to the step. So that they stay in the processor's cache,
and malloc does not hand them back to the system each time, large parameters are moved in strips,
where the rule is known to take each element by itself: at 2048 × 2048, Adam takes half the time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from inspect import signature
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..elements import aligned
from ..tensor import Tensor
from . import rules

__all__ = ["STRIP", "Lane", "Slot", "lanes_of"]

STRIP = 2**15  # elements: what a rule makes on its way is too small to be given back and refetched

_ADDITIONS: dict[str, rules.Rule] = {
    "l1": rules.with_l1,
    "l2": rules.with_l2,
    "weight_decay": rules.with_weight_decay,
}


class Slot:
    """One parameter, what its rule remembers of it, and how often it was moved."""

    __slots__ = ("home", "memory", "names", "steps", "tensor")

    def __init__(self, tensor: Tensor, rule: rules.Rule) -> None:
        self.tensor = tensor
        self.names, _ = _arguments(rule)
        self.memory: list[NDArray[Any]] = [aligned(tensor.shape, tensor.dtype) for _ in self.names]
        self.steps = 0
        self.home: Any = None  # where a compiled step keeps it, if one does

    def move(self, rule: rules.Rule, options: Mapping[str, Any], in_strips: bool) -> None:
        """W ← W + step, in the array that the tensor has: whoever holds that array sees W move."""
        w, g = self.tensor.els, self.tensor.grad
        if self.memory and self.memory[0].dtype != w.dtype:  # so is that of the network now
            self.memory = [array.astype(w.dtype) for array in self.memory]
        crowded = w.size * (1 + len(self.memory)) >= 8 * STRIP  # more memory, more on the way
        if not (in_strips and crowded and type(w) is np.ndarray):
            step, *self.memory = rule(w, g, *self.memory, **options)
            w += step
        else:
            for strip in _strips(w, g, *self.memory):
                step, *after = rule(*strip, **options)
                strip[0] += step
                for old, new in zip(strip[2:], after, strict=True):
                    old[...] = new
        self.tensor._renew()

    def state_dict(self) -> dict[str, Any]:
        """The steps, and copies of the memory by the names that the rule has for it."""
        copies = (np.array(array) for array in self.memory)
        return {"steps": self.steps, **dict(zip(self.names, copies, strict=True))}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what `state_dict` gave."""
        self.steps = state["steps"]
        self.memory = [state[name] for name in self.names]


class Lane:
    """Slots whose parameters are moved alike.

    Parameters
    ----------
    slots : list of Slot
        The parameters.
    rule : callable
        See `glasswork.optim.rules`.
    options : mapping
        The hyperparameters, more than the rule asks for perhaps.
    decays : bool
        Whether to add `l1`, `l2` and `weight_decay` to the rule, those that are not 0.
    rate : int
        Which of the optimizer's learning rates is theirs.
    """

    __slots__ = ("counts", "in_strips", "options", "rate", "rule", "slots")

    def __init__(
        self,
        slots: list[Slot],
        rule: rules.Rule,
        options: Mapping[str, Any],
        decays: bool,
        rate: int,
    ) -> None:
        _, asked = _arguments(rule)
        self.counts = "step_number" in asked
        self.in_strips = rule in rules.ELEMENTWISE
        for name in [name for name in _ADDITIONS if decays and options.get(name)]:
            rule = partial(_ADDITIONS[name], rule)
            asked.append(name)
        self.slots = slots
        self.rule = rule
        self.options = {name: options[name] for name in asked if name in options}
        self.rate = rate

    def step(self, learning_rate: float) -> None:
        """Move what is not frozen."""
        rule, options = self.rule, self.options
        options["learning_rate"] = learning_rate
        for slot in self.slots:
            if slot.tensor.requires_grad:
                slot.steps += 1
                if self.counts:
                    options["step_number"] = slot.steps
                slot.move(rule, options, self.in_strips)


def lanes_of(
    slots: list[Slot], rule: rules.Rule, options: Mapping[str, Any], rate: int
) -> list[Lane]:
    """One lane, in the order of the slots; two, where some are spared what is added to the rule."""
    if not any(options.get(name) for name in _ADDITIONS):
        return [Lane(slots, rule, options, False, rate)]
    parts: dict[bool, list[Slot]] = {True: [], False: []}
    for slot in slots:
        parts[getattr(slot.tensor, "decay", True)].append(slot)
    return [Lane(part, rule, options, decays, rate) for decays, part in parts.items() if part]


def _strips(*arrays: Any) -> Iterator[list[NDArray[Any]]]:
    """Views of arrays of one shape, some rows of each at a time."""
    rows = max(STRIP * len(arrays[0]) // arrays[0].size, 1)
    for start in range(0, len(arrays[0]), rows):
        yield [array[start : start + rows] for array in arrays]


def _arguments(rule: rules.Rule) -> tuple[list[str], list[str]]:
    """The names of what `rule` remembers, and of its hyperparameters."""
    arguments = signature(rule).parameters.values()
    placed = [each.name for each in arguments if each.kind is each.POSITIONAL_OR_KEYWORD]
    named = [each.name for each in arguments if each.kind is each.KEYWORD_ONLY]
    return placed[2:], named
