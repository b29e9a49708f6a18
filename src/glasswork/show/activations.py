"""Activation functions and their derivatives, or any other function of one number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..derivatives import gradients
from ..errors import ShapeError
from ..limits import FUNCTION, LIST, checked
from ..nn.configuration import described
from ..nn.module import Module
from ..ops.checks import as_numbers
from ..tensor import TENSOR, Tensor
from .axes import COLORS, SPAN, dress, one_axes, panels

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["activation", "activations", "slopes"]

POINTS = 401
Function = Callable[[Any], Any]


def slopes(function: Function, x: ArrayLike) -> tuple[NDArray[Any], NDArray[Any]]:
    """f(x) and its derivative f'(x) at each of these points, in float64.

    Parameters
    ----------
    function : Module, function of `glasswork.functional`, or any other of tensors
        Each row of its output, of one number, rests on the same row of its input alone.
    x : array_like
        The points.

    Raises
    ------
    ShapeError
        If the function makes of rows of one number anything else.

    Examples
    --------
    >>> y, slope = slopes(gw.Sigmoid(), [0.0, 100.0])
    >>> y, slope.round(3)
    (array([0.5, 1. ]), array([0.25, 0.  ]))
    """
    checked("slopes", "function", function, FUNCTION)
    rows = as_numbers(x, "slopes: x").reshape(-1, 1)
    points = Tensor(rows, requires_grad=True, dtype=np.float64)
    y = checked("slopes", "what function gives", function(points), TENSOR)
    if y.shape != points.shape:
        raise ShapeError(
            f"slopes: {_name(function)} is no function of one number.\n"
            f"  It makes {y.shape} of {points.shape}.\n"
            "  Pass one that makes one row of one number of each."
        )
    (slope,) = gradients(y.sum(), points)
    return y.els[:, 0], slope.els[:, 0]


def activation(
    function: Function, axes: Axes | None = None, span: tuple[float, float] = (-4.0, 4.0)
) -> Axes:
    """Draw f and, dashed, its derivative f', which automatic differentiation gives.

    Parameters
    ----------
    function : Module or function
        As for `slopes`.
    axes : matplotlib axes, optional
        Where to draw; when left out they are new, and `axes.figure.savefig(path)` writes them.
    span : pair of float
        From where to where.

    Returns
    -------
    matplotlib axes
        Those that were drawn on.

    Raises
    ------
    MissingExtraError
        If Matplotlib is not installed.
    """
    low, high = checked("activation", "span", span, SPAN)
    x = np.linspace(low, high, POINTS)
    y, slope = slopes(function, x)
    axes = one_axes("an activation function", axes)
    axes.axhline(0, color="0.6", linewidth=0.8)
    axes.axvline(0, color="0.6", linewidth=0.8)
    axes.plot(x, y, color=COLORS[0], linewidth=2, label="f")
    axes.plot(x, slope, color=COLORS[1], linestyle="--", label="f′")
    axes.legend(frameon=False, loc="upper left")
    return dress(axes, _name(function), "x")


def activations(
    functions: Sequence[Function],
    axes: Sequence[Axes] | None = None,
    span: tuple[float, float] = (-4.0, 4.0),
) -> list[Axes]:
    """Draw several functions side by side, each as `activation` does, on one scale."""
    names = [_name(function) for function in checked("activations", "functions", functions, LIST)]
    options: dict[str, Any] = {"sharex": True, "sharey": True}
    axes = panels("activation functions", names, axes, 4, (2.4, 2.2), **options)
    for function, each in zip(functions, axes, strict=True):
        activation(function, each, span)
    for legend in [each.get_legend() for each in axes[1:]]:
        if legend is not None:
            legend.remove()  # one is enough
    return axes


def _name(function: Function) -> str:
    if isinstance(function, Module):
        return described(function).removesuffix("()")
    return getattr(function, "__name__", "f")
