"""How a module was made: the arguments of its constructor that it kept."""

from __future__ import annotations

from inspect import Parameter, signature
from typing import Any

import numpy as np

from .tree import nodes

__all__ = ["configuration", "described"]

LONGEST = 60  # characters of one argument that are shown


def configuration(made: object) -> dict[str, Any]:
    """The constructor's arguments that are attributes of the same name, in their order.

    Examples
    --------
    >>> class Scale:
    ...     def __init__(self, factor, rng=None):
    ...         self.factor = factor
    >>> configuration(Scale(2.0))
    {'factor': 2.0}
    """
    return {name: getattr(made, name) for name in _arguments(made)}


def described(made: object) -> str:
    """The call that would make it again, without what is at its default.

    Arguments that are modules are left out: a picture of the tree shows them as branches.

    Examples
    --------
    >>> class Scale:
    ...     def __init__(self, factor, offset=0.0, power=1.0):
    ...         self.factor, self.offset, self.power = factor, offset, power
    >>> described(Scale(2.0, power=3.0))
    'Scale(2.0, power=3.0)'
    """
    shown = []
    for name, argument in _arguments(made).items():
        value = getattr(made, name)
        if argument.kind is Parameter.VAR_POSITIONAL or any(nodes(value)):
            continue
        if argument.default is Parameter.empty:
            shown.append(_shown(value))
        elif getattr(value, "ndim", 0) or value != argument.default:
            shown.append(f"{name}={_shown(value)}")
    return f"{type(made).__name__}({', '.join(shown)})"


def _arguments(made: object) -> dict[str, Parameter]:
    arguments = signature(type(made)).parameters
    return {name: argument for name, argument in arguments.items() if hasattr(made, name)}


def _shown(value: object) -> str:
    if isinstance(value, np.dtype):
        return value.name
    shown = f"array of {value.shape}" if isinstance(value, np.ndarray) else repr(value)
    return shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 1]}…"
