"""The loss around a trained network: on a plane through its parameters, with the way that it came.

A network of n parameters θ stands at one point of n dimensions. Two directions d, e through it make
a plane, on which the loss L(θ + a d + b e) can be drawn.   (Li et al., 2018, section 4)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..errors import OptionError
from ..limits import ABOVE_ZERO, COUNT, LIST, checked, things
from ..nn.module import MODULE, Module
from ..ops.checks import as_numbers
from ..randomness import RandomSource, generator
from ..train import Callback, Run, evaluate
from ..train.evaluate import Loss
from ..train.feed import Data
from .axes import dress, one_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "Directions", "Landscape", "Trail", "landscape", "loss_around", "principal_directions",
    "random_directions",
]  # fmt: skip

Array = NDArray[Any]
LEVELS = 24


class Directions(NamedTuple):
    """A plane through the parameters of a network.

    Attributes
    ----------
    pair : array
        Its two directions, (2, parameters).
    names : pair of str
        What they are.
    """

    pair: Array
    names: tuple[str, str]

    def coordinates(self, points: Array, origin: Array) -> Array:
        """Where points (…, parameters) lie on the plane, or nearest to them: (…, 2)."""
        found: Array = np.linalg.lstsq(self.pair.T, (points - origin).T, rcond=None)[0].T
        return found


class Landscape(NamedTuple):
    """The loss on a plane through the parameters of a network, which stands at (0, 0).

    Attributes
    ----------
    x, y : array
        Steps along the first direction, (columns,), and along the second, (rows,).
    losses : array
        (rows, columns)
    path : array
        Where the training came along, on the plane: (steps, 2), or (0, 2).
    names : pair of str
        What the directions are.
    """

    x: Array
    y: Array
    losses: Array
    path: Array
    names: tuple[str, str]


class Trail(Callback):
    """Remembers where the parameters of a network were: at the start, and again and again.

    Parameters
    ----------
    every : int, optional
        After how many batches; by default after each epoch.

    Attributes
    ----------
    points : list of array
        All parameters, one after the other, as they were at each of the moments.

    Examples
    --------
    >>> trail = Trail()  # of fit(…, callbacks=[trail])
    """

    def __init__(self, every: int | None = None) -> None:
        self.every = every if every is None else checked("Trail", "every", every, COUNT)
        self.points: list[Array] = []

    def on_start(self, run: Run) -> None:
        self.points.append(_flat(run.model))

    def on_batch(self, run: Run) -> None:
        if self.every and run.steps % self.every == 0:
            self.points.append(_flat(run.model))

    def on_epoch(self, run: Run) -> None:
        if not self.every:
            self.points.append(_flat(run.model))

    def state_dict(self) -> dict[str, Any]:
        return {"points": self.points}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.points = list(state["points"])


DIRECTIONS = things(
    "Directions, such as random_directions gives", lambda value: isinstance(value, Directions)
)


def random_directions(model: Module, rng: RandomSource = None) -> Directions:
    """Two random directions, normalized by filters: d ← d ‖θ‖ / ‖d‖ for the weights of each unit.

    So a step of one changes each unit as much as it weighs, whatever scale its layer has; biases
    and all other vectors stay as they are.   (Li et al., 2018, section 4)

    Parameters
    ----------
    rng : None, int or Generator
        What they are drawn from.

    Examples
    --------
    >>> model = gw.Linear(2, 1, initializer=gw.nn.initializers.ones)
    >>> pair = random_directions(model, rng=0).pair
    >>> pair.shape, np.linalg.norm(pair, axis=1).round(4)
    ((2, 3), array([1.4142, 1.4142]))
    """
    checked("random_directions", "model", model, MODULE)
    rng = generator(rng)
    pair = [np.concatenate([_normalized(p.els, rng) for p in model.parameters()]) for _ in "de"]
    return Directions(np.array(pair), ("first random direction", "second random direction"))


def principal_directions(points: Sequence[Array]) -> Directions:
    """The two directions in which a training moved most: the principal ones of θᵢ − θₙ.

    Parameters
    ----------
    points : sequence of array
        Those of a `Trail`; the last, θₙ, is where the network stands.

    Raises
    ------
    OptionError
        If there are fewer than three, or the parameters did not move in two directions.

    Examples
    --------
    >>> points = [np.array(point) for point in ([4.0, 0, 0], [2.0, 1, 0], [0.0, 0, 0])]
    >>> principal_directions(points).names
    ('first principal direction, 96 %', 'second principal direction, 4 %')
    """
    moved = as_numbers(points, "principal_directions: the points").astype(np.float64)
    if moved.ndim == 2 and len(moved) > 2:
        _, sizes, directions = np.linalg.svd(moved - moved[-1], full_matrices=False)
        if np.count_nonzero(sizes > sizes[0] * 1e-12) > 1:
            shares = sizes**2 / (sizes**2).sum()
            first, second = (f"{share:.0%}".replace("%", " %") for share in shares[:2])
            names = f"first principal direction, {first}", f"second principal direction, {second}"
            return Directions(directions[:2], names)
    raise OptionError(
        f"principal_directions: the points {moved.shape} do not span a plane.\n"
        "  Pass the points of a Trail that saw a few epochs of a training."
    )


def loss_around(
    model: Module,
    loss: Loss,
    data: Data,
    directions: Directions,
    points: Sequence[Array] = (),
    *,
    reach: float = 1.0,
    size: int = 31,
) -> Landscape:
    """The loss of a network on a plane through its parameters, which are afterwards what they were.

    Parameters
    ----------
    model, loss, data
        As for `glasswork.train.evaluate`.
    directions : Directions
        What spans the plane.
    points : sequence of array
        Those of a `Trail`: where it leads is then part of what is measured.
    reach : float
        How far, at least, in steps along each direction, to both sides.
    size : int
        Points in each direction.

    Raises
    ------
    OptionError
        If the directions are those of another network.

    Examples
    --------
    >>> model, x = gw.Linear(1, 1, rng=0), np.ones((4, 1))
    >>> found = loss_around(model, gw.MSE(), (x, x), random_directions(model, rng=0), size=5)
    >>> found.losses.shape
    (5, 5)
    """
    checked("loss_around", "model", model, MODULE)
    checked("loss_around", "directions", directions, DIRECTIONS)
    reach = checked("loss_around", "reach", reach, ABOVE_ZERO)
    size = checked("loss_around", "size", size, COUNT)
    origin = _flat(model)
    if directions.pair.shape != (2, origin.size):
        raise OptionError(
            f"loss_around: the directions are {directions.pair.shape}.\n"
            f"  The model has {origin.size} parameters.\n"
            f"  Pass directions of the shape (2, {origin.size})."
        )
    way = (
        as_numbers(points, "loss_around: points")
        if len(checked("loss_around", "points", points, LIST))
        else np.empty((0, origin.size))
    )
    if way.shape[1:] != origin.shape:
        raise OptionError(
            f"loss_around: the points are {way.shape}.\n"
            f"  Pass those of a Trail, (points, {origin.size})."
        )
    path = directions.coordinates(way, origin) if len(way) else np.empty((0, 2))
    x, y = (_side(column, reach if len(path) == 0 else 0.0, size) for column in path.T)
    kept = [(p, p.els) for p in model.parameters()]
    losses = np.empty((size, size))
    try:
        for place in np.ndindex(losses.shape):
            step = np.array([x[place[1]], y[place[0]]]) @ directions.pair
            _put(model, origin + step)
            losses[place] = evaluate(model, loss, data)["loss"]
    finally:
        for parameter, elements in kept:
            parameter.els = elements
    return Landscape(x, y, losses, path, directions.names)


def landscape(found: Landscape, axes: Axes | None = None) -> Axes:
    """Draw a landscape from above, with the way that the training took through it.

    Heights are on a logarithmic scale where they span much.

    Parameters
    ----------
    found : Landscape
        What `loss_around` gave.
    axes : matplotlib axes, optional
        Where to draw; when left out they are new, and `axes.figure.savefig(path)` writes them.

    Returns
    -------
    matplotlib axes
        Those that were drawn on.

    Raises
    ------
    MissingExtraError
        If Matplotlib is not installed.
    OptionError
        If the loss is nowhere a number.
    """
    axes = one_axes("a loss landscape", axes, (4.4, 3.6))
    losses = np.ma.masked_invalid(found.losses)
    if not losses.count():
        raise OptionError(
            "landscape: the loss is nowhere a number.\n  Measure it closer, with a smaller reach."
        )
    low = losses.min()
    high = max(losses.max(), low + 1e-6 * abs(low) + 1e-12)  # levels must rise, if by little
    is_steep = 0 < 20 * low < high
    levels = (np.geomspace if is_steep else np.linspace)(low, high, LEVELS)
    style: dict[str, Any] = {"norm": "log"} if is_steep else {}
    ticks = _ticks(low, high) if is_steep else None
    drawn = axes.contourf(found.x, found.y, losses, levels, cmap="viridis", **style)
    axes.contour(found.x, found.y, losses, levels, colors="white", linewidths=0.3, **style)
    axes.figure.colorbar(drawn, ax=axes, label="loss", format="%g", ticks=ticks)
    if len(found.path):
        axes.plot(*found.path.T, "o-", color="white", ms=3, lw=1.2, mec="black", mew=0.4)
    axes.plot(0, 0, "*", color="white", mec="black", ms=12)
    return dress(axes, "", *found.names, grid=False)


def _ticks(low: float, high: float) -> list[float]:
    """1, 2 and 5 times the powers of ten in between."""
    powers = range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))))
    return [t for k in powers for t in (10.0**k, 2 * 10.0**k, 5 * 10.0**k) if low <= t <= high]


def _flat(model: Module) -> Array:
    return np.concatenate([p.els.reshape(-1) for p in model.parameters()]).astype(np.float64)


def _put(model: Module, values: Array) -> None:
    """Let the parameters be these values."""
    start = 0
    for parameter in model.parameters():
        part = values[start : start + parameter.size]
        parameter.els = part.reshape(parameter.shape).astype(parameter.dtype)
        start += parameter.size


def _normalized(weights: Array, rng: np.random.Generator) -> Array:
    if weights.ndim < 2:
        return np.zeros(weights.size)
    drawn = rng.standard_normal(weights.shape)
    drawn *= np.linalg.norm(weights, axis=0) / np.linalg.norm(drawn, axis=0)
    return drawn.reshape(-1)


def _side(column: Array, reach: float, size: int) -> Array:
    """The steps along a direction that show the network, and the path with a margin."""
    low, high = min(column.min(initial=0), -reach), max(column.max(initial=0), reach)
    margin = 0.15 * (high - low) * bool(len(column))
    return np.linspace(low - margin, high + margin, size)
