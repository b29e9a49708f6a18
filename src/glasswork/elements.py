"""What the elements of a tensor may be."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from .errors import DtypeError, ShapeError
from .tape import Entry

__all__ = ["check_float", "elements_of"]


def elements_of(els: Any, dtype: DTypeLike | None) -> np.ndarray:
    """A new array of `els`. Python floats become float32; an array keeps its dtype."""
    if isinstance(els, Entry):
        els = els._els
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
