"""How activations, gradients and weights are spread, layer by layer, as a training goes on."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from ..errors import OptionError
from ..limits import COUNT, checked
from ..nn.summary import outputs_of
from ..tensor import Tensor
from ..train import Callback, Run
from .axes import dress, panels

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Histogram", "Histograms", "Kind", "histograms"]

Array = NDArray[Any]
Kind = Literal["activations", "gradients", "weights"]
MOST = 12  # epochs that are drawn
HEIGHT = 0.9  # of a hill, in distances of two


class Histogram(NamedTuple):
    """How numbers are spread.

    Attributes
    ----------
    counts : array
        How many are in each bin, (bins,).
    edges : array
        Where bins begin and the last ends, (bins + 1,).
    """

    counts: Array
    edges: Array


class Histograms(Callback):
    """Counts, after each epoch, how activations, gradients and weights are spread.

    Activations are what the modules without further ones in them give for the last batch of an
    epoch, in eval mode; gradients are those that the last step was made with. Numbers that are not
    finite are left out. Of n numbers the span is parted into 2 ∛n equal bins (Rice's rule).

    Parameters
    ----------
    bins : int
        How many there are at most.

    Attributes
    ----------
    activations, gradients, weights : dict from str to list of Histogram
        By the path of a module or of a parameter, one for each epoch.

    Examples
    --------
    >>> counted = Histograms(bins=4)
    >>> model, x = gw.Sequential(gw.Linear(1, 2, rng=0), gw.ReLU()), np.ones((6, 1), np.float32)
    >>> y = np.ones((6, 2), np.float32)
    >>> _ = gw.fit(model, gw.MSE(), gw.SGD(model.parameters(), 0.1), (x, y), 3, callbacks=[counted])
    >>> list(counted.activations), len(counted.weights["0.weights"])
    (['0', '1'], 3)
    """

    def __init__(self, bins: int = 50) -> None:
        self.bins = checked("Histograms", "bins", bins, COUNT)
        self.activations: dict[str, list[Histogram]] = {}
        self.gradients: dict[str, list[Histogram]] = {}
        self.weights: dict[str, list[Histogram]] = {}

    def on_epoch(self, run: Run) -> None:
        outputs = outputs_of(run.model, run.arrays[:1])
        for path, part in run.model.named_modules():
            output = outputs.get(id(part))
            if isinstance(output, Tensor) and sum(1 for _ in part.named_modules()) == 1:
                self._count(self.activations, path, output.els)
        for path, parameter in run.model.named_parameters():
            self._count(self.weights, path, parameter.els)
            if parameter.grad is not None:
                self._count(self.gradients, path, parameter.grad)

    def state_dict(self) -> dict[str, Any]:
        return {
            kind: {path: [hill._asdict() for hill in hills] for path, hills in layers.items()}
            for kind, layers in self._kinds().items()
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        for kind, layers in self._kinds().items():
            layers.clear()
            for path, hills in state[kind].items():
                layers[path] = [Histogram(**hill) for hill in hills]

    def _kinds(self) -> dict[str, dict[str, list[Histogram]]]:
        return {kind: getattr(self, kind) for kind in get_args(Kind)}

    def _count(self, found: dict[str, list[Histogram]], path: str, numbers: Array) -> None:
        there = numbers[np.isfinite(numbers)].astype(np.float64)
        bins = min(self.bins, ceil(2 * there.size ** (1 / 3)))
        found.setdefault(path, []).append(Histogram(*np.histogram(there, max(bins, 1))))


def histograms(
    counted: Histograms,
    kind: Kind = "weights",
    axes: Sequence[Axes] | None = None,
    layers: Sequence[str] | None = None,
) -> list[Axes]:
    """Draw a row of hills for each layer, the first epoch above and the last below.

    Each hill is as high as all others, whatever it weighs.

    Parameters
    ----------
    counted : Histograms
        What was a callback of `fit`.
    kind : "activations", "gradients" or "weights"
        Of what.
    layers : sequence of str, optional
        The paths of those that are drawn; left out, all.
    axes : sequence of matplotlib axes, optional
        Where to draw, one for each layer; when left out they are new, on one new figure.

    Returns
    -------
    list of matplotlib axes
        Those that were drawn on.

    Raises
    ------
    MissingExtraError
        If Matplotlib is not installed.
    OptionError
        If kind is none of the three, a layer was not counted, or there is not one axes for each.
    """
    if kind not in get_args(Kind):
        raise OptionError(f"histograms: kind is {kind!r}.\n  Pass {', '.join(get_args(Kind))}.")
    found: dict[str, list[Histogram]] = getattr(counted, kind)
    wanted = list(found if layers is None else layers)
    if not wanted or not found.keys() >= set(wanted):
        raise OptionError(
            f"histograms: there are no {kind} of {', '.join(wanted) or 'any layer'}.\n"
            f"  Those that were counted are of {', '.join(found) or 'none'}.\n"
            "  Draw them after an epoch of fit."
        )
    axes = panels("histograms", wanted, axes, 4, (2.5, 2.8))
    for each, path in zip(axes, wanted, strict=True):
        _draw_hills(each, found[path])
        dress(each, path, kind, "epoch", grid=False)
        each.spines["left"].set_visible(False)
    return axes


def _draw_hills(axes: Axes, hills: Sequence[Histogram]) -> None:
    from matplotlib import colormaps

    epochs = np.unique(np.linspace(1, len(hills), min(MOST, len(hills))).round().astype(int))
    for place, epoch in enumerate(epochs):
        hill, floor = hills[epoch - 1], len(epochs) - 1.0 - place
        height = hill.counts * HEIGHT / (hill.counts.max() or 1)
        color = colormaps["viridis"](0.85 * place / max(len(epochs) - 1, 1))
        axes.stairs(floor + height, hill.edges, baseline=floor, fill=True, color=color, lw=0.5)
    axes.set_yticks(range(len(epochs)), [str(epoch) for epoch in epochs[::-1]])
    axes.tick_params("y", length=0)
