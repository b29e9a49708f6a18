"""The operators of a tensor, and the methods that are ops of one input: by the fast recorders."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .ops import OPS, Op
from .tape import Entry, binary, unary

__all__ = ["add_operators"]

_METHODS = ("relu", "sigmoid", "tanh", "exp", "log", "sqrt", "square")
_UNARY = {"neg": "negative", "abs": "abs"}
_BINARY = {
    "add": "add",
    "sub": "subtract",
    "mul": "multiply",
    "truediv": "divide",
    "pow": "power",
    "matmul": "matmul",
}
_QUESTIONS = {
    "lt": "less",
    "le": "less_equal",
    "gt": "greater",
    "ge": "greater_equal",
    "eq": "equal",
    "ne": "not_equal",
    "and": "bitwise_and",
    "or": "bitwise_or",
    "invert": "invert",
}


def add_operators(kind: type[Entry], record: Callable[..., Any]) -> None:
    """Give the class `kind` its operators, and `record` to the ops that are called with it."""
    kind.__op__ = staticmethod(record)
    for method in _METHODS:
        setattr(kind, method, unary(OPS[method], kind))
    for method, name in _UNARY.items():
        setattr(kind, f"__{method}__", unary(OPS[name], kind))
    for method, name in _BINARY.items():
        setattr(kind, f"__{method}__", binary(OPS[name], kind))
        setattr(kind, f"__r{method}__", _reflected(OPS[name], record))
    for method, name in _QUESTIONS.items():
        setattr(kind, f"__{method}__", _asked(OPS[name], record))
    for method in ("and", "or"):
        setattr(kind, f"__r{method}__", _reflected(OPS[_QUESTIONS[method]], record))


def _asked(op: Op, record: Callable[..., Any]) -> Callable[..., Any]:
    """`self op others`, for an op without a gradient."""
    return lambda self, *others: record(op, (self, *others), {})


def _reflected(op: Op, record: Callable[..., Any]) -> Callable[[Any, Any], Any]:
    """`other op self`, where `other` is not a tensor."""
    return lambda self, other: record(op, (other, self), {})
