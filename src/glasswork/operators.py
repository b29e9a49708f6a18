"""The operators of a tensor, and the methods that are ops of one input: by the fast recorders."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .numpy_protocol import UFUNCS, ufunc_protocol
from .ops import OPS
from .tape import Entry, binary, unary

__all__ = ["add_operators"]

_METHODS = ("relu", "sigmoid", "tanh", "exp", "log", "sqrt", "square")
_OPERATORS = {
    "neg": np.negative,
    "abs": np.abs,
    "invert": np.invert,
    "lt": np.less,
    "le": np.less_equal,
    "gt": np.greater,
    "ge": np.greater_equal,
    "eq": np.equal,
    "ne": np.not_equal,
}
_REFLECTED = {
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "truediv": np.divide,
    "pow": np.power,
    "matmul": np.matmul,
    "and": np.bitwise_and,
    "or": np.bitwise_or,
}


def add_operators(kind: type[Entry], record: Callable[..., Any]) -> None:
    """Give the class `kind` its operators and ufuncs, and `record` to all other ops."""
    kind.__op__ = staticmethod(record)
    for method in _METHODS:
        setattr(kind, method, unary(OPS[method], kind))
    recorders = {ufunc: _recorder(ufunc, kind, record) for ufunc in UFUNCS}
    kind.__array_ufunc__ = ufunc_protocol(recorders)
    for method, ufunc in (_OPERATORS | _REFLECTED).items():
        setattr(kind, f"__{method}__", recorders[ufunc])
    for method, ufunc in _REFLECTED.items():
        setattr(kind, f"__r{method}__", _reflected(recorders[ufunc]))


def _recorder(ufunc: np.ufunc, kind: type[Entry], record: Callable[..., Any]) -> Callable[..., Any]:
    op = UFUNCS[ufunc]
    if not op.differentiable:
        return lambda *inputs: record(op, inputs, {})
    return unary(op, kind) if ufunc.nin == 1 else binary(op, kind)


def _reflected(record: Callable[..., Any]) -> Callable[[Any, Any], Any]:
    """`other op self`, where `other` is not a tensor."""
    return lambda self, other: record(other, self)
