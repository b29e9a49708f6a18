"""What an option may be; by its name, that of an optimizer, a schedule or a clipping."""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from numbers import Integral, Real
from typing import Any, NamedTuple

import numpy as np

from ..errors import OptionError

__all__ = ["ABOVE_ZERO", "BELOW_ONE", "COUNT", "FLAG", "FROM_ZERO", "NATURAL", "Limits", "checked"]


class Limits(NamedTuple):
    """What to pass, which values are that, and what these become."""

    phrase: str
    admit: Callable[[Any], bool]
    become: Callable[[Any], Any] = float


def _numbers(phrase: str, admit: Callable[[Any], bool], kind: type = Real) -> Limits:
    """Of numbers, which a truth value is none of."""
    return Limits(
        phrase,
        lambda value: isinstance(value, kind) and not isinstance(value, bool) and admit(value),
        float if kind is Real else int,
    )


FLAG = Limits("True or False", lambda value: isinstance(value, bool | np.bool_), bool)
ANY = _numbers("a finite number", lambda value: -inf < value < inf)
FROM_ZERO = _numbers("a finite number from 0 up", lambda value: 0 <= value < inf)
ABOVE_ZERO = _numbers("a finite number above 0", lambda value: 0 < value < inf)
BELOW_ONE = _numbers("a number from 0 up and below 1", lambda value: 0 <= value < 1)
UP_TO_ONE = _numbers("a number from 0 to 1", lambda value: 0 <= value <= 1)
SHARE = _numbers("a number between 0 and 1", lambda value: 0 < value < 1)
NATURAL = _numbers("0, 1, 2, …", lambda value: value >= 0, Integral)
COUNT = _numbers("1, 2, 3, …", lambda value: value >= 1, Integral)

LIMITS = {
    "learning_rate": FROM_ZERO, "initial": FROM_ZERO, "final": FROM_ZERO, "peak": FROM_ZERO,
    "momentum": BELOW_ONE, "beta1": BELOW_ONE, "beta2": BELOW_ONE, "smoothing": BELOW_ONE,
    "nesterov": FLAG, "maximize": FLAG, "epsilon": FROM_ZERO,
    "l1": FROM_ZERO, "l2": FROM_ZERO, "weight_decay": FROM_ZERO,
    "decay": FROM_ZERO, "factor": UP_TO_ONE, "start": UP_TO_ONE, "end": UP_TO_ONE, "rise": SHARE,
    "steps": COUNT, "every": COUNT, "patience": NATURAL, "cooldown": NATURAL,
    "minimum": FROM_ZERO, "threshold": BELOW_ONE, "limit": ABOVE_ZERO,
}  # fmt: skip


def checked(owner: str, name: str, value: Any) -> Any:
    """`value` as a Python number, which no rule lets widen an array; OptionError if it may not be.

    Examples
    --------
    >>> checked("SGD", "momentum", 1)
    Traceback (most recent call last):
    glasswork.errors.OptionError: SGD: momentum is 1.
      Pass a number from 0 up and below 1.
    """
    limits = LIMITS.get(name, ANY)
    if limits.admit(value):
        return limits.become(value)
    raise OptionError(f"{owner}: {name} is {value!r}.\n  Pass {limits.phrase}.")
