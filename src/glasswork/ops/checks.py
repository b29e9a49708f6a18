"""Checks: of dtypes, and of values, in a way that also holds for values that are not there yet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..errors import DtypeError

__all__ = ["check_real", "require"]


def check_real(dtype: np.dtype[Any], what: str) -> None:
    """Raise unless elements of this dtype are whole or real numbers, or booleans."""
    if dtype.kind not in "fiub":
        raise DtypeError(
            f"{what} must be numbers; these are {dtype}.\n"
            "  Text, objects and complex numbers cannot be used: array.astype(float) makes floats"
            " of what reads as a number."
        )


def require(holds: Any, error: Callable[..., Exception], *seen: Any) -> None:
    """Raise `error(*seen)` unless `holds`.

    Shapes and dtypes are known to everybody, and an `if` does for them. What rests on values
    goes through here: a condition that only says how it will be computed answers the hook
    `__require__(holds, error, seen)` of its class, and is then asked at each step.

    Parameters
    ----------
    holds : bool, or anything with the hook
        The condition, made of `seen` by NumPy's functions, ufuncs and operators alone.
    error : callable
        A function of a module, which makes the exception of `seen` and of nothing else.
    *seen : array, number or tuple of numbers
        What the message tells of.

    Examples
    --------
    >>> def not_positive(x):
    ...     return ValueError(f"x goes down to {x.min()}.")
    >>> x = np.array([2.0, -1.0])
    >>> require(np.minimum.reduce(x) > 0, not_positive, x)
    Traceback (most recent call last):
    ValueError: x goes down to -1.0.
    """
    hook = getattr(type(holds), "__require__", None)
    if hook is not None:
        hook(holds, error, seen)
    elif not holds:
        raise error(*seen)
