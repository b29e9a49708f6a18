"""Class labels: what they must be, and the prediction of the class that they name."""

from __future__ import annotations

from typing import Any

import numpy as np

from ... import functional as F
from ...errors import DataError, DtypeError, ShapeError
from .loss import elements

__all__ = ["class_labels", "picked"]


def class_labels(yhat: Any, y: Any) -> Any:
    """The labels, if they are one whole number for each row of the prediction.

    Raises
    ------
    DtypeError, ShapeError
        If they are not; the message says which of the usual mistakes it is.
    """
    labels = elements(y) if hasattr(y, "dtype") else np.asarray(y)
    if labels.dtype.kind in "iu" and labels.shape == yhat.shape[:-1]:
        return labels
    seen = f"  The prediction is {yhat.shape}, the labels are {labels.shape} {labels.dtype}.\n"
    if labels.shape == yhat.shape and labels.ndim:
        raise ShapeError(
            f"labels in one-hot form, where class indices are needed.\n{seen}  Pass y.argmax(-1)."
        )
    if labels.shape != yhat.shape[:-1]:
        mend = "y[:, 0]" if labels.shape == (*yhat.shape[:-1], 1) else "one label for each row"
        raise ShapeError(f"labels and prediction do not go together.\n{seen}  Pass {mend}.")
    raise DtypeError(
        f"class indices are whole numbers.\n{seen}  Pass y.astype(int), if they are whole."
    )


def picked(yhat: Any, labels: Any) -> Any:
    """For each row of the prediction, the element that its label names.

    Raises
    ------
    DataError
        If a label names none.
    """
    if np.minimum.reduce(labels, axis=None, initial=0) < 0:
        raise _nameless(labels, yhat.shape[-1])
    try:
        return F.take_along_axis(yhat, labels[..., None]).squeeze(-1)
    except IndexError:
        raise _nameless(labels, yhat.shape[-1]) from None


def _nameless(labels: Any, classes: int) -> DataError:
    wrong = np.flatnonzero((labels < 0) | (labels >= classes))
    return DataError(
        f"{wrong.size} of {labels.size} labels name no class.\n"
        f"  The first is {labels.flat[wrong[0]]}, in row {wrong[0]}; the prediction has "
        f"{classes} classes.\n"
        f"  Number the classes from 0 to {classes - 1}, or give the last layer more neurons."
    )
