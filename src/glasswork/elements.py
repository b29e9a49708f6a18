"""What the elements of a tensor may be."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from .errors import DtypeError, ShapeError
from .tape import Entry

__all__ = ["answers_ops", "check_float", "elements_of"]


def answers_ops(x: Any) -> bool:
    """Whether `x` is no tensor and yet has the hook `__op__`: it stands for an array to come."""
    return hasattr(type(x), "__op__") and not isinstance(x, Entry)


def elements_of(els: Any, dtype: DTypeLike | None) -> np.ndarray:
    """A new array of `els`. Python floats become float32; an array keeps its dtype.

    What stands for an array to come is taken as it is.
    """
    if isinstance(els, Entry):
        els = els._els
    array: np.ndarray
    if answers_ops(els):
        array = els if dtype is None or els.dtype == dtype else els.astype(dtype)
        return array
    try:
        array = np.array(els, dtype=dtype)
    except ValueError as error:  # rows of unequal length, or text that is no number
        raise ShapeError(f"Tensor: the elements are no array of numbers.\n  {error}.") from error
    if dtype is None and array.dtype == np.float64 and _is_python(els):
        return array.astype(np.float32)
    if array.dtype.kind not in "fiub":
        raise DtypeError(
            f"Tensor: the elements must be numbers; these are {array.dtype}.\n"
            "  Text, objects and complex numbers cannot be used."
        )
    return array


def _is_python(els: Any) -> bool:
    """Whether the first element is a Python number rather than NumPy's."""
    while isinstance(els, list | tuple) and els:
        els = els[0]
    return not hasattr(els, "dtype")


def check_float(els: np.ndarray) -> None:
    """Raise unless elements of this dtype can have a gradient."""
    if els.dtype.kind != "f":
        raise DtypeError(
            f"requires_grad=True: only floats have a gradient; these elements are {els.dtype}.\n"
            "  Pass dtype=float, or write the numbers with a decimal point."
        )
