"""What the signs of Python's arithmetic and comparisons do to a Scribe."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from ..tape import Entry
from .calls import SIGNS, Call, Number
from .lines import Line

__all__ = ["Operators"]

_POWERS = {2: np.square, 0.5: np.sqrt, -1: np.reciprocal}  # what NumPy's own ** does for these

Method = Callable[[Any, Any], Any]


def _is_number(x: Any) -> bool:
    return type(x.line.value if isinstance(x, Operators) else x) in (int, float)


def _applied(ufunc: np.ufunc, sign: Callable[..., Any] | None, a: Any, b: Any) -> Any:
    """a ∘ b: of Python's numbers a Python number, and else what the ufunc makes of them."""
    if isinstance(a, Entry) or isinstance(b, Entry):
        return NotImplemented
    self: Any = a if isinstance(a, Operators) else b
    if sign is not None and _is_number(a) and _is_number(b):
        return self._do_to(Number(sign, SIGNS[sign]), (a, b), {})
    if ufunc is np.power and self is a and type(b) in (int, float) and self.dtype.kind == "f":
        quick = _POWERS.get(b)
        return quick(self) if quick is not None else ufunc(self, b)
    return ufunc(a, b)


def _moved_on(self: Any, value: Any) -> Any:
    """`self ∘= other`: an array moves on to the value, and a number makes room for it."""
    return value if _is_number(self) else self._become(value)


def _infix(ufunc: np.ufunc, sign: Callable[..., Any] | None = None) -> Method:
    """The method of `x ∘ y`."""
    return lambda self, other: _applied(ufunc, sign, self, other)


def _infixes(
    ufunc: np.ufunc, sign: Callable[..., Any] | None = None
) -> tuple[Method, Method, Method]:
    """The methods of `x ∘ y`, of `y ∘ x`, and of `x ∘= y`."""
    return (
        _infix(ufunc, sign),
        lambda self, other: _applied(ufunc, sign, other, self),
        lambda self, other: _moved_on(self, _applied(ufunc, sign, self, other)),
    )


class Operators:
    """The operators of a Scribe: Python's own on Python's numbers, and NumPy's on all else."""

    __slots__ = ()

    line: Line

    def _do_to(self, call: Call, args: Any, kwargs: dict[str, Any]) -> Any:
        """Write down a call."""
        raise NotImplementedError

    def _become(self, value: Any) -> Any:
        """Move on to a value."""
        raise NotImplementedError

    __add__, __radd__, __iadd__ = _infixes(np.add, operator.add)
    __sub__, __rsub__, __isub__ = _infixes(np.subtract, operator.sub)
    __mul__, __rmul__, __imul__ = _infixes(np.multiply, operator.mul)
    __truediv__, __rtruediv__, __itruediv__ = _infixes(np.divide, operator.truediv)
    __pow__, __rpow__, __ipow__ = _infixes(np.power, operator.pow)
    __matmul__, __rmatmul__, __imatmul__ = _infixes(np.matmul)
    __floordiv__, __rfloordiv__, __ifloordiv__ = _infixes(np.floor_divide, operator.floordiv)
    __mod__, __rmod__, __imod__ = _infixes(np.remainder, operator.mod)
    __and__, __rand__, __iand__ = _infixes(np.bitwise_and)
    __or__, __ror__, __ior__ = _infixes(np.bitwise_or)
    __xor__, __rxor__, __ixor__ = _infixes(np.bitwise_xor)
    __lt__ = _infix(np.less)
    __le__ = _infix(np.less_equal)
    __gt__ = _infix(np.greater)
    __ge__ = _infix(np.greater_equal)
    __eq__ = _infix(np.equal)
    __ne__ = _infix(np.not_equal)
    __hash__ = object.__hash__

    def __neg__(self: Any) -> Any:
        if _is_number(self):
            return self._do_to(Number(operator.neg, "-"), (self,), {})
        return np.negative(self)

    def __abs__(self: Any) -> Any:
        return np.abs(self)

    def __invert__(self: Any) -> Any:
        return np.invert(self)

    def __pos__(self: Any) -> Any:
        return self
