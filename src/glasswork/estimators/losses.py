"""Losses as scikit-learn counts them: summed over the outputs, and then the mean of the samples."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..nn import BinaryCrossEntropy, Loss
from ..nn.losses.loss import as_target

__all__ = ["HalfSquaredError", "Logistic", "Poisson"]


class HalfSquaredError(Loss):
    """lᵢ = ½ Σⱼ (ŷᵢⱼ - yᵢⱼ)²: the "squared_error" of a regression.

    Examples
    --------
    >>> HalfSquaredError()(gw.Tensor([[3.0, 4.0]]), [[0.0, 0.0]])
    Tensor(12.5)
    """

    def forward(self, yhat: Any, y: Any, weights: Any = None) -> Any:
        return self.reduced(0.5 * np.square(yhat - as_target(yhat, y)).sum(axis=-1), weights)


class Poisson(Loss):
    """lᵢ = Σⱼ (exp ŷᵢⱼ - yᵢⱼ ŷᵢⱼ + yᵢⱼ ln yᵢⱼ - yᵢⱼ): half the deviance of counts from exp ŷ.

    Examples
    --------
    >>> Poisson()(gw.Tensor([[0.0]]), [[0.0]])
    Tensor(1.)
    """

    def forward(self, yhat: Any, y: Any, weights: Any = None) -> Any:
        y = as_target(yhat, y)
        least = y * np.log(y + (y == 0).astype(y.dtype)) - y  # 0 ln 0 is 0
        return self.reduced((np.exp(yhat) - y * yhat + least).sum(axis=-1), weights)


class Logistic(Loss):
    """Cross-entropy of the sigmoid of each output, summed: the "log_loss" of labels.

    Examples
    --------
    >>> Logistic()(gw.Tensor([[0.0, 0.0]]), [[0.0, 1.0]])
    Tensor(1.3862944)
    """

    def forward(self, yhat: Any, y: Any, weights: Any = None) -> Any:
        each = BinaryCrossEntropy(reduction="none").forward(yhat, y)
        return self.reduced(each.sum(axis=-1), weights)
