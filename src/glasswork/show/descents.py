"""Gradient descent on a function of two numbers: the ways that learning rules take."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import OptionError, ShapeError
from ..limits import FUNCTION, LIST, MAPPING, NATURAL, checked, things
from ..nn import Parameter
from ..ops.checks import as_numbers
from ..optim import Optimizer
from ..tensor import TENSOR, Tensor
from .axes import COLORS, SPAN, dress, one_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["descend", "descents"]

Array = NDArray[Any]
OPTIMIZER = things("an Optimizer", lambda value: isinstance(value, Optimizer))
SIDES = things(
    "two pairs of numbers, the lower first",
    lambda value: LIST.admit(value) and len(value) == 2 and all(map(SPAN.admit, value)),
)
MARKS = "os^Dv*"


def descend(
    function: Callable[[Any], Any],
    start: ArrayLike,
    rule: Callable[[list[Parameter]], Optimizer],
    steps: int,
) -> Array:
    """Where a point stands before each step of gradient descent and after the last.

    Parameters
    ----------
    function : callable
        Of one point w, a number.
    start : array_like
        Where to begin.
    rule : callable
        Makes the optimizer of a list of parameters: `lambda w: SGD(w, 0.1, momentum=0.9)`.
    steps : int
        How many.

    Shapes
    ------
    w : start's   the result : (steps + 1, *start's)

    Examples
    --------
    >>> descend(lambda w: (w**2).sum(), [1.0, 2.0], lambda w: gw.SGD(w, 0.25), steps=2)
    array([[1.  , 2.  ],
           [0.5 , 1.  ],
           [0.25, 0.5 ]])
    """
    for name, given in (("function", function), ("rule", rule)):
        checked("descend", name, given, FUNCTION)
    count = checked("descend", "steps", steps, NATURAL)
    w = Parameter(Tensor(start, dtype=np.float64))
    optimizer = checked("descend", "what rule makes", rule([w]), OPTIMIZER)
    path = [w.els.copy()]
    for _ in range(count):
        checked("descend", "what function gives", function(w), TENSOR).backward()
        optimizer.step(zero_grad=True)
        path.append(w.els.copy())
    return np.array(path)


def descents(
    function: Callable[[Any], Any],
    paths: Mapping[str, Array],
    axes: Axes | None = None,
    span: Sequence[tuple[float, float]] | None = None,
) -> Axes:
    """Draw ways over the contour lines of a function.

    Parameters
    ----------
    function : callable
        Of points (…, 2), a number for each.
    paths : mapping from str to array
        What `descend` gave, (steps + 1, 2), by the names for the legend.
    axes : matplotlib axes, optional
        Where to draw; when left out they are new, and `axes.figure.savefig(path)` writes them.
    span : two pairs of float, optional
        From where to where along and up; left out, around all points that are no higher than where
        a way began.

    Returns
    -------
    matplotlib axes
        Those that were drawn on.

    Raises
    ------
    MissingExtraError
        If Matplotlib is not installed.
    OptionError
        If there is no way.
    """
    checked("descents", "function", function, FUNCTION)
    if not checked("descents", "paths", paths, MAPPING):
        raise OptionError("descents: there is no way to draw.\n  Pass one at least, from descend.")
    ways = {name: as_numbers(path, f"descents: {name}") for name, path in paths.items()}
    if wrong := [way.shape for way in ways.values() if way.ndim != 2 or way.shape[1] != 2]:
        raise ShapeError(f"descents: a way is {wrong[0]}.\n  Pass points (n, 2), as descend does.")
    if span is None:
        span = _around(function, ways.values())
    x, y = (np.linspace(low, high, 160) for low, high in checked("descents", "span", span, SIDES))
    axes = one_axes("gradient descent", axes, (4.6, 3.4))
    heights = _heights(function, np.stack(np.meshgrid(x, y), axis=-1))
    rise = heights - heights.min()  # lines lie closer together near the lowest point
    levels = heights.min() + np.linspace(0, 1, 14)[1:] ** 3 * rise.max()
    axes.contour(x, y, heights, levels, colors="0.8", linewidths=0.8)
    for k, (name, path) in enumerate(ways.items()):
        style: dict[str, Any] = {"color": COLORS[k % len(COLORS)], "marker": MARKS[k % len(MARKS)]}
        axes.plot(*path.T, ms=3, lw=1.1, label=name, **style)
    axes.legend(frameon=True, framealpha=0.85, fontsize="small")
    axes.set(xlim=x[[0, -1]], ylim=y[[0, -1]])
    return dress(axes, "", "w₁", "w₂", grid=False)


def _heights(function: Callable[[Any], Any], points: Array) -> Array:
    """What the function gives at points (…, 2)."""
    heights = as_numbers(function(points), "descents: what function gives")
    if heights.shape != points.shape[:-1]:
        raise ShapeError(
            f"descents: function makes {heights.shape} of points {points.shape}.\n"
            "  Let it take points along the last axis: lambda w: (w**2).sum(-1)."
        )
    return heights


def _around(function: Callable[[Any], Any], paths: Iterable[Array]) -> list[tuple[float, float]]:
    heights = [_heights(function, path) for path in paths]
    lower = [path[height <= height[0]] for path, height in zip(paths, heights, strict=True)]
    there = np.concatenate(lower)
    low, high = there.min(axis=0), there.max(axis=0)
    margin = 0.1 * np.maximum(high - low, (high - low).max() / 4) + 1e-9
    return list(zip((low - margin).tolist(), (high + margin).tolist(), strict=True))
