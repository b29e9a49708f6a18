"""Tensors as a file describes them: each a window on a storage, which is a run of numbers.

The names in a pickle that stand for them have a meaning here. No other has one.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ...errors import DataError
from ..headers import widened

__all__ = ["Bytes", "Call", "Numbers", "Order", "Storage", "View", "meaning"]

Order = Literal["<", ">"]
Bytes: TypeAlias = "bytes | memoryview"

MOST_AXES = 64  # what NumPy can hold


class Numbers(NamedTuple):
    """What the bytes of a storage mean."""

    dtype: np.dtype[Any]
    is_bfloat16: bool = False

    @property
    def width(self) -> int:
        """The bytes of one number in an array of ours."""
        return 4 if self.is_bfloat16 else self.dtype.itemsize


class Storage(NamedTuple):
    """A run of numbers somewhere in the file: what it is called there, and how long it is."""

    key: str
    numbers: Numbers
    length: int

    @property
    def nbytes(self) -> int:
        """Its bytes in the file."""
        return self.length * self.numbers.dtype.itemsize


class View(NamedTuple):
    """A tensor: its element [i, j] is number offset + i strides[0] + j strides[1] of a storage."""

    storage: Storage
    numbers: Numbers
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]

    @property
    def nbytes(self) -> int:
        """The bytes of its array."""
        return math.prod(self.shape) * self.numbers.width

    @property
    def fits(self) -> bool:
        """Whether its numbers are counts, and all of it lies within its storage."""
        numbers = (self.offset, *self.shape, *self.strides)
        if not all(type(number) is int and number >= 0 for number in numbers):
            return False
        if not len(self.shape) == len(self.strides) <= MOST_AXES:
            return False
        if 0 in self.shape:
            return self.numbers.width * math.prod(n or 1 for n in self.shape) <= sys.maxsize
        steps = zip(self.shape, self.strides, strict=True)
        last = self.offset + sum((n - 1) * stride for n, stride in steps)
        return (last + 1) * self.numbers.dtype.itemsize <= self.storage.nbytes

    def checked(self) -> View:
        """The view itself; DataError if it reaches beyond its storage."""
        if self.fits:
            return self
        raise DataError(
            f"a tensor reaches beyond its storage {self.storage.key!r:.40}.\n"
            f"  It starts at {self.offset!r:.40} with shape {self.shape!r:.99} and strides"
            f" {self.strides!r:.99}; the storage has {self.storage.length:,} numbers.\n"
            "  The file is damaged: write or fetch it again."
        )

    def array(self, content: Bytes, order: Order) -> NDArray[Any]:
        """Its elements, copied from the bytes of the storage."""
        dtype = self.numbers.dtype.newbyteorder(order)
        if 0 in self.shape:
            return np.empty(
                self.shape, np.float32 if self.numbers.is_bfloat16 else self.numbers.dtype
            )
        run = np.frombuffer(content, dtype)[self.offset :]
        strides = [
            stride * dtype.itemsize if n > 1 else 0
            for n, stride in zip(self.shape, self.strides, strict=True)
        ]
        window = np.lib.stride_tricks.as_strided(run, self.shape, strides, writeable=False)
        if self.numbers.is_bfloat16:
            return widened(window)
        if dtype.kind == "b":  # any bit pattern but 0 and 1 would be undefined
            return np.asarray(window.view(np.uint8) != 0)
        return np.array(window, self.numbers.dtype, order="C")


class Call(NamedTuple):
    """A function of PyTorch's, by one of ours that stands for it."""

    function: Callable[..., Any]


def meaning(module: str, name: str) -> Call | Numbers:
    """What a name stands for.

    Raises
    ------
    DataError
        If it is none that a state dict needs: its code is neither looked for nor run.
    """
    if (found := _MEANINGS.get(f"{module}.{name}")) is not None:
        return found
    raise DataError(
        f"the file asks for {f'{module}.{name}'!r:.100}.\n"
        "  Only numbers, text, lists, dicts and tensors are read, and nothing is run.\n"
        "  Where the file was made: torch.save(model.state_dict(), path)."
    )


def _tensor(storage: Any, offset: Any, shape: Any, strides: Any, *_: Any) -> View:
    if isinstance(storage, Storage) and isinstance(shape, tuple) and isinstance(strides, tuple):
        return View(storage, storage.numbers, offset, shape, strides).checked()
    raise TypeError


def _tensor_of_dtype(
    storage: Any, offset: Any, shape: Any, strides: Any, _gradient: Any, _hooks: Any,
    numbers: Any, *_: Any,
) -> View:  # fmt: skip
    view = _tensor(storage, offset, shape, strides)
    if isinstance(numbers, Numbers):
        return view._replace(numbers=numbers).checked()
    raise TypeError


def _parameter(view: Any, *_: Any) -> View:
    if isinstance(view, View):
        return view
    raise TypeError


STORAGES = {
    "Double": "f8", "Float": "f4", "Half": "f2", "Long": "i8", "Int": "i4", "Short": "i2",
    "Char": "i1", "Byte": "u1", "Bool": "?",
}  # fmt: skip
_MEANINGS: dict[str, Call | Numbers] = {
    "torch._utils._rebuild_tensor": Call(_tensor),
    "torch._utils._rebuild_tensor_v2": Call(_tensor),
    "torch._utils._rebuild_tensor_v3": Call(_tensor_of_dtype),
    "torch._utils._rebuild_parameter": Call(_parameter),
    "collections.OrderedDict": Call(dict),
    **{f"torch.{kind}Storage": Numbers(np.dtype(code)) for kind, code in STORAGES.items()},
    "torch.BFloat16Storage": Numbers(np.dtype("u2"), is_bfloat16=True),
    "torch.storage.UntypedStorage": Numbers(np.dtype("u1")),
    **{f"torch.uint{8 * width}": Numbers(np.dtype(f"u{width}")) for width in (2, 4, 8)},
}
