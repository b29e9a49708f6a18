"""Lines: what a program is made of. Each is one value: a call, what it takes, and what it gave.

A line is never changed. Whoever improves a program writes new lines, from the first to the last.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from .calls import Call

__all__ = ["Line", "Origin", "Place", "constant", "held", "like", "replaced"]


class Origin(NamedTuple):
    """Where a line comes from."""

    section: str  # "forward", "backward" or "update"
    module: str  # the path of the module whose forward it is in
    role: str  # what it is there: the op that is being done
    of: Any = None  # backward: the line whose gradient this is a part of


class Line:
    """One value of a program.

    Attributes
    ----------
    call : Call
        What is done.
    args, kwargs
        What it is done to; among them, in lists and tuples too, other lines.
    value : array or number
        What it gave when the function was traced: its shape, dtype and order in memory hold.
    origin : Origin
        Where it comes from.
    base : Line or None
        Of which other line this is a view.
    """

    __slots__ = ("args", "base", "call", "inputs", "kwargs", "origin", "value")

    def __init__(
        self,
        call: Call,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        value: Any,
        origin: Origin,
    ) -> None:
        self.call = call
        self.args = args
        self.kwargs = kwargs
        self.value = value
        self.origin = origin
        self.inputs = tuple(held(args))
        self.base = _viewed(self)

    @property
    def is_array(self) -> bool:
        """Whether this needs memory of its own: numbers, and arrays without axes, do not."""
        return isinstance(self.value, np.ndarray) and self.value.ndim > 0

    @property
    def kind(self) -> str:
        """Which kind of place this is; an empty word if it is none."""
        return self.call.kind

    @property
    def root(self) -> Line:
        """The line in whose memory this one is."""
        line = self
        while line.base is not None:
            line = line.base
        return line

    def forget(self) -> None:
        """Keep the shape and the dtype of the value, and not its elements."""
        if self.is_array and not isinstance(self.call, Place):
            self.value = _forgotten(self.value.shape, self.value.dtype)
        elif isinstance(self.value, tuple | list):
            self.value = [_forgotten(np.shape(x), np.asarray(x).dtype) for x in self.value]

    def __repr__(self) -> str:
        return f"<Line {self.call!r} {getattr(self.value, 'shape', self.value)}>"


class Place(Call):
    """What a program finds when it begins: an argument, a parameter, a state, a constant.

    Parameters
    ----------
    name : str
        What the page calls it.
    kind : str
        "argument", "number", "generator", "parameters", "gradients", "parameter", "gradient",
        "captured", "constant", or the name of what a rule remembers.
    """

    def __init__(self, name: str, kind: str) -> None:
        super().__init__(name, lambda: None)
        self.kind = kind

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)


def constant(value: Any, name: str = "constant") -> Line:
    """An array that is known when the program is written."""
    return Line(Place(name, "constant"), (), {}, value, Origin("forward", "", name))


@lru_cache(maxsize=1024)
def _forgotten(shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
    """An array of this shape and dtype that needs no memory."""
    return np.ndarray(shape, dtype, np.empty((), dtype), strides=(0,) * len(shape))


def held(args: Sequence[Any]) -> list[Line]:
    """The lines among arguments."""
    lines: list[Line] = []
    for x in args:
        if type(x) is Line:
            lines.append(x)
        elif isinstance(x, tuple | list):
            lines += held(x)
    return lines


def replaced(args: Any, by: Callable[[Line], Any]) -> Any:
    """Arguments with something else in place of each line."""
    kind = type(args)
    if kind is Line:
        return by(args)
    if kind is tuple or kind is list:
        return kind([replaced(part, by) for part in args])
    return args


def like(output: Any, parts: list[Any]) -> Any:
    """Parts in a tuple or a list of the same kind, with names or without."""
    kind = type(output)
    return kind(*parts) if hasattr(kind, "_fields") else kind(parts)


def _viewed(line: Line) -> Line | None:
    """The input in whose memory the value of a line lies."""
    value = line.value
    if isinstance(value, np.ndarray) and value.base is not None:
        for x in line.inputs:
            if isinstance(x.value, np.ndarray) and np.may_share_memory(x.value, value):
                return x
    return None
