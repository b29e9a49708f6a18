"""Arrays whose values nobody may see, for the tests of what a program can be made from."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from glasswork.tape import Entry

__all__ = ["Opaque", "opened", "wrapped"]


class Opaque:
    """An array, or a number, of which it is known what shape it has and what is done to it.

    What is done in place moves it on to a new array, and leaves the old one as it was.
    """

    def __init__(self, array: Any) -> None:
        self._array = array
        self.shape, self.ndim, self.size = np.shape(array), np.ndim(array), np.size(array)
        self.dtype = np.asarray(array).dtype
        self.base = None

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        if any(isinstance(x, Entry) for x in inputs):
            return NotImplemented
        (out,) = kwargs.pop("out", (None,))
        result = getattr(ufunc, method)(*opened(inputs), **kwargs)
        return wrapped(result) if out is None else out._become(result)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        if any(issubclass(kind, Entry) for kind in types):
            return NotImplemented
        out = kwargs.pop("out", None)
        result = function(*opened(args), **kwargs)
        return wrapped(result) if out is None else out._become(result)

    @staticmethod
    def __op__(op: Any, inputs: tuple[Any, ...], params: dict[str, Any]) -> Any:
        if any(isinstance(x, Entry) for x in inputs):
            return NotImplemented
        return Opaque(op.forward(*opened(inputs), **params))

    @staticmethod
    def __require__(holds: Opaque, error: Any, seen: tuple[Any, ...]) -> None:
        if not holds._array:
            raise error(*opened(seen))

    def __getitem__(self, key: Any) -> Any:
        return wrapped(self._array[opened(key)])

    T = property(lambda self: wrapped(self._array.T))
    mT = property(lambda self: wrapped(self._array.mT))  # noqa: N815 (NumPy's name)

    def _become(self, array: Any) -> Opaque:
        self._array = np.asarray(array).astype(self.dtype, casting="same_kind")
        return self

    def _hidden(self, *args: Any) -> Any:
        raise AssertionError("something looked at a value, or wrote one")

    __bool__ = __float__ = __int__ = __index__ = __len__ = __iter__ = __array__ = _hidden
    __setitem__ = __repr__ = item = tolist = _hidden


def opened(x: Any) -> Any:
    """What an Opaque hides; so too in a tuple or a list."""
    if isinstance(x, tuple | list):
        return type(x)(map(opened, x)) if type(x) in {tuple, list} else x
    return x._array if isinstance(x, Opaque) else x


def wrapped(x: Any) -> Any:
    """An array hidden, and anything else as it is."""
    return Opaque(x) if isinstance(x, np.ndarray | np.generic) else x


def _method(name: str) -> Any:
    return lambda self, *args, **params: wrapped(getattr(self._array, name)(*args, **params))


def _of_arrays(compute: Any) -> Any:
    def method(self: Opaque, other: Any) -> Any:
        if isinstance(other, Entry):
            return NotImplemented
        return wrapped(compute(self._array, opened(other)))

    return method


for _name in ("astype", "copy", "reshape", "squeeze", "swapaxes", "transpose"):
    setattr(Opaque, _name, _method(_name))
for _name in ("neg", "abs", "invert"):
    setattr(Opaque, f"__{_name}__", _method(f"__{_name}__"))
for _name in ("add", "sub", "mul", "truediv", "pow", "matmul", "and", "or", "mod"):
    _compute = getattr(operator, f"__{_name}__")
    setattr(Opaque, f"__{_name}__", _of_arrays(_compute))
    setattr(Opaque, f"__r{_name}__", _of_arrays(lambda a, b, compute=_compute: compute(b, a)))
    setattr(
        Opaque,
        f"__i{_name}__",
        lambda self, other, compute=_compute: self._become(compute(self._array, opened(other))),
    )
for _name in ("eq", "ne", "lt", "le", "gt", "ge"):
    setattr(Opaque, f"__{_name}__", _of_arrays(getattr(operator, _name)))
