"""What the elements of a tensor may be."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from .errors import DtypeError, ShapeError
from .ops.checks import as_dtype, check_real
from .tape import Entry

__all__ = ["aligned", "answers_ops", "check_float", "elements_of"]

LARGE = 4096  # bytes: from here on it is felt where an array begins


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
    if dtype is not None:
        dtype = as_dtype(dtype, "Tensor")
    try:
        array = np.asarray(els, dtype=dtype)
    except (OverflowError, TypeError, ValueError) as error:  # unequal rows, text that is no number
        kind = ShapeError if isinstance(error, ValueError) else DtypeError
        raise kind(f"Tensor: the elements are no array of numbers.\n  {error}.") from error
    if dtype is None and array.dtype == np.float64 and _is_python(els):
        array = array.astype(np.float32)
    check_real(array.dtype, "Tensor: the elements")
    return _copied(array)


def _copied(array: np.ndarray) -> np.ndarray:
    """A copy, in the same order; a large one begins with a line of the processor's cache."""
    if array.nbytes < LARGE or not array.flags.c_contiguous:
        return array.copy(order="K")
    copy = aligned(array.shape, array.dtype)
    copy[...] = array
    return copy


def aligned(shape: tuple[int, ...], dtype: np.dtype[Any]) -> np.ndarray:
    """Zeros that begin at a multiple of 64 bytes, as a line of the processor's cache does.

    What a processor takes at a time never lies in two lines then, which costs wide ones time where
    something is computed in place.
    """
    size = prod(shape) * dtype.itemsize
    whole = np.zeros(size + 64, np.uint8)
    start = -whole.ctypes.data % 64
    return whole[start : start + size].view(dtype).reshape(shape)


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
