"""Tensor: NumPy elements that remember how they were made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from .autodiff import backward
from .elements import check_float, elements_of
from .errors import ShapeError, TapeError, UnsupportedError
from .functional import getitem
from .limits import FLAG, checked, things
from .numpy_protocol import call_function
from .operators import add_operators
from .ops import OPS, Op
from .ops.reductions import Axis
from .tape import Entry, recorder
from .transcript import Tape

__all__ = ["TENSOR", "Tensor"]

TENSOR = things("a tensor", lambda value: isinstance(value, Tensor))


class Tensor(Entry):
    """An array that can be differentiated through.   (article: Tensors)

    Parameters
    ----------
    els : array_like
        The elements. They are copied. Python floats become float32; an array keeps its dtype.
    requires_grad : bool
        Whether `backward` should leave a gradient here.
    dtype : dtype, optional
        The dtype of the elements.

    Raises
    ------
    DtypeError
        If a gradient is wanted of elements that are not floats.

    Notes
    -----
    Tensors are not written in place. Assigning a whole new array (`t.els = …`) is allowed for a
    leaf, and a backward pass through its old value then raises; a write into `t.els[...]` is not
    noticed.

    Examples
    --------
    >>> x1, x2 = Tensor(2.0, requires_grad=True), Tensor(3.0, requires_grad=True)
    >>> (x1 * x2 + np.sin(x1)).backward()
    >>> x1.grad, x2.grad
    (array(2.5838532, dtype=float32), array(2., dtype=float32))
    """

    __slots__ = ()

    def __init__(
        self, els: ArrayLike, requires_grad: bool = False, dtype: DTypeLike | None = None
    ) -> None:
        if requires_grad is not False:
            requires_grad = checked("Tensor", "requires_grad", requires_grad, FLAG)
        self._become_leaf(elements_of(els, dtype), requires_grad)
        if requires_grad:
            check_float(self._els)

    @property
    def els(self) -> np.ndarray:
        """The elements: the array itself, into which optimizers write. Copy it to keep a value.

        Assign other elements, which are copied, in the same shape; do not write into this array.
        """
        return self._els

    @els.setter
    def els(self, value: ArrayLike | Tensor) -> None:
        if self.op is not None:
            raise TapeError(
                f"els: this tensor was made by {self.op.name} and cannot be given other elements.\n"
                "  Assign to a leaf, or make a new one with Tensor(...)."
            )
        els = elements_of(value, None if hasattr(value, "dtype") else self._els.dtype)
        if els.shape != self._els.shape:
            raise ShapeError(
                f"els: the new elements have another shape.\n"
                f"  The tensor is {self._els.shape}, the new elements are {els.shape}."
            )
        if self.requires_grad:
            check_float(els)
        if els.dtype != self._els.dtype:
            self._grad = None
        self._els = els
        self._renew()

    @property
    def grad(self) -> np.ndarray | None:
        """The gradient that `backward` added up here: zeros before, None if none is wanted."""
        if not self.requires_grad:
            return None
        if self.op is not None:
            raise TapeError(
                f"grad: only leaves keep a gradient, and this tensor was made by {self.op.name}.\n"
                "  Ask for it with glasswork.gradients(loss, [tensor]), or print loss.tape."
            )
        if self._grad is None:
            self._grad = np.zeros_like(self._els)
        return self._grad

    @grad.setter
    def grad(self, value: ArrayLike | None) -> None:
        if value is not None:
            value = elements_of(value, self._els.dtype)
            if value.shape != self._els.shape:
                raise ShapeError(
                    f"grad: a gradient has the shape of its tensor.\n"
                    f"  The tensor is {self._els.shape}, the gradient {value.shape}."
                )
        self._grad = value

    def zero_grad(self) -> None:
        """Forget the gradient: it reads as zeros again."""
        self._grad = None

    def backward(self, seed: ArrayLike | None = None) -> None:
        """Add ∂(seed · self)/∂leaf to the `grad` of every leaf that wants a gradient.

        A second call adds the same once more: the tape is not used up.

        Parameters
        ----------
        seed : array_like, optional
            The gradient of what comes after, in the shape of this tensor; 1 for a single element.

        Raises
        ------
        TapeError
            If no gradient is wanted anywhere, if this is more than one element and no seed is
            given, or if a leaf has changed since it was used.
        """
        if not self.requires_grad:
            raise TapeError(
                "backward: nothing on this tape wants a gradient.\n"
                "  Make a leaf with requires_grad=True, and compute outside no_grad()."
            )
        els = seed_of(self, seed)
        backward(self, els)
        if self.op is not None:
            self._grad = els  # what the gradients on the printed tape start from

    @property
    def tape(self) -> Tape:
        """Everything that this value was made from, oldest first: the article's γ₁ … γₙ."""
        return Tape(self)

    @property
    def shape(self) -> tuple[int, ...]:
        """The sizes of the axes."""
        return self._els.shape

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of the elements."""
        return self._els.dtype

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return self._els.ndim

    @property
    def size(self) -> int:
        """The number of elements."""
        return self._els.size

    @property
    def T(self) -> Tensor:  # noqa: N802 (NumPy's name)
        """The tensor with its axes in reverse order."""
        return self.transpose()

    @property
    def mT(self) -> Tensor:  # noqa: N802 (NumPy's name)
        """The tensor of the transposed matrices: the last two axes exchanged."""
        return self.swapaxes(-1, -2)

    def detach(self) -> Tensor:
        """A copy of the elements, as a leaf that wants no gradient."""
        return leaf(self._els.copy())

    def item(self) -> Any:
        """The only element, as a Python number."""
        return self._els.item()

    def tolist(self) -> Any:
        """The elements as nested lists of Python numbers."""
        return self._els.tolist()

    def sum(self, axis: Axis = None, keepdims: bool = False) -> Tensor:
        """Σ over `axis`, or over all elements."""
        return _record(OPS["sum"], (self,), {"axis": axis, "keepdims": keepdims})

    def mean(self, axis: Axis = None, keepdims: bool = False) -> Tensor:
        """The mean over `axis`, or over all elements."""
        return _record(OPS["mean"], (self,), {"axis": axis, "keepdims": keepdims})

    def max(self, axis: Axis = None, keepdims: bool = False) -> Tensor:
        """The maximum; elements that share it share its gradient."""
        return _record(OPS["max"], (self,), {"axis": axis, "keepdims": keepdims})

    def min(self, axis: Axis = None, keepdims: bool = False) -> Tensor:
        """The minimum; elements that share it share its gradient."""
        return _record(OPS["min"], (self,), {"axis": axis, "keepdims": keepdims})

    def var(self, axis: Axis = None, keepdims: bool = False, ddof: int = 0) -> Tensor:
        """The mean squared distance from the mean; n - ddof is divided by."""
        return _record(OPS["var"], (self,), {"axis": axis, "keepdims": keepdims, "ddof": ddof})

    def argmax(self, axis: int | None = None, keepdims: bool = False) -> Tensor:
        """Where the maximum stands; integers, without a gradient."""
        return _record(OPS["argmax"], (self,), {"axis": axis, "keepdims": keepdims})

    def argmin(self, axis: int | None = None, keepdims: bool = False) -> Tensor:
        """Where the minimum stands; integers, without a gradient."""
        return _record(OPS["argmin"], (self,), {"axis": axis, "keepdims": keepdims})

    def cumsum(self, axis: int | None = None) -> Tensor:
        """Running sums along `axis`."""
        return _record(OPS["cumsum"], (self,), {"axis": axis})

    def clip(self, min: Any = None, max: Any = None) -> Tensor:
        """Each element, or the bound that it lies beyond."""
        return _record(OPS["clip"], (self, min, max), {})

    def astype(self, dtype: DTypeLike) -> Tensor:
        """The same elements in another dtype; the gradient comes back in this one."""
        return _record(OPS["astype"], (self,), {"dtype": np.dtype(dtype)})

    def reshape(self, *shape: Any) -> Tensor:
        """The same elements in another shape: `t.reshape(2, -1)` or `t.reshape((2, -1))`."""
        return _record(OPS["reshape"], (self,), {"shape": _flat(shape)})

    def transpose(self, *axes: Any) -> Tensor:
        """The axes in another order, reversed if none is given."""
        return _record(OPS["transpose"], (self,), {"axes": _flat(axes) or None})

    def swapaxes(self, axis1: int, axis2: int) -> Tensor:
        """Two axes exchanged."""
        return _record(OPS["swapaxes"], (self,), {"axis1": axis1, "axis2": axis2})

    def squeeze(self, axis: Axis = None) -> Tensor:
        """Without the axes of size 1."""
        return _record(OPS["squeeze"], (self,), {"axis": axis})

    def matmul(self, other: Any) -> Tensor:
        """The matrix product, as `self @ other`."""
        product: Tensor = self @ other
        return product

    # What follows comes from operators.py.

    relu: Callable[[], Tensor]
    sigmoid: Callable[[], Tensor]
    tanh: Callable[[], Tensor]
    exp: Callable[[], Tensor]
    log: Callable[[], Tensor]
    sqrt: Callable[[], Tensor]
    square: Callable[[], Tensor]
    __neg__: Callable[[], Tensor]
    __abs__: Callable[[], Tensor]
    __invert__: Callable[[], Tensor]
    __add__: Callable[[Any], Tensor]
    __radd__: Callable[[Any], Tensor]
    __sub__: Callable[[Any], Tensor]
    __rsub__: Callable[[Any], Tensor]
    __mul__: Callable[[Any], Tensor]
    __rmul__: Callable[[Any], Tensor]
    __truediv__: Callable[[Any], Tensor]
    __rtruediv__: Callable[[Any], Tensor]
    __pow__: Callable[[Any], Tensor]
    __rpow__: Callable[[Any], Tensor]
    __matmul__: Callable[[Any], Tensor]
    __rmatmul__: Callable[[Any], Tensor]
    __lt__: Callable[[Any], Tensor]
    __le__: Callable[[Any], Tensor]
    __gt__: Callable[[Any], Tensor]
    __ge__: Callable[[Any], Tensor]
    __eq__: Callable[[Any], Tensor]  # type: ignore[assignment]
    __ne__: Callable[[Any], Tensor]  # type: ignore[assignment]
    __and__: Callable[[Any], Tensor]
    __rand__: Callable[[Any], Tensor]
    __or__: Callable[[Any], Tensor]
    __ror__: Callable[[Any], Tensor]

    def __getitem__(self, key: Any) -> Tensor:
        return getitem(self, key)

    def __setitem__(self, key: Any, value: Any) -> None:
        raise UnsupportedError(
            "t[key] = value: tensors are not written in place, for the tape holds their values.\n"
            "  Make a new one: glasswork.functional.where(mask, value, t), or concatenate parts."
        )

    def __len__(self) -> int:
        return len(self._els)

    def __iter__(self) -> Iterator[Tensor]:
        return (self[i] for i in range(len(self)))

    def __bool__(self) -> bool:
        return bool(self._els)

    def __float__(self) -> float:
        return float(self._els)

    def __int__(self) -> int:
        return int(self._els)

    def __index__(self) -> int:
        return self._els.__index__()

    def __pos__(self) -> Tensor:
        return self

    __hash__ = object.__hash__  # by identity, for `==` compares elements

    # NumPy's protocols: `np.concatenate([t, u])` is recorded, as np.tanh(t) and array * t are.

    def __array_function__(
        self, function: Callable[..., Any], types: Any, args: Any, kwargs: Any
    ) -> Any:
        return call_function(function, args, kwargs)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        if self.requires_grad:
            raise UnsupportedError(
                "np.asarray(tensor): the array would leave the tape and lose its gradient.\n"
                "  Use tensor.els for the elements, or tensor.detach()."
            )
        return np.array(self._els, dtype=dtype, copy=copy)

    def __repr__(self) -> str:
        shown = np.array2string(self._els, separator=", ", prefix="Tensor(")
        notes = "" if self._els.dtype in (np.float32, np.int64, bool) else f", dtype={self.dtype}"
        if self.op is not None:
            notes += f", op={self.op.name}"
        elif self.requires_grad:
            notes += ", requires_grad=True"
        return f"{type(self).__name__}({shown}{notes})"

    def __format__(self, spec: str) -> str:
        """The only element in the form that is asked for, as in f"{loss:.4f}"."""
        return format(self.item(), spec) if spec and self.ndim == 0 else super().__format__(spec)

    def __getstate__(self) -> dict[str, Any]:
        if self.op is not None:
            raise TapeError(
                f"copy, pickle: this tensor was made by {self.op.name}; only leaves are copied.\n"
                "  Copy tensor.detach()."
            )
        return {"els": self._els, "grad": self._grad, "requires_grad": self.requires_grad}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._become_leaf(state["els"], state["requires_grad"])
        self._grad = state["grad"]


def leaf(els: np.ndarray, requires_grad: bool = False) -> Tensor:
    """A leaf around these elements, which are not copied."""
    tensor = Tensor.__new__(Tensor)
    tensor._become_leaf(els, requires_grad)
    return tensor


def seed_of(output: Tensor, seed: ArrayLike | None) -> np.ndarray:
    """The gradient that a backward pass starts with, in the shape and dtype of `output`."""
    if seed is None:
        if output.size != 1:
            raise TapeError(
                f"backward: a tensor of shape {output.shape} has no single gradient.\n"
                "  Reduce it first, with .sum() or .mean(), or pass the seed: the gradient of\n"
                "  what comes after it, in its shape."
            )
        return np.array(1, output.dtype).reshape(output.shape)
    els = elements_of(seed, output.dtype)
    if els.shape != output.shape:
        raise ShapeError(
            f"backward: the seed has another shape than the tensor.\n"
            f"  The tensor is {output.shape}, the seed is {els.shape}."
        )
    return els


def _flat(sizes: tuple[Any, ...]) -> Any:
    """The sizes of `t.reshape(2, 3)` or `t.reshape((2, 3))`; the None of `t.transpose(None)`."""
    return sizes[0] if len(sizes) == 1 and not hasattr(sizes[0], "__index__") else sizes


_record: Callable[[Op, tuple[Any, ...], dict[str, Any]], Tensor] = recorder(Tensor)
add_operators(Tensor, _record)
