"""What an argument may be: one of some kind, or that of some name."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Set
from contextlib import suppress
from math import inf
from numbers import Integral, Real
from os import PathLike
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from .errors import OptionError, seen

__all__ = [
    "ABOVE_ZERO", "ANY", "BELOW_ONE", "COUNT", "FLAG", "FROM_ZERO", "FUNCTION", "ITERABLE", "LIST",
    "MAPPING", "NAMES", "NATURAL", "PAIR", "SIZES", "TEXT", "UP_TO_ONE", "Limits", "checked",
    "one_of", "path_of", "things",
]  # fmt: skip


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


def things(phrase: str, admit: Callable[[Any], bool]) -> Limits:
    """Of what stays as it is."""
    return Limits(phrase, admit, lambda value: value)


def one_of(*choices: str) -> Limits:
    """Of words."""
    phrase = " or ".join([", ".join(map(repr, choices[:-1])), repr(choices[-1])])
    return things(phrase, lambda value: isinstance(value, str) and value in choices)


FLAG = Limits(
    "True or False",
    lambda value: isinstance(value, bool | np.bool_ | Integral) and value in (0, 1),
    bool,
)
TEXT = things("text", lambda value: isinstance(value, str))
UNLISTED = (str, bytes, Mapping, Set)  # of which one can ask for the length, too
LIST = things(
    "a list",
    lambda value: isinstance(value, Collection) and not isinstance(value, UNLISTED),
)
WORDS = things(
    "text in a list",
    lambda value: (
        isinstance(value, Collection)
        and not isinstance(value, str | bytes)
        and all(isinstance(word, str) for word in value)
    ),
)
NAMES = Limits(
    "text in a list",
    lambda value: LIST.admit(value) and all(isinstance(name, str) for name in value),
    list,
)
PATH = Limits(
    "the path of a file or folder, as text or pathlib.Path",
    lambda value: isinstance(value, str | PathLike),
    Path,
)
FUNCTION = things("a function", callable)
MAPPING = things("a mapping, such as a dict", lambda value: isinstance(value, Mapping))
ITERABLE = things("a list, or another iterable", lambda value: isinstance(value, Iterable))
ANY = _numbers("a finite number", lambda value: -inf < value < inf)
FROM_ZERO = _numbers("a finite number from 0 up", lambda value: 0 <= value < inf)
ABOVE_ZERO = _numbers("a finite number above 0", lambda value: 0 < value < inf)
BELOW_ONE = _numbers("a number from 0 up and below 1", lambda value: 0 <= value < 1)
UP_TO_ONE = _numbers("a number from 0 to 1", lambda value: 0 <= value <= 1)
SHARE = _numbers("a number between 0 and 1", lambda value: 0 < value < 1)
NATURAL = _numbers("a whole number from 0 up", lambda value: value >= 0, Integral)
COUNT = _numbers("a whole number from 1 up", lambda value: value >= 1, Integral)

WHOLE = things(
    "whole numbers in a list",
    lambda value: LIST.admit(value) and all(isinstance(one, Integral) for one in value),
)
SIZES = things(
    "whole numbers from 0 up, as in (3, 2)",
    lambda value: LIST.admit(value) and all(map(NATURAL.admit, value)),
)
PAIR = things(
    "two whole numbers from 0 up",
    lambda value: SIZES.admit(value) and len(value) == 2,
)

# What options of optimizers, schedules and clippings may be, among which are those of users.
LIMITS = {
    "learning_rate": FROM_ZERO, "initial": FROM_ZERO, "final": FROM_ZERO, "peak": FROM_ZERO,
    "momentum": BELOW_ONE, "beta1": BELOW_ONE, "beta2": BELOW_ONE, "smoothing": BELOW_ONE,
    "nesterov": FLAG, "maximize": FLAG, "epsilon": FROM_ZERO,
    "l1": FROM_ZERO, "l2": FROM_ZERO, "weight_decay": FROM_ZERO,
    "decay": FROM_ZERO, "factor": UP_TO_ONE, "start": UP_TO_ONE, "end": UP_TO_ONE, "rise": SHARE,
    "steps": COUNT, "every": COUNT, "patience": NATURAL, "cooldown": NATURAL,
    "minimum": FROM_ZERO, "threshold": BELOW_ONE, "limit": ABOVE_ZERO,
}  # fmt: skip


def path_of(owner: str, path: Any, name: str = "path") -> Path:
    """The path; OptionError if it is none.

    Examples
    --------
    >>> path_of("load", None)
    Traceback (most recent call last):
    glasswork.errors.OptionError: load: path is None.
      Pass the path of a file or folder, as text or pathlib.Path.
    """
    found: Path = checked(owner, name, path, PATH)
    return found


def checked(owner: str, name: str, value: Any, limits: Limits | None = None) -> Any:
    """`value`, if it may be that; OptionError if not. Without limits, the name decides.

    A number becomes Python's, which no rule lets widen an array.

    Examples
    --------
    >>> checked("SGD", "momentum", 1)
    Traceback (most recent call last):
    glasswork.errors.OptionError: SGD: momentum is 1.
      Pass a number from 0 up and below 1.
    """
    limits = limits or LIMITS.get(name, ANY)
    if isinstance(value, np.ndarray) and value.ndim == 0:  # as files of NumPy hold numbers
        value = value.item()
    with suppress(OverflowError):  # of a number that no float reaches
        if limits.admit(value):
            return limits.become(value)
    raise OptionError(f"{owner}: {name} is {seen(value)}.\n  Pass {limits.phrase}.")
