"""Regressor: values in, values out."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import RegressorMixin
from sklearn.metrics import r2_score
from sklearn.utils.metaestimators import available_if

from .estimator import Estimator, takes_batches
from .heads import Head, LossFunction, for_values
from .samples import Samples

__all__ = ["Regressor"]

Array = NDArray[Any]


@dataclass(eq=False, repr=False, kw_only=True)
class Regressor(RegressorMixin, Estimator):
    """An estimator of a value, or of several, for each sample.

    Parameters
    ----------
    loss : "squared_error", "poisson" or callable
        ½ Σⱼ (ŷⱼ - yⱼ)²; half of Poisson's deviance, for counts, with `exp` after the last layer; a
        loss of `glasswork.nn`; or a function of prediction and truth, and of weights where there
        are any.
    """

    loss: str | LossFunction = "squared_error"
    _y_numeric: ClassVar[bool] = True

    @available_if(takes_batches)
    def partial_fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Train for one epoch, from where the last call ended; the arguments are those of `fit`."""
        return self._fit(X, y, sample_weight, incremental=True)

    def predict(self, X: Any) -> Array:
        """The value, or the values, for each row of X."""
        values = self._linked(self._outputs(X))
        return values[:, 0] if values.shape[1] == 1 else values

    def _learn_targets(self, y: Any, goes_on: bool) -> Array:
        return self._codes(y)

    def _codes(self, y: Any) -> Array:
        values: Array = y.reshape(len(y), -1)
        return values

    def _outputs_wanted(self, codes: Array) -> int:
        return int(codes.shape[1])

    def _head(self) -> Head:
        return for_values(self.loss)

    def _truth(self, codes: Array, head: Head, dtype: Any) -> Array:
        return codes.astype(dtype)

    def _strata(self, codes: Array) -> Array | None:
        return None

    def _score_of(self, outputs: Array, samples: Samples) -> float:
        values = self._linked(outputs)
        if not np.isfinite(values).all():
            return nan
        return float(r2_score(samples.codes, values, sample_weight=samples.weights))
