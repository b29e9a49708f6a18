"""Class labels, and the mistakes that are made with them."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...errors import DataError, DtypeError, GlassworkError, ShapeError
from ...ops.checks import require
from .loss import elements

__all__ = ["class_labels"]


def class_labels(yhat: Any, y: Any) -> Any:
    """The labels, if they are one class for each row of the prediction, by its number.

    Raises
    ------
    DtypeError, ShapeError, DataError
        If they are not; the message says which of the usual mistakes it is.
    """
    labels = elements(y) if hasattr(y, "dtype") else np.asarray(y)
    if labels.dtype.kind not in "iu" or labels.shape != yhat.shape[:-1]:
        raise _misfit(yhat.shape, labels)
    classes = yhat.shape[-1]
    # As unsigned numbers, those below 0 are larger than any class.
    largest = np.maximum.reduce(labels.astype(np.uint64), axis=None, initial=0)
    require(largest < classes, _without_class, labels, classes)
    return labels


def _without_class(labels: np.ndarray, classes: int) -> DataError:
    wrong = np.flatnonzero((labels < 0) | (labels >= classes))
    return DataError(
        f"{wrong.size} of {labels.size} labels name no class.\n"
        f"  The first is {labels.flat[wrong[0]]}, in row {wrong[0]}; the prediction has "
        f"{classes} classes.\n"
        f"  Number the classes from 0 to {classes - 1}, or give the last layer more neurons."
    )


def _misfit(yhat: tuple[int, ...], labels: np.ndarray) -> GlassworkError:
    seen = f"  The prediction is {yhat}, the labels are {labels.shape} {labels.dtype}.\n"
    if labels.shape == yhat:
        return ShapeError(
            f"labels in one-hot form, where class indices are needed.\n{seen}  Pass y.argmax(-1)."
        )
    if labels.shape != yhat[:-1]:
        mend = "y[:, 0]" if labels.shape == (*yhat[:-1], 1) else "one label for each row"
        return ShapeError(f"labels and prediction do not go together.\n{seen}  Pass {mend}.")
    return DtypeError(
        f"class indices are whole numbers.\n{seen}  Pass y.astype(int), if they are whole."
    )
