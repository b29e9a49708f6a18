"""State dicts of an optimizer: flat, with dotted names, arrays and numbers only."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from typing import Any

import numpy as np

from ..errors import StateError, seen

__all__ = ["fitted", "under", "with_prefix"]


def with_prefix(prefix: str, state: Mapping[str, Any]) -> dict[str, Any]:
    """`state` with `prefix.` before each name.

    Examples
    --------
    >>> with_prefix("0", {"steps": 3})
    {'0.steps': 3}
    """
    return {f"{prefix}.{name}": value for name, value in state.items()}


def under(prefix: str, state: Mapping[str, Any]) -> dict[str, Any]:
    """The part of `state` whose names begin with `prefix.`, without it.

    Examples
    --------
    >>> under("0", {"0.steps": 3, "1.steps": 4})
    {'steps': 3}
    """
    start = f"{prefix}."
    return {
        name.removeprefix(start): value for name, value in state.items() if name.startswith(start)
    }


def fitted(owner: str, own: Mapping[str, Any], state: Mapping[str, Any]) -> dict[str, Any]:
    """The entries of `state` in the shapes, dtypes and kinds of `own`, arrays as copies.

    Raises
    ------
    StateError
        If an entry is missing, unexpected or does not fit; each is named.

    Examples
    --------
    >>> fitted("SGD", {"0.velocity": np.zeros(2)}, {"0.velocity": [1, 2]})
    {'0.velocity': array([1., 2.])}
    """
    if not isinstance(state, Mapping):
        raise StateError(
            f"{owner}: {seen(state)} is no state.\n  Pass what state_dict() returned, a dict."
        )
    shapes = {name: (np.shape(state[name]), np.shape(own[name])) for name in own if name in state}
    faults = [
        *(f"missing     {name}" for name in own if name not in state),
        *(f"unexpected  {name}" for name in state if name not in own),
        *(f"misshapen   {name} is {a}, and here {b}" for name, (a, b) in shapes.items() if a != b),
        *(
            f"unfit       {name} is {state[name]!r}"
            for name, (a, b) in shapes.items()
            if a == b and not _fits(name, own[name], state[name])
        ),
    ]
    if faults:
        raise StateError(
            f"{owner}: the state dict does not fit, and nothing has been changed.\n  "
            + "\n  ".join(faults)
            + "\n  Build it as it was: if it is an optimizer, with the same rule,"
            "\n  and over the same parameters in the same order."
        )
    return {name: _like(own[name], state[name]) for name in own}


def _fits(name: str, own: Any, value: Any) -> bool:
    """Whether a value is of the kind of our own, and not below 0 where it counts or is a rate."""
    if np.asarray(value).dtype.kind not in ("iu" if isinstance(own, int) else "iuf"):
        return False
    is_rate = isinstance(own, float) and name.endswith("learning_rate")
    return bool(0 <= value < inf) if is_rate or isinstance(own, int) else True


def _like(own: Any, value: Any) -> Any:
    return np.array(value, own.dtype) if isinstance(own, np.ndarray) else type(own)(value)
