"""Checks: of arrays and dtypes; and of values, also of those that are not there yet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..errors import DtypeError, ShapeError, seen

__all__ = ["as_array", "as_dtype", "as_numbers", "check_real", "no_numbers", "no_tensor", "require"]


def check_real(dtype: np.dtype[Any], what: str) -> None:
    """Raise unless elements of this dtype are whole or real numbers, or booleans."""
    if dtype.kind not in "fiub":
        raise DtypeError(
            f"{what} must be numbers; these are {dtype}.\n"
            "  Text, objects and complex numbers cannot be used: array.astype(float) makes floats"
            " of what reads as a number."
        )


def as_array(values: Any, what: str) -> np.ndarray:
    """`values` as an array; ShapeError if they are rows of unequal length.

    Examples
    --------
    >>> as_array([[1, 2], [3]], "a target")
    Traceback (most recent call last):
    glasswork.errors.ShapeError: a target: this is no array: its rows differ in length.
      It is [[1, 2], [3]].
      Pass rows of equal length.
    """
    try:
        return np.asarray(values)
    except ValueError as error:
        why = "its rows differ in length" if "inhomogeneous" in str(error) else error
        raise ShapeError(
            f"{what}: this is no array: {why}.\n"
            f"  It is {seen(values)}.\n"
            "  Pass rows of equal length."
        ) from None


def as_numbers(values: Any, what: str) -> np.ndarray:
    """`values` as an array of whole or real numbers, or booleans; an error if they are none."""
    array = as_array(values, what)
    check_real(array.dtype, what)
    return array


def as_dtype(dtype: Any, owner: str) -> np.dtype[Any]:
    """The dtype that is meant; DtypeError if none is.

    Examples
    --------
    >>> as_dtype("f4", "Tensor")
    dtype('float32')
    """
    try:
        found: np.dtype[Any] = np.dtype(dtype)
    except (TypeError, ValueError):
        raise DtypeError(
            f"{owner}: dtype is {seen(dtype)}.\n  Pass one of NumPy's, such as np.float32."
        ) from None
    return found


def no_numbers(x: Any, dtype: np.dtype[Any], what: str) -> DtypeError:
    """The error for an array of something else."""
    return DtypeError(
        f"{what} holds {dtype}, and tensors compute with real numbers.\n  It is {seen(x)}."
    )


def no_tensor(x: Any, what: str) -> DtypeError:
    """The error for something that is not made of numbers."""
    mend = (
        "A forward that ends without return gives None."
        if x is None
        else "Pass a tensor or an array."
    )
    return DtypeError(f"{what} is {seen(x)}, and no tensor.\n  {mend}")


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
