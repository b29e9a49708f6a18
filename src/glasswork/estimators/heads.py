"""What becomes of the outputs of a network: the loss on one side, the prediction on the other.

The losses here count as scikit-learn's: summed over the outputs, and then the mean of the samples.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, NamedTuple

import numpy as np

from .. import functional as F
from ..errors import OptionError
from ..nn import MAE, MSE, NLL, BinaryCrossEntropy, CrossEntropy, Hinge, Huber, KLDivergence, Loss
from ..nn.losses.loss import as_target

__all__ = [
    "LINKS", "HalfSquaredError", "Head", "Logistic", "LossFunction", "Poisson", "for_classes",
    "for_values", "outputs_for",
]  # fmt: skip

LossFunction = Callable[..., Any]
Truth = Literal["numbers", "indicators", "signs"]

LINKS: dict[str, Callable[[Any], Any]] = {
    "identity": lambda outputs: outputs,
    "exp": np.exp,
    "logistic": F.sigmoid,
    "softmax": F.softmax,
    "log_softmax": F.log_softmax,
}


class Head(NamedTuple):
    """The end of a network.

    Attributes
    ----------
    activation : str
        The link between outputs and prediction: `out_activation_`.
    loss : callable
        loss(seen, truth) or loss(seen, truth, weights).
    link : str
        What the loss sees of the outputs.
    truth : str
        How the loss wants classes: their numbers, 0 and 1 in a column for each output, or -1 and 1.
    """

    activation: str
    loss: LossFunction
    link: str = "identity"
    truth: Truth = "numbers"

    def cost(self, outputs: Any, truth: Any, weights: Any = None) -> Any:
        """The loss of the outputs."""
        seen = LINKS[self.link](outputs)
        return self.loss(seen, truth) if weights is None else self.loss(seen, truth, weights)


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


# What a loss is shown of a classification: the outputs by a link, and the truth in a form.
SIGHTS: dict[type[Any], tuple[str, Truth]] = {
    CrossEntropy: ("identity", "numbers"),
    NLL: ("log_softmax", "numbers"),
    KLDivergence: ("log_softmax", "indicators"),
    BinaryCrossEntropy: ("identity", "indicators"),
    Hinge: ("identity", "signs"),
    MSE: ("probabilities", "indicators"),
    MAE: ("probabilities", "indicators"),
    Huber: ("probabilities", "indicators"),
}
ONE_CLASS_EACH = (NLL, KLDivergence)  # CrossEntropy is a NLL
EACH_OUTPUT_ALONE = (BinaryCrossEntropy, Hinge)


def outputs_for(loss: object, classes: int) -> int:
    """How many outputs tell so many classes, of which each sample has one, apart."""
    return classes if classes > 2 or isinstance(loss, ONE_CLASS_EACH) else 1


def for_classes(loss: object, outputs: int, exclusive: bool) -> Head:
    """The head of a classification.

    Parameters
    ----------
    loss : "log_loss" or callable
        A loss of `glasswork.nn` is shown what it is made for: logits, probabilities or their
        logarithms. Any other callable sees the outputs, and the truth that "log_loss" would.
    outputs : int
        Of the network.
    exclusive : bool
        Whether a sample has one class only; else each output is a label of its own.
    """
    one_class_each = exclusive and outputs > 1
    if isinstance(loss, ONE_CLASS_EACH) and not one_class_each:
        raise OptionError(
            f"classifier: {type(loss).__name__} is for one class of several, with an output for "
            "each.\n"
            f"  There are {outputs} outputs, of which each is a yes or a no.\n"
            "  Pass 'log_loss' or BinaryCrossEntropy()."
        )
    if one_class_each and not isinstance(loss, EACH_OUTPUT_ALONE):
        usual = Head("softmax", CrossEntropy())
    else:
        usual = Head("logistic", Logistic(), truth="indicators")
    if loss == "log_loss":
        return usual
    if not callable(loss):
        raise OptionError(f"classifier: loss is {loss!r}.\n  Pass 'log_loss', or a loss.")
    sight = next((SIGHTS[kind] for kind in type(loss).__mro__ if kind in SIGHTS), None)
    if sight is None:
        return usual._replace(loss=loss)
    link, truth = sight
    return Head(
        usual.activation, loss, usual.activation if link == "probabilities" else link, truth
    )


def for_values(loss: object) -> Head:
    """The head of a regression."""
    if loss == "squared_error":
        return Head("identity", HalfSquaredError())
    if loss == "poisson":
        return Head("exp", Poisson())
    if not callable(loss):
        raise OptionError(
            f"regressor: loss is {loss!r}.\n  Pass 'squared_error', 'poisson', or a loss."
        )
    return Head("identity", loss)
