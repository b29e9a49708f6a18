"""Losses for numbers: how far off is a prediction?"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...limits import ABOVE_ZERO, checked
from .loss import Loss, Reduction, as_target

__all__ = ["MAE", "MSE", "Huber"]


class MSE(Loss):
    """Mean squared error: L = (1/n) Σ (ŷ - y)².   (article: Loss Functions)

    n counts elements, as the article's code does: the samples times the numbers that each has.
    (The article's formula divides by the samples.)

    Parameters
    ----------
    reduction : "mean", "sum" or "none"
        Whether to divide by n, or only to sum, or neither.

    Shapes
    ------
    yhat, y : the same   weights : (batch,)

    Raises
    ------
    ShapeError
        If the target has another shape than the prediction: (n,) and (n, 1) are different.

    Examples
    --------
    >>> MSE()(gw.Tensor([1.0, 2.0]), gw.Tensor([0.0, 0.0]))
    Tensor(2.5)
    """

    def forward(self, yhat: Any, y: Any, weights: Any = None) -> Any:
        return self.reduced(np.square(yhat - as_target(yhat, y)), weights)


class MAE(Loss):
    """Mean absolute error: L = (1/n) Σ |ŷ - y|, with n and shapes as for `MSE`.

    Its best constant prediction is the median, so that outliers pull less.

    Parameters
    ----------
    reduction : "mean", "sum" or "none"
        Whether to divide by n, or only to sum, or neither.

    Examples
    --------
    >>> MAE()(gw.Tensor([1.0, 2.0]), [0.0, 0.0])
    Tensor(1.5)
    """

    def forward(self, yhat: Any, y: Any, weights: Any = None) -> Any:
        return self.reduced(np.abs(yhat - as_target(yhat, y)), weights)


class Huber(Loss):
    """Half the square of a small error, and the size of a large one (Huber, 1964).

    With e = ŷ - y, the loss of an element is ½ e² where |e| ≤ δ, and δ (|e| - ½ δ) beyond.

    Parameters
    ----------
    delta : float
        δ, where the square goes over into a straight line.
    reduction : "mean", "sum" or "none"
        Whether to divide by the number of elements, or only to sum, or neither.

    Raises
    ------
    OptionError
        If delta is not above 0.

    Examples
    --------
    >>> Huber(reduction="none")(gw.Tensor([1.0, 3.0]), [0.0, 0.0])
    Tensor([0.5, 2.5])
    """

    def __init__(self, delta: float = 1.0, reduction: Reduction = "mean") -> None:
        super().__init__(reduction)
        self.delta = checked("Huber", "delta", delta, ABOVE_ZERO)

    def forward(self, yhat: Any, y: Any, weights: Any = None) -> Any:
        error = yhat - as_target(yhat, y)
        bounded = np.clip(error, -self.delta, self.delta)
        return self.reduced(bounded * (error - 0.5 * bounded), weights)
