"""Is a gradient right? Central differences, which know nothing of rules, have the last word."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .derivatives import jvp, vjp
from .errors import GradientMismatchError, OptionError
from .limits import ABOVE_ZERO, FROM_ZERO, FUNCTION, checked
from .ops.checks import as_array
from .tensor import Tensor

__all__ = ["check_gradient"]


def check_gradient(
    f: Callable[..., Any], *arguments: Any, tolerance: float = 1e-6, step: float = 1e-6
) -> float:
    """Compare both derivative modes of `f` with central differences, in float64.

        ∂f/∂xᵢ ≈ (f(x + h eᵢ) - f(x - h eᵢ)) / 2h,    h = step · max(1, |xᵢ|)

    for each element of each argument; the output is weighted by fixed numbers, so that every
    element of it counts. The error of the difference itself is about h² + 1e-16/h.

    Parameters
    ----------
    f : callable
        Takes tensors, returns a tensor of any shape. Called about 3n times for n elements. It must
        give the same result every time: switch dropout off.
    arguments : array_like
        Where to look. Floats are taken as float64; integers and booleans are passed on unchanged.
    tolerance : float
        The largest difference allowed, relative to max(1, |∂f/∂xᵢ|).

    Returns
    -------
    float
        The largest difference found.

    Raises
    ------
    GradientMismatchError
        If a gradient is further off: it names the argument, the element and both numbers.

    Examples
    --------
    >>> check_gradient(lambda x: np.tanh(x) * x, [0.5, -2.0]) < 1e-6
    True
    """
    checked("check_gradient", "f", f, FUNCTION)
    step = checked("check_gradient", "step", step, ABOVE_ZERO)
    tolerance = checked("check_gradient", "tolerance", tolerance, FROM_ZERO)
    values = [_prepared(argument) for argument in arguments]
    places = [i for i, v in enumerate(values) if v.dtype == np.float64]
    if not places:
        raise OptionError(
            "check_gradient: none of the arguments is a float, so none has a gradient."
        )

    def of_floats(*floats: Any) -> Any:
        given: list[Any] = list(values)
        for place, x in zip(places, floats, strict=True):
            given[place] = x
        return f(*given)

    points = [values[i] for i in places]
    output, pullback = vjp(of_floats, *points)
    _check_function(output, of_floats(*map(Tensor, points)))
    weights = np.cos(np.arange(output.size, dtype=np.float64)).reshape(output.shape)
    backwards = [g.els for g in pullback(weights)]

    def weighted(*floats: Any) -> float:
        return float((of_floats(*floats).els * weights).sum())

    worst = 0.0
    for which, point in enumerate(points):
        for index in np.ndindex(point.shape):
            numeric = _quotient(weighted, points, which, index, step)
            unit = [np.zeros_like(p) for p in points]
            unit[which][index] = 1
            forwards = float((jvp(of_floats, points, unit)[1].els * weights).sum())
            for mode, analytic in (
                ("reverse", float(backwards[which][index])),
                ("forward", forwards),
            ):
                error = abs(analytic - numeric) / max(1.0, abs(numeric))
                if not error <= tolerance:
                    raise GradientMismatchError(
                        f"check_gradient: {mode} mode and the difference quotient disagree.\n"
                        f"  Argument {places[which]}, element {index}: the rule gives "
                        f"{analytic:.9g}, the quotient {numeric:.9g}.\n"
                        "  Correct the derivative rule; or move away from a kink, where no\n"
                        "  derivative exists."
                    )
                worst = max(worst, float(error))
    return worst


def _check_function(output: Tensor, again: Tensor) -> None:
    if output.dtype != np.float64:
        raise OptionError(
            f"check_gradient: the function gives {output.dtype}, too coarse for differences.\n"
            "  Compute in float64: model.astype(float), and no float32 constants."
        )
    if not np.array_equal(output.els, again.els, equal_nan=True):
        raise OptionError(
            "check_gradient: the function gives another result each time.\n"
            "  Switch off what is random, with model.eval(), or seed it anew in each call."
        )


def _prepared(argument: Any) -> np.ndarray:
    array = argument.els if isinstance(argument, Tensor) else as_array(argument, "an argument")
    return array.astype(np.float64) if array.dtype.kind == "f" else array


def _quotient(
    f: Callable[..., float], points: list[np.ndarray], which: int, index: Any, step: float
) -> float:
    """The central difference of `f` along one element of one of its arguments."""
    h = step * max(1.0, abs(float(points[which][index])))
    sides = []
    for sign in (1, -1):
        moved = [point.copy() for point in points]
        moved[which][index] += sign * h
        sides.append(f(*map(Tensor, moved)))
    return (sides[0] - sides[1]) / (2 * h)
