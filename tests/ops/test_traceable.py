"""Forwards and rules look at no value: they run on things that only say what is done to them.

The same calls then make a program that holds for every batch of the same shapes.
"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np
import pytest

from .cases import CASES
from .test_every_op import DIFFERENTIABLE, like, wanted


class Opaque:
    """An array whose values nobody may see: it knows its shape and what is done to it."""

    def __init__(self, array: Any) -> None:
        self._array = np.asarray(array)
        self.shape, self.ndim, self.size = array.shape, array.ndim, array.size
        self.dtype = array.dtype

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        return wrapped(getattr(ufunc, method)(*opened(inputs), **kwargs))

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        return wrapped(function(*opened(args), **kwargs))

    @staticmethod
    def __op__(op: Any, inputs: tuple[Any, ...], params: dict[str, Any]) -> Any:
        return wrapped(op.forward(*opened(inputs), **params))

    def __getitem__(self, key: Any) -> Any:
        return wrapped(self._array[opened(key)])

    T = property(lambda self: wrapped(self._array.T))
    mT = property(lambda self: wrapped(self._array.mT))  # noqa: N815 (NumPy's name)

    def _hidden(self, *args: Any) -> Any:
        raise AssertionError("a rule looked at a value, or wrote one")

    __bool__ = __float__ = __int__ = __index__ = __len__ = __iter__ = __array__ = _hidden
    __setitem__ = __iadd__ = __imul__ = item = tolist = _hidden


def opened(x: Any) -> Any:
    if isinstance(x, tuple | list):
        return type(x)(map(opened, x)) if type(x) in {tuple, list} else x
    return x._array if isinstance(x, Opaque) else x


def wrapped(x: Any) -> Any:
    return Opaque(x) if isinstance(x, np.ndarray | np.generic) else x


def _method(name: str) -> Any:
    return lambda self, *args, **params: wrapped(getattr(self._array, name)(*args, **params))


def _operator(op: Any) -> tuple[Any, Any]:
    return (
        lambda self, other: wrapped(op(self._array, opened(other))),
        lambda self, other: wrapped(op(opened(other), self._array)),
    )


for _name in ("astype", "reshape", "squeeze", "swapaxes", "transpose"):
    setattr(Opaque, _name, _method(_name))
for _name in ("neg", "abs", "invert"):
    setattr(Opaque, f"__{_name}__", _method(f"__{_name}__"))
for _name in ("add", "sub", "mul", "truediv", "pow", "matmul", "and_", "or_"):
    _left, _right = _operator(getattr(operator, _name))
    setattr(Opaque, f"__{_name.strip('_')}__", _left)
    setattr(Opaque, f"__r{_name.strip('_')}__", _right)
for _name in ("eq", "ne", "lt", "le", "gt", "ge"):
    setattr(Opaque, f"__{_name}__", _operator(getattr(operator, _name))[0])


# Those whose forward is one line of a program by itself: the transposes of indexing, which add in
# place, and random draws.
WHOLE = {"scatter", "scatter_along_axis", "uniform_like"}


@pytest.mark.parametrize("case", [c for c in CASES if c.name not in WHOLE], ids=str)
@np.errstate(all="ignore")
def test_a_forward_looks_at_no_value(case):
    inputs = case.inputs()
    traced = case.op.forward(*map(wrapped, inputs), **case.params)
    np.testing.assert_array_equal(opened(traced), case.op.forward(*inputs, **case.params))


@pytest.mark.parametrize("case", DIFFERENTIABLE, ids=str)
@np.errstate(all="ignore")
def test_a_rule_looks_at_no_value_and_gives_the_same_bits(case):
    inputs = case.inputs()
    y = np.asarray(case.op.forward(*inputs, **case.params))
    for position in wanted(case):
        for rules, seed in ((case.op.vjp, y), (case.op.jvp, inputs[position])):
            operands = [like(seed, 1), y, *inputs]
            traced = rules[position](*map(wrapped, operands), **case.params)
            expected = rules[position](*operands, **case.params)
            np.testing.assert_array_equal(opened(traced), expected)
