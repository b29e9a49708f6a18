"""The driver: what is looked at before a page runs, and what is counted after it, written out.

Of a small network the page takes some thirty microseconds. Loops over its parameters would take a
quarter of that, so the same is written one after the other, and compiled as the page is.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from types import CodeType
from typing import Any, NamedTuple

import numpy as np

from ..optim import Optimizer
from ..optim.lanes import Slot
from ..tape import next_serial
from ..tensor import Tensor
from .arguments import Kinds

__all__ = ["OTHER", "After", "Before", "Held", "answering", "caller"]

OTHER = object()
"""The answer to a call that is not one for this page, or finds other things around it."""


class Held(NamedTuple):
    """A tensor, its elements, and if an optimizer moves it, its slot and its memory."""

    tensor: Tensor
    els: Any
    slot: Slot | None = None
    memory: Any = None


class Before(NamedTuple):
    """What has to be so before a call.

    Attributes
    ----------
    kinds : list of (type, shape, dtype), or None
        Of the arguments; None if they are no plain arrays and floats.
    held : list of Held
        The elements that tensors have, and what optimizers remember of them.
    gradients : list of (Tensor, bool)
        Which tensors have a gradient, or have none.
    around : list of (callable, object)
        What is read around the function, and what it is.
    """

    kinds: Kinds | None
    held: Iterable[Held]
    gradients: Iterable[tuple[Tensor, bool]]
    around: Iterable[tuple[Callable[[], Any], Any]]


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
    rebuilt : callable
        From what the page returns to what the function returned.
    """

    moved: list[Slot]
    steps: list[tuple[Optimizer, int]]
    renewed: list[Tensor]
    graded: list[tuple[Tensor, Any]]
    rebuilt: Callable[[Any], Any]

    def times(self, owner: Slot | Optimizer) -> int:
        """How often a call moves a parameter, or how many steps of an optimizer it makes."""
        moved = sum(slot is owner for slot in self.moved)
        return moved + sum(n for optimizer, n in self.steps if optimizer is owner)


def caller(
    run: Callable[..., Any],
    arguments: int,
    reads: Iterable[Callable[[], Any]],
    take_up: Callable[[], None] | None,
    after: After,
) -> Callable[..., Any]:
    """A call of a page with so many arguments, with what is read before and counted after it.

    `take_up` brings the gradients that it adds to into its vectors, if there are any. What has
    other elements takes a new serial only if something was recorded since the last call, perhaps
    from the elements before.
    """
    code = _Code({"run": run, "rebuilt": after.rebuilt, "next_serial": next_serial, "expected": 0})
    passed = _arguments(arguments)
    lines = [
        "global expected",
        *([f"{code.name(take_up)}()"] if take_up else []),
        "serial = next_serial()",
        f"result = run({', '.join([*passed, *(f'{code.name(read)}()' for read in reads)])})",
        *(f"{code.name(slot)}.steps += 1" for slot in after.moved),
        *(f"{code.name(optimizer)}.steps += {n}" for optimizer, n in after.steps),
        *(f"{code.name(tensor)}._grad = {code.name(grad)}" for tensor, grad in after.graded),
        "if serial != expected or next_serial() != serial + 1:",
        *(f"    {code.name(tensor)}._renew()" for tensor in after.renewed),
        "    pass",
        "returned = rebuilt(result)",
        "expected = next_serial() + 1",
        "return returned",
    ]
    return code.function(f"call({', '.join(passed)})", lines)


def answering(before: Before, call: Callable[..., Any]) -> Callable[[tuple[Any, ...]], Any]:
    """`call` with the arguments of a call, if it finds all as the page knows it; else `OTHER`."""
    if before.kinds is None:
        return lambda arguments: OTHER
    code = _Code({"ndarray": np.ndarray, "other": OTHER, "call": call})
    passed = _arguments(len(before.kinds))
    conditions = [
        *(_of_kind(name, kind, code) for name, kind in zip(passed, before.kinds, strict=True)),
        *(_unchanged(held, code) for held in before.held),
        *(f"{code.name(x)}._grad is {'not ' * is_set}None" for x, is_set in before.gradients),
        *(_still(read, value, code) for read, value in before.around),
    ]
    lines = [
        f"if len(a) != {len(passed)}:",
        "    return other",
        "try:",
        f"    {''.join(f'{name}, ' for name in passed) or '()'} = a",
        f"    fits = {' and '.join(conditions) or True}",
        "except LookupError:",
        "    return other  # what was around is not there any more",
        f"return call({', '.join(passed)}) if fits else other",
    ]
    return code.function("answer(a)", lines)


def _of_kind(argument: str, kind: tuple[type, Any, Any], code: _Code) -> str:
    type_, shape, dtype = kind
    if type_ is not np.ndarray:
        return f"type({argument}) is float"
    same = f"{argument}.shape == {code.name(shape)} and {argument}.dtype == {code.name(dtype)}"
    return f"type({argument}) is ndarray and {same}"


def _unchanged(held: Held, code: _Code) -> str:
    """Whether a tensor has these elements, and learns as it does now."""
    tensor, name = held.tensor, code.name(held.tensor)
    learns = f"{'' if tensor.requires_grad else 'not '}{name}.requires_grad"
    same = f"{name}._els is {code.name(held.els)} and {learns}"
    if held.slot is None:
        return same
    return f"{same} and {code.name(held.slot)}.memory is {code.name(held.memory)}"


def _still(read: Callable[[], Any], value: Any, code: _Code) -> str:
    """Whether what is read is this; what a closure holds, without a call."""
    match read:
        case partial(func=builtins.getattr, args=(cell, "cell_contents")):
            return f"{code.name(cell)}.cell_contents is {code.name(value)}"
    return f"{code.name(read)}() is {code.name(value)}"


def _arguments(n: int) -> list[str]:
    return [f"a{i}" for i in range(n)]


class _Code:
    """What the code of a function knows by name."""

    def __init__(self, known: dict[str, Any]) -> None:
        self._known = known

    def name(self, value: Any) -> str:
        """A name for a value."""
        name = f"known{len(self._known)}"
        self._known[name] = value
        return name

    def function(self, head: str, lines: list[str]) -> Callable[..., Any]:
        """The function with these lines."""
        exec(_compiled("\n    ".join([f"def {head}:", *lines])), self._known)
        function: Callable[..., Any] = self._known[head.partition("(")[0]]
        return function


@lru_cache(maxsize=64)
def _compiled(text: str) -> CodeType:
    """A text as code. It is the same text each time that something around a page has changed."""
    return compile(text, "<glasswork driver>", "exec")
