"""The confusion matrix: which classes are taken for which."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from ..errors import ShapeError
from ..limits import NAMES, checked
from ..ops.checks import as_numbers
from .axes import dress, one_axes, plain

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["confusion"]

MOST = 20  # classes whose names and numbers are written


def confusion(matrix: ArrayLike, axes: Axes | None = None, classes: Sequence[str] = ()) -> Axes:
    """Draw how many samples of each class, a row, are taken for each, a column.

    What is right, on the diagonal, is blue, and mistakes are orange: the darker, the larger the
    share of the row, or the root of that share, so that rare mistakes are seen.

    Parameters
    ----------
    matrix : array_like
        What `glasswork.train.confusion_matrix` gives, (classes, classes).
    axes : matplotlib axes, optional
        Where to draw; when left out they are new, and `axes.figure.savefig(path)` writes them.
    classes : sequence of str
        Their names.

    Returns
    -------
    matplotlib axes
        Those that were drawn on.

    Raises
    ------
    MissingExtraError
        If Matplotlib is not installed.
    ShapeError
        If the matrix is not square, or there is not one name for each class.
    """
    counts = as_numbers(matrix, "confusion: the matrix")
    named = (
        len(checked("confusion", "classes", classes, NAMES)) or counts.shape[0]
        if counts.ndim
        else 0
    )
    if counts.ndim != 2 or not counts.shape[0] == counts.shape[1] == named > 0:
        told = f", with {named} name{'s' * (named != 1)} for its classes" if len(classes) else ""
        raise ShapeError(
            f"confusion: the matrix is {counts.shape}{told}.\n"
            "  Pass a square one, as glasswork.train.confusion_matrix gives it, and as many names."
        )
    axes = one_axes("a confusion matrix", axes, (4.2, 3.8))
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    right = np.eye(len(counts), dtype=bool)
    axes.imshow(np.ma.masked_where(~right, shares), cmap="Blues", vmin=0, vmax=1)
    axes.imshow(np.ma.masked_where(right, np.sqrt(shares)), cmap="Oranges", vmin=0, vmax=1)
    if len(counts) <= MOST:
        names = [plain(name) for name in classes] or [str(k) for k in range(len(counts))]
        axes.set_xticks(range(len(names)), names, rotation=45 * (max(map(len, names)) > 2))
        axes.set_yticks(range(len(names)), names)
        for row, column in zip(*np.nonzero(counts), strict=True):
            color = "white" if shares[row, column] > 0.5 else "black"
            text = f"{counts[row, column]}"
            axes.text(column, row, text, ha="center", va="center", color=color, fontsize=8)
    return dress(axes, "", "predicted", "true", grid=False)
