"""Solvers: the optimizers behind their names, and scikit-learn's three words for learning rates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..optim import SGD, AdamW, Optimizer, rules
from ..tensor import Tensor

__all__ = ["Adam", "after_epoch", "lowered", "optimizer_for"]

SMALLEST = 1e-6  # an adaptive learning rate that is not above this is not lowered again


class Adam(Optimizer):
    """`glasswork.optim.Adam` with the ε of scikit-learn; see `glasswork.optim.rules.adam_hat`.

    Examples
    --------
    >>> w = gw.Tensor([5.0], requires_grad=True)
    >>> (w * w).sum().backward()
    >>> Adam([w], 0.25, beta1=0.9, beta2=0.999, epsilon=1e-8).step()
    >>> w.els
    array([4.75], dtype=float32)
    """

    def rule(self, options: Mapping[str, Any]) -> rules.Rule:
        """Adam's with ε̂."""
        return rules.adam_hat


def optimizer_for(estimator: Any, parameters: Sequence[Tensor]) -> Optimizer:
    """The optimizer that the options of an estimator describe."""
    own = estimator
    rate = own.learning_rate if callable(own.learning_rate) else own.learning_rate_init
    moments = {"beta1": own.beta_1, "beta2": own.beta_2, "epsilon": own.epsilon}
    if callable(own.solver):
        made: Optimizer = own.solver(parameters, rate)
        return made
    if own.solver == "adam":
        return Adam(parameters, rate, **moments)
    if own.solver == "adamw":
        return AdamW(parameters, rate, weight_decay=own.weight_decay, **moments)
    nesterov = bool(own.nesterovs_momentum and own.momentum)
    return SGD(parameters, rate, momentum=own.momentum, nesterov=nesterov)


def after_epoch(estimator: Any) -> None:
    """Scale the learning rate inversely to the samples seen, if that is wanted: η₀ / (t + 1)ᵖ."""
    if estimator.solver == "sgd" and estimator.learning_rate == "invscaling":
        initial, seen = float(estimator.learning_rate_init), estimator.t_
        estimator._optimizer.learning_rate = initial / (seen + 1) ** estimator.power_t


def lowered(estimator: Any) -> bool:
    """Divide an adaptive learning rate by 5 in place of stopping; False if it is time to stop."""
    optimizer = estimator._optimizer
    if estimator.solver != "sgd" or estimator.learning_rate != "adaptive":
        return False
    if optimizer.learning_rate <= SMALLEST:
        return False
    optimizer.learning_rate /= 5
    return True
