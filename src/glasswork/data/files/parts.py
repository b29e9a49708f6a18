"""What the readers of files find, before it is made a Dataset."""

from __future__ import annotations

from typing import Any, NamedTuple

from numpy.typing import NDArray

__all__ = ["Parts"]

Array = NDArray[Any]


class Parts(NamedTuple):
    """Arrays as they stand in a file, those that are there.

    Shapes
    ------
    x, x_test : (samples, …)   y, y_test : (samples,) or (samples, outputs)
    """

    x: Array
    y: Array | None = None
    x_test: Array | None = None
    y_test: Array | None = None
