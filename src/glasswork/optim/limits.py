"""What each option of an optimizer, a schedule or a clipping may be, by its name."""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from numbers import Integral, Real
from typing import Any, NamedTuple

from ..errors import OptionError

__all__ = ["checked"]


class Limits(NamedTuple):
    """Which values are admitted, what to say of others, and what admitted ones become."""

    admit: Callable[[Any], bool]
    phrase: str
    become: Callable[[Any], Any] = float


FLAG = Limits(lambda value: True, "True or False", bool)
ANY = Limits(lambda value: -inf < value < inf, "a finite number")
FROM_ZERO = Limits(lambda value: 0 <= value < inf, "a finite number from 0 up")
ABOVE_ZERO = Limits(lambda value: 0 < value < inf, "a finite number above 0")
BELOW_ONE = Limits(lambda value: 0 <= value < 1, "a number from 0 up and below 1")
UP_TO_ONE = Limits(lambda value: 0 <= value <= 1, "a number from 0 to 1")
SHARE = Limits(lambda value: 0 < value < 1, "a number between 0 and 1")
NATURAL = Limits(lambda value: _is_whole(value) and value >= 0, "0, 1, 2, …", int)
COUNT = Limits(lambda value: _is_whole(value) and value >= 1, "1, 2, 3, …", int)

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
    kind = isinstance(value, bool) if limits is FLAG else _is_number(value)
    if kind and limits.admit(value):
        return limits.become(value)
    raise OptionError(f"{owner}: {name} is {value!r}.\n  Pass {limits.phrase}.")


def _is_whole(value: Any) -> bool:
    return isinstance(value, Integral)


def _is_number(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)
