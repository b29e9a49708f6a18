"""What a network learns, and what it merely keeps."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from ..errors import DtypeError
from ..limits import FLAG, checked
from ..ops.checks import as_array, as_dtype
from ..tensor import Tensor

__all__ = ["Buffer", "Parameter", "float_dtype"]


class Parameter(Tensor):
    """A tensor that is learned.   (article: Blocks)

    Parameters
    ----------
    data : array_like
        The first values. Integers become float32; an array of floats keeps its dtype.
    requires_grad : bool
        False freezes it: it keeps its values.
    decay : bool
        Whether weight decay and regularization apply to it. Layers pass False for biases.

    Examples
    --------
    >>> w = Parameter([[1.0, 2.0]])
    >>> w.data is w, w.grad
    (True, array([[0., 0.]], dtype=float32))
    """

    __slots__ = ("decay",)

    def __init__(self, data: ArrayLike, requires_grad: bool = True, decay: bool = True) -> None:
        els = as_array(data.els if isinstance(data, Tensor) else data, "a parameter")
        whole = els.dtype.kind in "iub"
        super().__init__(data, requires_grad, np.float32 if whole else None)
        self.decay = checked("Parameter", "decay", decay, FLAG)

    @property
    def data(self) -> Self:
        """The parameter itself.   (The article keeps a Tensor here; ours is one.)"""
        return self

    def __getstate__(self) -> dict[str, Any]:
        return {**super().__getstate__(), "decay": self.decay}

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        self.decay = state["decay"]


class Buffer(Tensor):
    """A tensor that belongs to a module and is saved with it, but is not learned.

    Examples
    --------
    >>> Buffer([0.0, 0.0]).requires_grad
    False
    """

    __slots__ = ()

    def __init__(self, data: ArrayLike) -> None:
        super().__init__(data, requires_grad=False)


def float_dtype(owner: str, dtype: DTypeLike) -> np.dtype[Any]:
    """The dtype, if parameters can be of it; DtypeError if it is none of floats.

    Examples
    --------
    >>> float_dtype("Linear", float)
    dtype('float64')
    """
    dtype = as_dtype(dtype, owner)
    if dtype.kind != "f":
        raise DtypeError(
            f"{owner}: parameters cannot be {dtype}.\n"
            "  Only floats have a gradient: pass float32, float64 or float16."
        )
    return dtype
