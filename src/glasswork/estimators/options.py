"""What each option of an estimator may be; asked when `fit` begins, as scikit-learn has it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import inf
from typing import Any

import numpy as np

from ..errors import OptionError
from ..optim.limits import ABOVE_ZERO, BELOW_ONE, COUNT, FLAG, FROM_ZERO, NATURAL, Limits

__all__ = ["RATES", "SOLVERS", "check_options"]

SOLVERS = ("adam", "adamw", "lbfgs", "sgd")
RATES = ("adaptive", "constant", "invscaling")


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
