"""What is said alike in Python and in C: what is done to an element, and which places are read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from .flat import Each

__all__ = ["DEFAULTS", "ELEMENTS", "MATH", "Pattern", "pattern", "template"]

DEFAULTS = {"slope": 0.01, "alpha": 1.0}
ELEMENTS = {
    "copy": "{0}",
    "add": "{0} + {1}",
    "subtract": "{0} - {1}",
    "divide": "{0} / {1}",
    "negative": "-{0}",
    "square": "{0} * {0}",
    "equal": "{0} == {1}",
    "not_equal": "{0} != {1}",
    "less": "{0} < {1}",
    "less_equal": "{0} <= {1}",
    "greater": "{0} > {1}",
    "greater_equal": "{0} >= {1}",
    "sigmoid": "sigmoid({0})",
    "silu": "{0} * sigmoid({0})",
}
MATH = ("cos", "erf", "exp", "expm1", "floor", "log", "log1p", "sin", "sqrt", "tanh")  # functions


def template(step: Each, elements: Mapping[str, str]) -> str:
    """The expression of a loop's element, with {0}, {1}, … for what it reads.

    Parameters
    ----------
    elements : mapping
        The expressions of a language, by op.
    """
    if step.op == "multiply":
        return " * ".join(f"{{{i}}}" for i in range(len(step.reads)))
    if step.op == "clip":
        low, high = (read.source or read.number is not None for read in step.reads[1:])
        raised = elements["maximum"] if low else "{0}"
        return elements["minimum"].format(raised, "{2}") if high else raised
    return elements[step.op]


class Pattern(NamedTuple):
    """place(i) = start + step · i, or i % every, or i // every, or what a table says."""

    kind: str  # "run", "tile", "repeat" or "table"
    start: int = 0
    step: int = 0
    every: int = 1


def pattern(places: np.ndarray) -> Pattern:
    """The rule that gives these places.

    Examples
    --------
    >>> pattern(np.array([6, 4, 2]))
    Pattern(kind='run', start=6, step=-2, every=1)
    >>> pattern(np.array([0, 1, 0, 1])).kind, pattern(np.array([0, 0, 1, 1])).kind
    ('tile', 'repeat')
    """
    n = places.size
    step = int(places[1] - places[0]) if n > 1 else 0
    if (places == places[0] + step * np.arange(n)).all():
        return Pattern("run", int(places[0]), step)
    count = int(places.max()) + 1
    if (places == np.arange(n) % count).all():
        return Pattern("tile", every=count)
    count = -(-n // count)
    if (places == np.arange(n) // count).all():
        return Pattern("repeat", every=count)
    return Pattern("table")
