"""Features of a point: its coordinates, and what is made of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .. import functional as F
from ..errors import OptionError
from ..nn import Module
from ..saving import register

__all__ = ["MADE", "SHOWN", "Features"]

MADE: dict[str, Callable[..., Any]] = {  # of the coordinates, each a column
    "x1": lambda x1, *_: x1,
    "x2": lambda _, x2: x2,
    "x1sq": lambda x1, *_: x1 * x1,
    "x2sq": lambda _, x2: x2 * x2,
    "x1x2": lambda x1, x2: x1 * x2,
    "sinx1": lambda x1, *_: np.sin(np.pi * x1),
    "sinx2": lambda _, x2: np.sin(np.pi * x2),
}
SHOWN = {
    "x1": "x₁",
    "x2": "x₂",
    "x1sq": "x₁²",
    "x2sq": "x₂²",
    "x1x2": "x₁x₂",
    "sinx1": "sin πx₁",
    "sinx2": "sin πx₂",
}


@register
class Features(Module):
    """Columns made of the coordinates of a point, such as x₁² and sin πx₁.

    Parameters
    ----------
    names : sequence of str
        Of `MADE`, in the order in which the columns come out.

    Shapes
    ------
    x : (batch, 2), or (batch, 1) where no name needs x₂   y : (batch, number of names)

    Raises
    ------
    OptionError
        If there is no such feature.

    Examples
    --------
    >>> Features(["x1", "x1x2"])(np.array([[2.0, 3.0]])).els
    array([[2., 6.]])
    """

    def __init__(self, names: Sequence[str]) -> None:
        if strange := [name for name in names if name not in MADE]:
            raise OptionError(f"Features: there is no {strange[0]!r}.\n  Pass some of {[*MADE]}.")
        self.names = list(names)

    def forward(self, x: Any) -> Any:
        coordinates = [x[:, place : place + 1] for place in range(x.shape[1])]
        made = [MADE[name](*coordinates) for name in self.names]
        return F.concatenate(made, axis=1)
