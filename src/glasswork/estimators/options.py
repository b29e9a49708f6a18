"""What each option of an estimator may be; asked when `fit` begins, as scikit-learn has it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import inf
from numbers import Integral, Real
from typing import Any, NamedTuple

import numpy as np

from ..errors import OptionError

__all__ = ["RATES", "SOLVERS", "check_options"]

SOLVERS = ("adam", "adamw", "lbfgs", "sgd")
RATES = ("adaptive", "constant", "invscaling")


class Limits(NamedTuple):
    """Which values are admitted, and what to say of others."""

    admit: Callable[[Any], bool]
    phrase: str


def _is_whole(value: object) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool)


def _is_number(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool | np.bool_)


def _within(low: float, high: float) -> Callable[[Any], bool]:
    return lambda value: _is_number(value) and low <= value < high


def _one_of(*words: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and value in words


def _is_count(value: Any) -> bool:
    return _is_whole(value) and value >= 1


def _are_counts(value: Any) -> bool:
    return all(map(_is_count, value)) if isinstance(value, Iterable) else _is_count(value)


def _are_shares(value: Any) -> bool:
    shares = value if isinstance(value, Iterable) and not isinstance(value, str) else [value]
    return all(_within(0, 1)(share) for share in shares)


def _is_float_dtype(value: Any) -> bool:
    try:
        return value is None or np.dtype(value) in (np.float32, np.float64)
    except TypeError:
        return False


FLAG = Limits(lambda value: isinstance(value, bool | np.bool_), "True or False")
COUNT = Limits(_is_count, "a whole number from 1 up")
FROM_ZERO = Limits(_within(0, inf), "a number from 0 up")
ABOVE_ZERO = Limits(lambda v: _is_number(v) and 0 < v < inf, "a number above 0")
BELOW_ONE = Limits(_within(0, 1), "a number from 0 up and below 1")

LIMITS = {
    "hidden_layer_sizes": Limits(_are_counts, "the neurons of each hidden layer, each above 0"),
    "dropout": Limits(_are_shares, "a number from 0 up and below 1, or one for each hidden layer"),
    "batch_normalization": FLAG,
    "solver": Limits(
        lambda v: callable(v) or _one_of(*SOLVERS)(v),
        f"one of {', '.join(map(repr, SOLVERS))}, or a function of parameters and learning rate",
    ),
    "learning_rate": Limits(
        lambda v: callable(v) or _one_of(*RATES)(v),
        f"one of {', '.join(map(repr, RATES))}, or a schedule",
    ),
    "batch_size": Limits(
        lambda v: v == "auto" if isinstance(v, str) else _is_count(v), "'auto', or 1, 2, 3, …"
    ),
    "n_iter_no_change": Limits(lambda v: v == inf or _is_count(v), "1, 2, 3, … or infinity"),
    "verbose": Limits(lambda v: isinstance(v, bool) or (_is_whole(v) and v >= 0), "True or False"),
    "compile": Limits(lambda v: v is None or isinstance(v, bool), "None, True or False"),
    "dtype": Limits(_is_float_dtype, "None, numpy.float32 or numpy.float64"),
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
      Pass a number from 0 up.
    """
    for name, value in estimator.get_params(deep=False).items():
        limits = LIMITS.get(name)
        if limits is not None and not limits.admit(value):
            raise OptionError(
                f"{type(estimator).__name__}: {name} is {value!r}.\n  Pass {limits.phrase}."
            )
