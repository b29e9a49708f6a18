"""What a function is called with: arrays and floats by name, and whatever holds them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import Parameter, signature
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..elements import elements_of
from ..errors import CompileError
from ..tensor import Tensor, leaf
from .scribe import stand_in
from .trace import Trace

__all__ = ["Arguments", "Kinds"]

Kinds = list[tuple[type, Any, Any]]


class Arguments:
    """The arguments of one call.

    Arrays, tensors, lists of numbers and floats may differ from call to call, in the same shape and
    dtype. All else (integers, words, None, …) is a part of the program.

    Attributes
    ----------
    values : dict of str to array or float
        What may differ.
    key : hashable
        Equal for calls that one program can answer.
    """

    def __init__(self, function: Callable[..., Any], args: Any, kwargs: dict[str, Any]) -> None:
        self.values: dict[str, Any] = {}
        names = _positions(function)
        named = [*names[: len(args)], *_further(function, len(args) - len(names))]
        self._args = [self._taken(name, value) for name, value in zip(named, args, strict=True)]
        self._kwargs = {name: self._taken(name, value) for name, value in kwargs.items()}
        self.key = (
            tuple((name, _kind(value)) for name, value in self.values.items()),
            _fixed(self._args),
            _fixed(self._kwargs),
        )

    def kinds(self) -> Kinds | None:
        """Type, shape and dtype of each, if all are arrays and floats that came by position."""
        plain = all(isinstance(x, _Varying) and not x.as_tensor for x in self._args)
        if self._kwargs or not plain:
            return None
        return [
            (type(x), x.shape, x.dtype) if isinstance(x, np.ndarray) else (type(x), None, None)
            for x in self.values.values()
        ]

    def described(self) -> str:
        """All values, as a reader wants to know them."""
        return ", ".join(
            f"{name} {value.shape} {value.dtype}" if isinstance(value, np.ndarray) else name
            for name, value in self.values.items()
        )

    def on_scribes(self, trace: Trace) -> tuple[list[Any], dict[str, Any]]:
        """The same arguments, with a Scribe in place of each array."""
        scribes = {
            name: stand_in(trace.argument(name, value), trace)
            for name, value in self.values.items()
        }
        return _given(self._args, scribes), _given(self._kwargs, scribes)

    def _taken(self, name: str, value: Any) -> Any:
        """The value, with a mark in place of whatever in it may differ from call to call."""
        varying = _varying(name, value)
        if varying is not None:
            self.values[name] = varying
            return _Varying(name, isinstance(value, Tensor))
        if isinstance(value, dict):
            return {key: self._taken(f"{name}_{key}", part) for key, part in value.items()}
        if type(value) is tuple or type(value) is list:
            return type(value)(self._taken(f"{name}_{i}", v) for i, v in enumerate(value))
        return value


class _Varying:
    """The place of a value that differs from call to call."""

    def __init__(self, name: str, as_tensor: bool) -> None:
        self.name = name
        self.as_tensor = as_tensor


def _given(value: Any, scribes: Mapping[str, Any]) -> Any:
    if isinstance(value, _Varying):
        return leaf(scribes[value.name]) if value.as_tensor else scribes[value.name]
    if isinstance(value, dict):
        return {key: _given(part, scribes) for key, part in value.items()}
    if type(value) is tuple or type(value) is list:
        return type(value)(_given(part, scribes) for part in value)
    return value


def _fixed(value: Any) -> Any:
    """What stays the same in all calls of a program, as something that can be compared."""
    if isinstance(value, _Varying):
        return value.name, value.as_tensor
    if isinstance(value, dict):
        return tuple((key, _fixed(part)) for key, part in value.items())
    if isinstance(value, tuple | list):
        return type(value), tuple(map(_fixed, value))
    try:
        hash(value)
    except TypeError:
        return id(value)
    return type(value), value


def _kind(value: Any) -> Any:
    return (value.shape, value.dtype) if isinstance(value, np.ndarray) else type(value)


def _varying(name: str, value: Any) -> NDArray[Any] | float | None:
    """What may differ from call to call: the elements, or the float. All else gives None."""
    if type(value) is float:
        return value
    if isinstance(value, Tensor):
        if value.requires_grad:
            raise CompileError(
                f"compile: the argument {name} is a tensor that requires a gradient.\n"
                "  A compiled step leaves gradients with the tensors that it finds in its own\n"
                "  surroundings. Pass the array, tensor.els, or use the tensor by its name."
            )
        return value.els
    if _is_of_numbers(value):
        return elements_of(value, None)
    if not isinstance(value, np.ndarray | np.generic):
        return None
    if value.dtype.kind not in "fiub":
        raise CompileError(
            f"compile: the argument {name} holds {value.dtype}, and programs compute with "
            "numbers.\n  Pass an array of floats, integers or booleans."
        )
    return np.asarray(value)


def _is_of_numbers(value: Any) -> bool:
    """Whether this is a list, perhaps of lists, of numbers."""
    if not isinstance(value, list):
        return False
    while isinstance(value, list) and value:
        value = value[0]
    return isinstance(value, int | float)


def _further(function: Callable[..., Any], n: int) -> list[str]:
    """Names for the arguments that a function takes by `*y`: y, or y_0, y_1, …"""
    found = (p.name for p in _parameters(function) if p.kind is p.VAR_POSITIONAL)
    name = next(found, "argument")
    return [name] if n == 1 else [f"{name}_{i}" for i in range(n)]


def _positions(function: Callable[..., Any]) -> list[str]:
    """The names of the parameters that can be passed by position."""
    placed = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    return [p.name for p in _parameters(function) if p.kind in placed]


def _parameters(function: Callable[..., Any]) -> list[Parameter]:
    """The parameters of a function; none of one that does not tell them."""
    try:
        return list(signature(function).parameters.values())
    except (TypeError, ValueError):
        return []
