"""The look of all pictures: their axes, and colors that color-blind eyes tell apart."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..errors import MissingExtraError, OptionError
from ..limits import ITERABLE, LIST, checked, things

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["COLORS", "SIGNED", "dress", "finite", "one_axes", "panels", "plain", "undress"]

# Okabe and Ito, 2008: blue, orange, green, pink, yellow, sky. Tol, 2021: wine, olive, indigo, grey.
COLORS = (
    *("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"),
    *("#882255", "#999933", "#332288", "#767676"),
)
SIGNED = "RdBu_r"  # from blue, below 0, over white to red
PANEL = 3.6, 3.0  # inches, width and height
AXES = things("Axes of Matplotlib", lambda value: hasattr(value, "set_axisbelow"))
SPAN = things(
    "two numbers, the lower first",
    lambda value: (
        LIST.admit(value)
        and len(value) == 2
        and all(isinstance(side, Real) for side in value)
        and value[0] < value[1]
    ),
)


def panels(
    picture: str,
    names: Sequence[str],
    axes: Sequence[Axes] | None = None,
    columns: int | None = None,
    size: tuple[float, float] = PANEL,
    **options: Any,
) -> list[Axes]:
    """Axes for each of these names: those that are given, or new ones in a grid.

    The new figure belongs to no window.

    Raises
    ------
    MissingExtraError
        If Matplotlib is not installed.
    OptionError
        If there are no names, or not one axes for each.
    """
    if not names:
        raise OptionError(f"{picture}: there is nothing to draw.\n  Pass one thing at least.")
    if axes is None:
        return _new_axes(picture, len(names), columns or len(names), size, options)
    axes = [
        checked(picture, "axes", each, AXES) for each in checked(picture, "axes", axes, ITERABLE)
    ]
    if len(axes) != len(names):
        raise OptionError(
            f"{picture}: there are {len(axes)} axes for {len(names)} panels.\n"
            f"  The panels are {', '.join(names)}.\n"
            "  Pass one axes for each, or none for new ones."
        )
    return axes


def one_axes(picture: str, axes: Axes | None, size: tuple[float, float] = PANEL) -> Axes:
    """The axes that are given, or new ones on a new figure."""
    return panels(picture, [picture], None if axes is None else [axes], size=size)[0]


def _new_axes(
    picture: str, number: int, columns: int, size: tuple[float, float], options: dict[str, Any]
) -> list[Axes]:
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise MissingExtraError.of("app", "matplotlib", f"drawing {picture}") from None
    columns = min(columns, number)
    rows = -(-number // columns)
    width, height = size
    figure = Figure(figsize=(width * columns, height * rows), dpi=150, layout="constrained")
    grid = list(figure.subplots(rows, columns, squeeze=False, **options).flat)
    for spare in grid[number:]:
        spare.remove()
    return grid[:number]


def dress(axes: Axes, title: str = "", x: str = "", y: str = "", grid: bool = True) -> Axes:
    """Give axes their title, the names of their sides, and a grid behind what is drawn."""
    axes.set_title(plain(title), loc="left", fontweight="bold")
    axes.set_xlabel(plain(x))
    axes.set_ylabel(plain(y))
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(visible=False)
    if grid:
        axes.grid(color="#e5e5e5", linewidth=0.8)
    axes.set_axisbelow(True)
    return axes


def undress(axes: Axes, title: str = "") -> Axes:
    """Take from axes all but a title, as suits a picture that has no scales."""
    axes.set_axis_off()
    axes.set_title(plain(title), loc="left", fontweight="bold")
    return axes


def plain(name: str) -> str:
    """A name as it is, and no formula where there are dollars in it."""
    return name.replace("$", r"\$")


def finite(numbers: Sequence[float]) -> NDArray[Any]:
    """The numbers, with NaN, which is left out of a line, for those that are infinite."""
    found = np.array(numbers, float)
    found[~np.isfinite(found)] = np.nan
    return found
