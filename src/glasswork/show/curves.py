"""Learning curves: how the numbers of a history went, epoch by epoch."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import OptionError
from ..saving import atomic_write
from ..train.history import History
from .axes import COLORS, dress, finite, one_axes, panels

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["curve", "curves", "save_curves"]

TRAINING, HELD_OUT, *_ = COLORS
STEEP = 20  # numbers that span more than this factor stand on a logarithmic scale
FEW = 12  # epochs that are marked by points


def curves(
    history: History, axes: Sequence[Axes] | None = None, held_out: str = "validation"
) -> list[Axes]:
    """Draw the loss, each metric and the learning rate, side by side.

    Parameters
    ----------
    history : History
        What `fit` returned, with one epoch at least.
    axes : sequence of matplotlib axes, optional
        Where to draw, one for each. When left out they are new, on one new figure, and
        `axes[0].figure.savefig(path)` writes it.
    held_out : str
        What to call the validation data.

    Returns
    -------
    list of matplotlib axes
        Those that were drawn on.

    Raises
    ------
    MissingExtraError
        If Matplotlib is not installed.
    OptionError
        If there is no epoch, or not one axes for each.

    Examples
    --------
    >>> from glasswork.train import History
    >>> history = History()
    >>> history.add({"loss": 0.5, "learning_rate": 0.1}, seconds=0.1)
    >>> [axes.get_title(loc="left") for axes in curves(history)]  # doctest: +SKIP
    ['loss', 'learning rate']
    """
    names = _panels(history)
    axes = panels("learning curves", names, axes)
    return [curve(history, *pair, held_out) for pair in zip(names, axes, strict=True)]


def curve(
    history: History, name: str, axes: Axes | None = None, held_out: str = "validation"
) -> Axes:
    """Draw one number over the epochs, and the same of the validation data, where there is any.

    Arguments, results and errors are those of `curves`, for one column `name` of the history.
    """
    column = history[name]
    axes = one_axes("learning curves", axes)
    _line(axes, column, "training", TRAINING)
    if (tested := f"validation_{name}") in history.columns:
        _line(axes, history[tested], held_out, HELD_OUT)
        axes.legend(frameon=False)
    _dress(axes, name.replace("_", " "))
    if name == "learning_rate" and axes.get_yscale() == "linear":
        axes.set_ylim(bottom=0)  # so that a constant one looks constant
    return axes


def save_curves(
    history: History, path: str | os.PathLike[str], held_out: str = "validation"
) -> None:
    """Draw what `curves` draws into a PNG file, which is written whole or not at all.

    Arguments and errors are those of `curves`; `path` is the file.
    """
    figure: Any = curves(history, held_out=held_out)[0].figure
    with atomic_write(path) as file:
        figure.savefig(file, format="png")


def _panels(history: History) -> list[str]:
    if not len(history):
        raise OptionError("curves: the history has no epoch.\n  Draw it after one at least.")
    return [n for n in history.columns if not n.startswith(("validation_", "gradient_norm."))]


def _line(axes: Axes, column: list[float], label: str, color: str) -> None:
    marker = "o" if len(column) <= FEW else ""
    epochs = range(1, len(column) + 1)
    axes.plot(epochs, finite(column), marker=marker, markersize=3.5, color=color, label=label)


def _dress(axes: Axes, title: str) -> None:
    from matplotlib.ticker import MaxNLocator

    dress(axes, title, "epoch")
    axes.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10], integer=True))
    drawn = np.concatenate([line.get_ydata() for line in axes.get_lines()])
    drawn = drawn[np.isfinite(drawn)]
    if drawn.size and 0 < drawn.min() * STEEP < drawn.max():
        axes.set_yscale("log")
