"""Decision boundaries: what a network says of the points of a plane through its inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..data.rows import as_rows
from ..errors import OptionError, ShapeError
from ..limits import ANY, COUNT, NAMES, PAIR, checked, things
from ..nn.module import Module
from ..ops.checks import as_numbers
from ..train.evaluate import predict
from .axes import COLORS, SIGNED, dress, one_axes, plain

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Plane", "boundary", "plane"]

Array = NDArray[Any]
MARGIN = 0.1  # of the span of the data, on each side
MARKERS = "osD^vP*"
DEPTH = 0.5  # of the color of a class that leads by much
FEW = 4  # classes whose legend has room on the picture


class Plane(NamedTuple):
    """What a network gives on a grid of points.

    Attributes
    ----------
    features : pair of int
        Which two features vary, along and up.
    x, y : array
        Their values, (columns,) and (rows,).
    outputs : array
        (rows, columns, outputs)
    """

    features: tuple[int, int]
    x: Array
    y: Array
    outputs: Array

    def winners(self) -> tuple[Array, Array]:
        """The class with the highest output at each point, and its lead over the second."""
        ranked = np.sort(self.outputs, axis=-1)
        with np.errstate(invalid="ignore"):
            return self.outputs.argmax(axis=-1), ranked[..., -1] - ranked[..., -2]

    def colors(self) -> Array:
        """The color of the winner at each point, the paler the smaller its lead is, if it is known.

        Red, green and blue, 0 to 255: (rows, columns, 3).
        """
        winners, lead = self.winners()
        known = [_color(k) for k in range(self.outputs.shape[-1])]
        colors = np.array([[int(color[i : i + 2], 16) for i in (1, 3, 5)] for color in known])
        lead = np.where(np.isfinite(lead), lead, 0)
        depth = np.minimum(lead / (np.quantile(lead, 0.8) or 1.0), 1.0)[..., None] * DEPTH
        mixed: Array = 255 + depth * (colors[winners] - 255)
        return mixed.round().astype(np.uint8)


PLANE = things("what glasswork.show.plane gives", lambda value: isinstance(value, Plane))


def plane(
    model: Module,
    x: ArrayLike,
    features: tuple[int, int] = (0, 1),
    held: ArrayLike | Mapping[int, float] | None = None,
    points: int = 150,
) -> Plane:
    """What a network gives where two features vary over the span of the data, and no other does.

    Parameters
    ----------
    model : Module
        Takes rows of features.
    x : array_like
        The samples, (samples, features).
    features : pair of int
        Which two vary.
    held : array_like, or mapping from features to numbers
        What the others are: a whole row, or some of them; those that are not said are at their mean
        over the samples.
    points : int
        In each direction.

    Raises
    ------
    ShapeError
        If x is no rows of two features or more.
    OptionError
        If features are not two of them that have numbers, or held does not fit.

    Examples
    --------
    >>> found = plane(gw.Linear(2, 1, rng=0), [[0.0, 0.0], [1.0, 2.0]], points=5)
    >>> found.x.round(2), found.outputs.shape
    (array([-0.1,  0.2,  0.5,  0.8,  1.1]), (5, 5, 1))
    """
    rows = as_numbers(x, "plane: x")
    count = checked("plane", "points", points, COUNT)
    if rows.ndim != 2 or rows.shape[1] < 2 or not len(rows):
        raise ShapeError(
            f"plane: the samples are {rows.shape}, and no rows of two features or more.\n"
            "  Pass x of the shape (samples, features)."
        )
    _check(features, rows.shape[1])
    along, up = (_side(rows, feature, count) for feature in features)
    grid = np.tile(_row(rows, held), (count, count, 1))
    grid[..., features[0]], grid[..., features[1]] = np.meshgrid(along, up)
    flat = grid.reshape(-1, rows.shape[1])
    kept = rows.dtype if rows.dtype.kind == "f" else np.float32
    outputs = predict(model, flat.astype(kept)).reshape(count, count, -1)
    return Plane(features, along, up, outputs)


def boundary(
    found: Plane,
    axes: Axes | None = None,
    *,
    x: ArrayLike | None = None,
    y: ArrayLike | None = None,
    classes: Sequence[str] = (),
    names: Sequence[str] = (),
    level: float | None = None,
) -> Axes:
    """Draw what a network says of a plane: its classes with their boundary, or its values.

    Of several outputs the highest wins, and its color is the paler the smaller its lead is. Of one
    output the values are drawn, and a line where they pass `level`.

    Parameters
    ----------
    found : Plane
        What `plane` gave.
    axes : matplotlib axes, optional
        Where to draw; when left out they are new, and `axes.figure.savefig(path)` writes them.
    x, y : array_like, optional
        Samples and their classes, or values, to be drawn as points.
    classes, names : sequence of str
        The names of the classes and of all features.
    level : float, optional
        The output from which on class 1 is meant, such as 0 for a logit.

    Returns
    -------
    matplotlib axes
        Those that were drawn on.

    Raises
    ------
    MissingExtraError
        If Matplotlib is not installed.
    OptionError
        If the outputs are nowhere numbers.
    """
    checked("boundary", "found", found, PLANE)
    for what, given in (("classes", classes), ("names", names)):
        checked("boundary", what, given, NAMES)
    if 0 < len(names) <= max(found.features):
        raise OptionError(
            f"boundary: there are {len(names)} names, and the features are {found.features}.\n"
            "  Pass one for each feature of the samples."
        )
    if level is not None:
        checked("boundary", "level", level, ANY)
    if not np.isfinite(found.outputs).any():
        raise OptionError(
            "boundary: what the network gives is nowhere a number.\n  Look at its weights."
        )
    axes = one_axes("a decision boundary", axes, (3.8, 3.4))
    many = found.outputs.shape[-1] > 1
    style = _draw_classes(axes, found) if many else _draw_values(axes, found, level)
    if x is not None and y is not None:
        rows, targets = as_rows("boundary", (x, y))
        _draw_points(axes, rows[:, found.features].T, targets.reshape(-1), classes, style)
    along, up = (names[f] if names else f"feature {f}" for f in found.features)
    axes.set(xlim=found.x[[0, -1]], ylim=found.y[[0, -1]])
    return dress(axes, "", along, up, grid=False)


def _draw_classes(axes: Axes, found: Plane) -> dict[str, Any]:
    extent = (*found.x[[0, -1]], *found.y[[0, -1]])
    axes.imshow(
        found.colors(), origin="lower", extent=extent, aspect="auto", interpolation="bilinear"
    )
    for k in np.unique(found.outputs.argmax(axis=-1)):
        with np.errstate(invalid="ignore"):
            ahead = found.outputs[..., k] - np.delete(found.outputs, k, axis=-1).max(axis=-1)
        ahead = np.ma.masked_invalid(ahead)
        if ahead.min() < 0 < ahead.max():
            axes.contour(found.x, found.y, ahead, [0], colors="black", linewidths=0.7)
    return {}


def _draw_values(axes: Axes, found: Plane, level: float | None) -> dict[str, Any]:
    values = found.outputs[..., 0]
    known = np.isfinite(values)
    middle = values[known].mean() if level is None else level
    values = np.where(known, values, middle)  # which is white
    reach = np.abs(values - middle).max() or 1.0
    style: dict[str, Any] = {"cmap": SIGNED, "vmin": middle - reach, "vmax": middle + reach}
    drawn = axes.pcolormesh(found.x, found.y, values, shading="gouraud", **style)
    axes.figure.colorbar(drawn, ax=axes, label="output")
    if level is not None and values.min() < level < values.max():
        axes.contour(found.x, found.y, values, [level], colors="black", linewidths=1)
    return style if level is None else {}


def _draw_points(
    axes: Axes, columns: Array, y: Array, classes: Sequence[str], style: dict[str, Any]
) -> None:
    """Points of the color of their value; or, of classes, a color and a mark for each."""
    edge: dict[str, Any] = {"edgecolors": "white", "linewidths": 0.6, "s": 22, "zorder": 3}
    if style:
        axes.scatter(columns[0], columns[1], c=y, **edge | style | {"edgecolors": "black"})
        return
    for k in np.unique(y).astype(int):
        label = plain(classes[k]) if classes else f"class {k}"
        mark = MARKERS[k % len(MARKERS)]
        there = columns[:, y == k]
        axes.scatter(there[0], there[1], color=_color(k), marker=mark, label=label, **edge)
    beside: dict[str, Any] = {}
    if len(np.unique(y)) > FEW:
        beside = {"loc": "upper left", "bbox_to_anchor": (1, 1)}
    axes.legend(frameon=not beside, framealpha=0.85, fontsize="small", **beside)


def _color(k: int) -> str:
    return COLORS[k % len(COLORS)]


def _check(features: tuple[int, int], there: int) -> None:
    checked("plane", "features", features, PAIR)
    if len(set(features)) != 2 or not max(features) < there:
        raise OptionError(
            f"plane: features are {features}, and no two of the {there} from 0 to {there - 1}.\n"
            "  Pass two different ones."
        )


def _side(rows: Array, feature: int, points: int) -> Array:
    column = rows[:, feature].astype(float)
    column = column[np.isfinite(column)]
    if not column.size:
        raise OptionError(
            f"plane: no sample has a number for feature {feature}.\n  Pass another two."
        )
    low, high = column.min(), column.max()
    reach = MARGIN * (high - low or 1.0)
    return np.linspace(low - reach, high + reach, points)


def _row(rows: Array, held: ArrayLike | Mapping[int, float] | None) -> Array:
    """The row in which the two features are then set."""
    row: Array = np.nanmean(rows.astype(float), axis=0)
    if isinstance(held, Mapping):
        told = dict(held)
    else:
        told = {} if held is None else dict(enumerate(as_numbers(held, "plane: held").reshape(-1)))
        if told and len(told) != len(row):
            raise OptionError(
                f"plane: held has {len(told)} numbers, for {len(row)} features.\n"
                "  Pass a whole row, or a mapping from features to numbers."
            )
    if not told.keys() <= set(range(len(row))):
        raise OptionError(
            f"plane: held names the features {sorted(told)}, of {len(row)} from 0.\n"
            "  Pass those that are there."
        )
    for feature, value in told.items():
        row[feature] = value
    return row
