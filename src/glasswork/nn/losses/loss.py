"""What all losses share: how they are reduced and weighted, and what a target must be.

And penalties: what large weights add to a loss, against overfitting.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, get_args

import numpy as np

from ...errors import DataError, DtypeError, OptionError, ShapeError, seen
from ...limits import ITERABLE, checked, one_of
from ...ops.checks import as_array, as_numbers, check_real, no_tensor, require
from ...tensor import TENSOR, Tensor
from ..module import Module

__all__ = [
    "Loss", "Reduction", "as_target", "as_weights", "check_prediction", "elements", "penalty",
]  # fmt: skip

Reduction = Literal["mean", "sum", "none"]
REDUCTIONS = one_of(*get_args(Reduction))


class Loss(Module):
    """How far predictions are from their targets: `loss(yhat, y)`, one number to make small.

    A subclass defines `forward(yhat, y, weights=None)` and ends it with `self.reduced(...)`.

    Parameters
    ----------
    reduction : "mean", "sum" or "none"
        What becomes of the losses of the single elements; "none" gives them as they are.

    Raises
    ------
    OptionError
        If reduction is none of the three.

    Examples
    --------
    >>> class Cubic(Loss):
    ...     def forward(self, yhat, y, weights=None):
    ...         return self.reduced(abs(yhat - as_target(yhat, y)) ** 3, weights)
    >>> Cubic("sum")(gw.Tensor([1.0, 2.0]), [0.0, 0.0])
    Tensor(9.)
    """

    def __init__(self, reduction: Reduction = "mean") -> None:
        self.reduction = checked(type(self).__name__, "reduction", reduction, REDUCTIONS)

    def reduced(self, losses: Any, weights: Any = None, counts: Any = None) -> Any:
        """The losses of the single elements, weighted and reduced.

        Parameters
        ----------
        weights : array_like, optional
            One for each sample, that is, in the shape of the first axes of `losses`. Each loss is
            multiplied by the weight of its sample.
        counts : array, optional
            For how much each element counts in the mean, where that is not 1.

        Raises
        ------
        ShapeError
            If weights are not one for each sample.
        DataError
            If there is no mean, for want of samples or because all weights are 0.

        Notes
        -----
        The mean is the weighted one, Σ w l / Σ w (times counts): doubling a weight is the same as
        having the sample twice.
        """
        if weights is not None:
            weights = _spread(weights, losses)
            losses = losses * weights
            counts = weights if counts is None else counts * weights
        if self.reduction == "none":
            return losses
        if self.reduction == "sum":
            return losses.sum()
        if counts is None:
            require(losses.size, _without_mean, losses.shape)
            return losses.mean()
        total = np.add.reduce(np.broadcast_to(counts, losses.shape), axis=None)
        require(elements(total) != 0, _without_mean, losses.shape)
        return losses.sum() / total


def _without_mean(shape: tuple[int, ...]) -> DataError:
    return DataError(
        "there is no mean of these losses.\n"
        f"  They are {shape}, and their weights add up to 0.\n"
        "  Leave out such a batch, or pass reduction='sum'."
    )


def as_target(yhat: Any, y: Any) -> Any:
    """The target in the dtype of the prediction, if it has its shape.

    Raises
    ------
    ShapeError
        If it has not: NumPy would broadcast the two to a table of all differences.
    DtypeError
        If the prediction is no floats, or the target no numbers.
    """
    check_prediction(yhat)
    if not hasattr(y, "dtype"):
        y = as_numbers(y, "the elements of a target")
    if y.shape != yhat.shape:
        raise ShapeError(
            "prediction and target have different shapes.\n"
            f"  The prediction is {yhat.shape}, the target is {y.shape}.\n"
            f"  {_mend(yhat.shape, y.shape)}"
        )
    if yhat.dtype.kind != "f":
        raise DtypeError(
            f"the prediction is {yhat.dtype}, the target {y.dtype}.\n"
            "  Predict floats: Tensor(..., dtype=float)."
        )
    return y if y.dtype == yhat.dtype else y.astype(yhat.dtype)


def check_prediction(yhat: Any) -> None:
    """Raise unless this is an array, or stands for one."""
    if not hasattr(yhat, "dtype"):
        raise no_tensor(yhat, "the prediction")


def as_weights(values: Any, what: str) -> np.ndarray:
    """The numbers that losses are multiplied by, none of them below 0."""
    weights = as_numbers(values, what)
    if not np.all(weights >= 0):
        raise OptionError(f"{what}: one of these is below 0, or nan: {seen(values)}.")
    return weights


def elements(values: Any) -> np.ndarray:
    """The numbers themselves, to be looked at."""
    return values.els if isinstance(values, Tensor) else values


def _mend(yhat: tuple[int, ...], y: tuple[int, ...]) -> str:
    if yhat == (*y, 1):
        return "Pass y[:, None], or take the prediction as yhat[:, 0]."
    if y == (*yhat, 1):
        return "Pass y[:, 0]."
    return "Give the last layer as many output neurons as a target has numbers."


def _spread(weights: Any, losses: Any) -> Any:
    """The weights of samples, with axes of size 1 for the further axes of `losses`."""
    if not hasattr(weights, "dtype"):
        weights = as_array(weights, "weights")
    check_real(weights.dtype, "weights")
    n = weights.ndim
    if weights.shape != losses.shape[:n]:
        raise ShapeError(
            "weights are not one for each sample.\n"
            f"  The losses are {losses.shape}, the weights are {weights.shape}.\n"
            f"  Pass weights of shape {losses.shape[:1]}."
        )
    if weights.dtype != losses.dtype:
        weights = weights.astype(losses.dtype)
    return weights.reshape(weights.shape + (1,) * (losses.ndim - n))


def penalty(parameters: Iterable[Tensor], l1: float = 0.0, l2: float = 0.0) -> Tensor:
    """λ₁ ‖w‖₁ + ½ λ₂ ‖w‖₂², to be added to a loss.   (article: Overfitting and Regularization)

    w is every parameter that decays: biases do not (`Parameter(…, decay=False)`). With plain SGD
    the second term is the same as weight decay; with momentum's or Adam's rule it is not. (The
    article squares both norms; the first is not squared.)

    Parameters
    ----------
    parameters : iterable of Tensor
        Such as `model.parameters()`; a plain tensor decays.
    l1, l2 : float
        λ₁, which makes weights zero, and λ₂, which makes them small; from 0 up.

    Raises
    ------
    OptionError
        If l1 or l2 is negative, or something is no tensor.

    Examples
    --------
    >>> w, b = gw.Parameter([3.0, -4.0]), gw.Parameter([100.0], decay=False)
    >>> penalty([w, b], l1=1.0), penalty([w, b], l2=1.0)
    (Tensor(7., op=multiply), Tensor(12.5, op=multiply))
    """
    l1, l2 = checked("penalty", "l1", l1), checked("penalty", "l2", l2)
    terms = []
    for w in checked("penalty", "parameters", parameters, ITERABLE):
        checked("penalty", "a parameter", w, TENSOR)
        decays = getattr(w, "decay", True)
        if decays and l1:
            terms.append(l1 * np.abs(w).sum())
        if decays and l2:
            terms.append(l2 / 2 * np.square(w).sum())
    return sum(terms[1:], terms[0]) if terms else Tensor(0.0)
