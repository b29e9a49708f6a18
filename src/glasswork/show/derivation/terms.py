"""Terms: the compiler's lines, read as mathematics."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from ...compiler.calls import DRAW, Call
from ...compiler.lines import Line, Origin, Place

__all__ = [
    "NOWHERE", "ONE_HOT", "Known", "Value", "inside", "is_given", "is_known", "leaves", "meaning",
    "number", "shape_of", "uniform",
]  # fmt: skip

NOWHERE = Origin("", "", "")
ONE_HOT = Call("onehot", lambda labels, classes: np.eye(classes)[labels])


class Value(Call):
    """One value of a tape: what else is equal to it is still something else."""

    def __init__(self) -> None:
        super().__init__("value", lambda x: x)

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)


class Known(Place):
    """What has an equation of its own.

    Attributes
    ----------
    definition : Line
        The right-hand side of that.
    """

    def __init__(self, definition: Line) -> None:
        super().__init__("", "known")
        self.definition = definition


def is_known(line: Line | None) -> bool:
    """Whether a term has an equation of its own."""
    return line is not None and isinstance(line.call, Known)


def is_given(line: Line) -> bool:
    """Whether a term is there before: an array, or what is drawn."""
    return (bool(line.kind) or line.call is DRAW) and not is_known(line)


def meaning(line: Line) -> Line:
    """What a name stands for; any other term is itself."""
    return line.call.definition if isinstance(line.call, Known) else line


def shape_of(x: Any) -> tuple[int, ...]:
    """Of a term or of a number."""
    return np.shape(x.value if isinstance(x, Line) else x)


def uniform(x: Any) -> float | None:
    """The number that a term is in each of its elements; None if it is none."""
    if isinstance(x, int | float | np.generic):
        return float(x)
    if isinstance(x, Line) and x.kind == "constant" and np.size(x.value):
        first = x.value.flat[0]
        if x.value.dtype.kind in "biuf" and not np.any(x.value != first):
            return float(str(first)) if first.dtype == np.float32 else float(first)  # 0.1 is 0.1
    return None


def number(x: Any) -> float | None:
    """The number that a term without axes is; None if it is none."""
    return None if shape_of(x) else uniform(x)


def leaves(line: Line) -> list[Line]:
    """What a term is made of in the end, each once, from left to right."""
    seen: set[Line] = set()
    found, stack = [], [line]
    while stack:
        x = stack.pop()
        if x not in seen:
            seen.add(x)
            if is_given(x) or is_known(x):
                found.append(x)
            else:
                stack += reversed(x.inputs)
    return found


def inside(roots: Iterable[Line], closed: Iterable[Line] = ()) -> Iterator[Line]:
    """The terms within some, each once, those that it is made of before it.

    Parameters
    ----------
    closed : iterable of Line
        What is not looked into.
    """
    seen = set(closed)
    stack = [(root, False) for root in reversed(list(roots))]
    while stack:
        line, ready = stack.pop()
        if ready:
            yield line
        elif not (line in seen or is_given(line) or is_known(line)):
            seen.add(line)
            stack.append((line, True))
            stack += [(x, False) for x in reversed(line.inputs)]
