"""The options of a training, which all estimators share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from numpy.typing import DTypeLike
from sklearn.base import BaseEstimator

from ..optim import Optimizer
from ..train import Callback
from ..train.loggers import Logging
from .heads import LossFunction

__all__ = ["Training"]


@dataclass(eq=False, repr=False, kw_only=True)
class Training(BaseEstimator):
    """How an estimator learns.

    The options that scikit-learn's `MLPClassifier` has mean what they mean there.

    Parameters
    ----------
    loss : str or callable
        What is made small; see the classifiers and the regressors.
    solver : "adam", "adamw", "lbfgs", "sgd" or callable
        The learning rule. A callable makes an optimizer of parameters and a learning rate, as the
        classes of `glasswork.optim` do: `solver=gw.RMSprop`.
    alpha : float
        Of the penalty α/2 ‖W‖², over the number of samples in a batch. It spares biases, and
        "adamw" has `weight_decay` in its place.
    batch_size : int or "auto"
        Samples in a batch; "auto" is 200, or all if there are fewer.
    learning_rate : "constant", "invscaling", "adaptive" or callable
        What becomes of `learning_rate_init` under "sgd"; or, whatever the solver, a schedule in its
        place: a function of the number of steps, such as those of `glasswork.optim`.
    learning_rate_init, power_t, momentum, nesterovs_momentum, beta_1, beta_2, epsilon
        Of the solvers.
    max_iter : int
        How many epochs at most; under "lbfgs", how many iterations.
    max_fun : int
        How often "lbfgs" may ask for the loss.
    shuffle : bool
        Whether each epoch has a new order.
    random_state : None, int or RandomState
        Where first weights, orders, splits and dropout come from. A number gives the same weights
        and orders as in scikit-learn.
    tol, n_iter_no_change : float, int
        The training ends when more than so many epochs in a row were no better by `tol`.
    verbose : bool
        Whether each epoch is printed.
    warm_start : bool
        Whether `fit` goes on from where the last one ended.
    early_stopping : bool
        Whether the score of samples that are not learnt from decides when to stop. The network is
        then left as it was in the best epoch.
    validation_fraction : float
        How many samples are held out for it, if none are passed to `fit`.
    weight_decay : float
        Of "adamw": what a weight loses in a step, times the learning rate.
    callbacks : sequence of glasswork.train.Callback, or of objects with a method `log`
        What is done beside the training. "lbfgs" calls none.
    compile : None, True or False
        Whether the training step becomes a program; see `glasswork.compile`. None does it where it
        pays and all parts are the library's own, whose steps are all alike.
    dtype : None, float32 or float64
        What is computed in. None is float32 for X of float32, and float64 for all else.

    Attributes
    ----------
    network_ : Module
        What was trained, for `glasswork.save` and all else that takes a module.
    history_ : History
        The epochs of the last training.
    loss_, best_loss_, loss_curve_ : float, float or None, list of float
        The loss with the penalty.
    validation_scores_, best_validation_score_ : list of float, float; or None
        Accuracy, or R², of what is held out.
    validation_loss_curve_ : list of float, or None
        The loss of what is held out, without the penalty.
    n_iter_, t_, n_layers_, n_outputs_, out_activation_, n_features_in_, feature_names_in_
        As in scikit-learn.
    """

    loss: str | LossFunction
    solver: str | Callable[..., Optimizer] = "adam"
    alpha: float = 0.0001
    batch_size: int | str = "auto"
    learning_rate: str | Callable[[int], float] = "constant"
    learning_rate_init: float = 0.001
    power_t: float = 0.5
    max_iter: int = 200
    shuffle: bool = True
    random_state: Any = None
    tol: float = 1e-4
    verbose: bool | int = False
    warm_start: bool = False
    momentum: float = 0.9
    nesterovs_momentum: bool = True
    early_stopping: bool = False
    validation_fraction: float = 0.1
    beta_1: float = 0.9
    beta_2: float = 0.999
    epsilon: float = 1e-8
    n_iter_no_change: float = 10
    max_fun: int = 15000
    weight_decay: float = 0.01
    callbacks: Sequence[Callback | Logging] = ()
    compile: bool | None = None
    dtype: DTypeLike | None = None
