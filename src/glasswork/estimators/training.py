"""The options of a training, which all estimators share, and what each option may be.

That is asked when `fit` begins, as scikit-learn has it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np
from numpy.typing import DTypeLike
from sklearn.base import BaseEstimator

from ..errors import OptionError
from ..limits import ABOVE_ZERO, BELOW_ONE, COUNT, FROM_ZERO, NATURAL, Limits
from ..optim import Optimizer
from ..train import Callback
from ..train.loggers import Logging
from .heads import LossFunction

__all__ = ["Training", "check_options"]

# No number is a flag: so scikit-learn has it.
FLAG = Limits("True or False", lambda value: isinstance(value, bool | np.bool_), bool)
SOLVERS = ("adam", "adamw", "lbfgs", "sgd")
RATES = ("adaptive", "constant", "invscaling")


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


def _one_of(words: Sequence[str], otherwise: str) -> Limits:
    return Limits(
        f"one of {', '.join(map(repr, words))}, or {otherwise}",
        lambda value: callable(value) or (isinstance(value, str) and value in words),
    )


def _are_counts(value: Any) -> bool:
    return all(map(COUNT.admit, value if isinstance(value, Iterable) else [value]))


def _are_shares(value: Any) -> bool:
    shares = value if isinstance(value, Iterable) and not isinstance(value, str) else [value]
    return all(map(BELOW_ONE.admit, shares))


def _is_float_dtype(value: Any) -> bool:
    try:
        return value is None or np.dtype(value) in (np.float32, np.float64)
    except TypeError:
        return False


LIMITS = {
    "hidden_layer_sizes": Limits("the neurons of each hidden layer, each above 0", _are_counts),
    "dropout": Limits("a number from 0 up and below 1, or one for each hidden layer", _are_shares),
    "batch_normalization": FLAG,
    "solver": _one_of(SOLVERS, "a function of parameters and learning rate"),
    "learning_rate": _one_of(RATES, "a schedule"),
    "batch_size": Limits(
        "'auto', or 1, 2, 3, …",
        lambda value: value == "auto" if isinstance(value, str) else COUNT.admit(value),
    ),
    "n_iter_no_change": Limits(
        "1, 2, 3, … or infinity", lambda value: value == inf or COUNT.admit(value)
    ),
    "verbose": Limits(
        "True or False", lambda value: isinstance(value, bool) or NATURAL.admit(value)
    ),
    "compile": Limits(
        "None, True or False", lambda value: value is None or isinstance(value, bool)
    ),
    "dtype": Limits("None, numpy.float32 or numpy.float64", _is_float_dtype),
    "shuffle": FLAG, "warm_start": FLAG, "nesterovs_momentum": FLAG, "early_stopping": FLAG,
    "max_iter": COUNT, "max_fun": COUNT,
    "alpha": FROM_ZERO, "power_t": FROM_ZERO, "tol": FROM_ZERO, "weight_decay": FROM_ZERO,
    "learning_rate_init": ABOVE_ZERO, "epsilon": ABOVE_ZERO,
    "momentum": BELOW_ONE, "beta_1": BELOW_ONE, "beta_2": BELOW_ONE,
    "validation_fraction": BELOW_ONE,
}  # fmt: skip


def check_options(estimator: Any) -> None:
    """Raise OptionError for the first option of an estimator that is outside what it may be.

    Examples
    --------
    >>> from glasswork.estimators import MLPClassifier
    >>> check_options(MLPClassifier(alpha=-1))
    Traceback (most recent call last):
    glasswork.errors.OptionError: MLPClassifier: alpha is -1.
      Pass a finite number from 0 up.
    """
    for name, value in estimator.get_params(deep=False).items():
        limits = LIMITS.get(name)
        if limits is not None and not limits.admit(value):
            raise OptionError(
                f"{type(estimator).__name__}: {name} is {value!r}.\n  Pass {limits.phrase}."
            )
