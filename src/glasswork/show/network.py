"""The network: its units as circles, its weights as lines whose width and color tell their size."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..errors import OptionError
from ..limits import COUNT, NAMES, checked
from ..nn import Linear
from ..nn.configuration import described
from ..nn.module import MODULE, Module
from .axes import COLORS, one_axes, plain, undress

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Column", "Sketch", "network", "sketch"]

Array = NDArray[Any]


class Column(NamedTuple):
    """The units of one layer in a drawing.

    Attributes
    ----------
    size : int
        How many there are.
    shown : tuple of int
        Which of them are drawn: all, or the first and the last.
    title : str
        What they are.
    """

    size: int
    shown: tuple[int, ...]
    title: str

    @property
    def note(self) -> str:
        """What is told of a column of which some units are left out."""
        return f"{len(self.shown)} of them shown" if len(self.shown) < self.size else ""

    @property
    def heights(self) -> Array:
        """Where each unit that is shown stands, about 0 and one apart, with a gap for the rest."""
        heights = np.arange(len(self.shown), dtype=float)
        if self.note:
            heights[(len(heights) + 1) // 2 :] += 1
        middle: Array = heights.max(initial=0) / 2 - heights
        return middle


class Sketch(NamedTuple):
    """What there is to draw of a network.

    Attributes
    ----------
    columns : tuple of Column
        The inputs, and the outputs of each linear layer.
    weights : tuple of array
        Those between the units that are shown, (before, after), from each column to the next.
    """

    columns: tuple[Column, ...]
    weights: tuple[Array, ...]

    def edges(self) -> list[tuple[int, float, float, float]]:
        """The lines: from which column, from and to what height, and the weight.

        A weight is divided by the largest of its layer that is shown, so that it is in -1 to 1;
        small ones come first, to lie below. What is not finite is left out.
        """
        found = []
        for column, weights in enumerate(self.weights):
            before, after = (self.columns[i].heights for i in (column, column + 1))
            known = np.isfinite(weights)
            sizes = np.abs(weights)
            largest = sizes[known].max(initial=0) or 1
            order = np.argsort(sizes, axis=None)[: np.count_nonzero(known)]  # inf and nan are last
            for i, j in zip(*np.unravel_index(order, sizes.shape), strict=True):
                found.append(
                    (column, float(before[i]), float(after[j]), float(weights[i, j] / largest))
                )
        return found


def sketch(model: Module, most: int = 12) -> Sketch:
    """What there is to draw of a chain of linear layers, with whatever stands between them.

    Parameters
    ----------
    model : Module
        Its linear layers are taken in the order in which they are found.
    most : int
        So many units of a layer are shown, at most; of a larger one the first and the last.

    Raises
    ------
    OptionError
        If there is no linear layer, or one does not take what the one before it gives.

    Examples
    --------
    >>> found = sketch(gw.Sequential(gw.Linear(64, 3), gw.ReLU(), gw.Linear(3, 1)), most=4)
    >>> for column in found.columns:
    ...     print(column.title, column.shown)
    64 inputs (0, 1, 62, 63)
    3 ReLU (0, 1, 2)
    1 output (0,)
    """
    checked("sketch", "model", model, MODULE)
    most = checked("sketch", "most", most, COUNT)
    parts = [part for _, part in model.named_modules() if _is_leaf(part)]
    layers = [part for part in parts if isinstance(part, Linear)]
    _check(layers)
    sizes = [layers[0].input_neurons, *(layer.output_neurons for layer in layers)]
    shown = [_shown(size, most) for size in sizes]
    titles = _titles(parts, sizes)
    return Sketch(
        tuple(map(Column, sizes, shown, titles)),
        tuple(
            layer.weights.els[np.ix_(before, after)].astype(float)
            for layer, (before, after) in zip(layers, pairwise(shown), strict=True)
        ),
    )


def network(
    model: Module | Sketch,
    axes: Axes | None = None,
    inputs: Sequence[str] = (),
    outputs: Sequence[str] = (),
) -> Axes:
    """Draw a network: red lines are weights above 0 and blue, dashed ones below, wide if large.

    Parameters
    ----------
    model : Module or Sketch
        What `sketch` takes, or what it gives.
    axes : matplotlib axes, optional
        Where to draw; when left out they are new, and `axes.figure.savefig(path)` writes them.
    inputs, outputs : sequence of str
        The names of the features and of the classes.

    Returns
    -------
    matplotlib axes
        Those that were drawn on.

    Raises
    ------
    MissingExtraError
        If Matplotlib is not installed.
    """
    drawn = model if isinstance(model, Sketch) else sketch(model)
    for side, given in (("inputs", inputs), ("outputs", outputs)):
        checked("network", side, given, NAMES)
    axes = one_axes("a network", axes, (1.9 * len(drawn.columns), 3.4))
    _draw_edges(axes, drawn)
    for place, column in enumerate(drawn.columns):
        names = {0: inputs, len(drawn.columns) - 1: outputs}.get(place, ())
        _draw_column(axes, place, column, names)
    lowest = min(column.heights.min() for column in drawn.columns)
    for place, column in enumerate(drawn.columns):
        text = "\n".join(filter(None, [column.title, column.note]))
        axes.text(place, lowest - 0.9, text, ha="center", va="top", fontsize=8)
    axes.set_xlim(-0.5, len(drawn.columns) - 0.5)
    axes.set_ylim(lowest - 2.4, None)
    return undress(axes)


def _draw_edges(axes: Axes, drawn: Sketch) -> None:
    from matplotlib.collections import LineCollection

    edges = drawn.edges()
    lines = LineCollection(
        [[(column, start), (column + 1, end)] for column, start, end, _ in edges],
        linewidths=[0.2 + 2.2 * abs(weight) for *_, weight in edges],
        colors=["#b2182b" if weight > 0 else COLORS[0] for *_, weight in edges],
        linestyles=["-" if weight > 0 else (0, (2, 1)) for *_, weight in edges],
        alpha=[0.1 + 0.75 * abs(weight) for *_, weight in edges],
    )
    axes.add_collection(lines)


def _draw_column(axes: Axes, place: int, column: Column, names: Sequence[str]) -> None:
    heights, last = column.heights, place > 0
    axes.scatter(
        np.full(len(heights), place), heights, 60, "white", edgecolors="black", zorder=3, lw=0.9
    )
    if column.note:
        middle = heights[[len(heights) // 2 - 1, len(heights) // 2]].mean()
        axes.text(place, middle, "⋮", ha="center", va="center", fontsize=11)
    for unit, height in zip(column.shown, heights, strict=True):
        if unit < len(names):
            where = (place + 0.12, "left") if last else (place - 0.12, "right")
            axes.text(where[0], height, plain(names[unit]), ha=where[1], va="center", fontsize=8)


def _is_leaf(part: Module) -> bool:
    return sum(1 for _ in part.named_modules()) == 1


def _check(layers: Sequence[Linear]) -> None:
    if not layers:
        raise OptionError(
            "sketch: the model has no Linear layer.\n  Pass one that has, such as gw.Linear(2, 1)."
        )
    for before, after in pairwise(layers):
        if before.output_neurons != after.input_neurons:
            raise OptionError(
                "sketch: the linear layers are no chain.\n"
                f"  One gives {before.output_neurons} numbers, and the next takes"
                f" {after.input_neurons}.\n"
                "  Pass a part of the model in which each layer takes what the one before gives."
            )


def _shown(size: int, most: int) -> tuple[int, ...]:
    if size <= most:
        return tuple(range(size))
    first, last = (most + 1) // 2, most // 2
    return (*range(first), *range(size - last, size))


def _titles(parts: Sequence[Module], sizes: Sequence[int]) -> list[str]:
    """What each column is: its number of units, and what stands behind its layer."""
    behind: list[list[str]] = [[]]
    for part in parts:
        if isinstance(part, Linear):
            behind.append([])
        elif len(behind) > 1:
            behind[-1].append(described(part).removesuffix("()"))
    last = len(sizes) - 1
    words = [" · ".join(names) or "linear" for names in behind]
    words[0] = "input" if sizes[0] == 1 else "inputs"
    output = "output" if sizes[-1] == 1 else "outputs"
    words[last] = output if words[last] == "linear" else f"{output}, {words[last]}"
    return [f"{size:,} {word}" for size, word in zip(sizes, words, strict=True)]
