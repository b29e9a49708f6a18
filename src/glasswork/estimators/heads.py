"""What becomes of the outputs of a network: the loss on one side, the prediction on the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, NamedTuple

import numpy as np

from .. import functional as F
from ..errors import OptionError
from ..nn import MAE, MSE, NLL, BinaryCrossEntropy, CrossEntropy, Hinge, Huber, KLDivergence
from .losses import HalfSquaredError, Logistic, Poisson

__all__ = ["LINKS", "Head", "LossFunction", "for_classes", "for_values"]

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


class Sight(NamedTuple):
    """What a loss is shown of a classification: outputs by a link, and the truth in a form."""

    link: str
    truth: Truth


SIGHTS: dict[type[Any], Sight] = {
    CrossEntropy: Sight("identity", "numbers"),
    NLL: Sight("log_softmax", "numbers"),
    KLDivergence: Sight("log_softmax", "indicators"),
    BinaryCrossEntropy: Sight("identity", "indicators"),
    Hinge: Sight("identity", "signs"),
    MSE: Sight("probabilities", "indicators"),
    MAE: Sight("probabilities", "indicators"),
    Huber: Sight("probabilities", "indicators"),
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
        usual = Head("softmax", CrossEntropy(), "identity", "numbers")
    else:
        usual = Head("logistic", Logistic(), "identity", "indicators")
    if loss == "log_loss":
        return usual
    if not callable(loss):
        raise OptionError(f"classifier: loss is {loss!r}.\n  Pass 'log_loss', or a loss.")
    sight = next((SIGHTS[kind] for kind in type(loss).__mro__ if kind in SIGHTS), None)
    if sight is None:
        return usual._replace(loss=loss)
    link = usual.activation if sight.link == "probabilities" else sight.link
    return Head(usual.activation, loss, link, sight.truth)


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
