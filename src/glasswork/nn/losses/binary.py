"""Losses for yes or no."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ... import functional as F
from ...errors import DataError, ShapeError
from ...limits import ANY, checked
from ...ops.checks import require
from .loss import Loss, Reduction, as_target, as_weights, elements

__all__ = ["BinaryCrossEntropy", "Hinge"]


class BinaryCrossEntropy(Loss):
    """Cross-entropy of the sigmoid: l = -(p y ln σ(ŷ) + (1 - y) ln(1 - σ(ŷ))).

    Computed as (1 - y) ŷ + (1 + (p - 1) y) softplus(-ŷ), which is exact where σ(ŷ) rounds to 0 or
    to 1. The mean is over all elements.

    Parameters
    ----------
    reduction : "mean", "sum" or "none"
        What becomes of the losses of the elements.
    positive_weight : float or array_like
        p, for what a missed yes counts more than a false one; or one for each output.

    Shapes
    ------
    yhat : (batch, …), logits: what the last Linear gives, without sigmoid
    y : the same, from 0 to 1   weights : (batch,)

    Raises
    ------
    ShapeError
        If the target has another shape than the prediction.
    DataError
        If a target is below 0 or above 1.

    Examples
    --------
    >>> BinaryCrossEntropy(reduction="none")(gw.Tensor([-1000.0, 0.0, 1000.0]), [0, 1, 0])
    Tensor([0.000000e+00, 6.931472e-01, 1.000000e+03])
    """

    def __init__(self, reduction: Reduction = "mean", positive_weight: ArrayLike = 1.0) -> None:
        super().__init__(reduction)
        self.positive_weight = positive_weight
        as_weights(positive_weight, "positive_weight")

    def forward(self, yhat: Any, y: Any, weights: Any = None) -> Any:
        y = as_target(yhat, y)
        els = elements(y)
        least = np.minimum.reduce(els, axis=None, initial=0)
        largest = np.maximum.reduce(els, axis=None, initial=1)
        require((least >= 0) & (largest <= 1), _no_probabilities, els)
        more = self._positive_weight(yhat) - 1
        return self.reduced((1 - y) * yhat + (1 + more * y) * F.softplus(-yhat), weights)

    def _positive_weight(self, yhat: Any) -> np.ndarray:
        weight = np.asarray(self.positive_weight, yhat.dtype)
        if weight.shape not in ((), yhat.shape[-1:]):
            raise ShapeError(
                "positive_weight is not a number for each output.\n"
                f"  It is {weight.shape}, the prediction is {yhat.shape}.\n"
                f"  Pass one number, or {yhat.shape[-1]} of them."
            )
        return weight


class Hinge(Loss):
    """l = max(0, margin - ŷ y): no loss once the right side is reached by a margin.

    The loss of the support vector machine (Cortes and Vapnik, 1995). The mean is over all elements.

    Parameters
    ----------
    margin : float
        How far on the right side is far enough.
    reduction : "mean", "sum" or "none"
        What becomes of the losses of the elements.

    Shapes
    ------
    yhat : (batch, …)   y : the same, -1 or 1   weights : (batch,)

    Raises
    ------
    ShapeError
        If the target has another shape than the prediction.
    DataError
        If a target is neither -1 nor 1.

    Examples
    --------
    >>> Hinge(reduction="none")(gw.Tensor([-1.0, 0.5, 2.0]), [1, 1, 1])
    Tensor([2. , 0.5, 0. ])
    """

    def __init__(self, margin: float = 1.0, reduction: Reduction = "mean") -> None:
        super().__init__(reduction)
        self.margin = checked("Hinge", "margin", margin, ANY)

    def forward(self, yhat: Any, y: Any, weights: Any = None) -> Any:
        y = as_target(yhat, y)
        els = elements(y)
        require(np.logical_and.reduce(np.abs(els) == 1, axis=None), _no_sides, els)
        return self.reduced(F.relu(self.margin - yhat * y), weights)


def _no_probabilities(y: np.ndarray) -> DataError:
    return DataError(
        "targets are the probability of yes, from 0 to 1.\n"
        f"  They go from {y.min()} to {y.max()}.\n"
        "  Pass 0 and 1; (y + 1) / 2 makes them of -1 and 1."
    )


def _no_sides(y: np.ndarray) -> DataError:
    return DataError(
        "targets are -1 or 1.\n"
        f"  They go from {y.min()} to {y.max()}.\n"
        "  Pass 2 * y - 1, if they are 0 and 1."
    )
