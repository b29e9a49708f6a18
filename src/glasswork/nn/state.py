"""The state of a network: every value that it learned or keeps, by path."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from ..errors import StateError, seen
from ..tensor import Tensor
from .tree import Tree, walk

__all__ = ["entries", "load", "named"]


def named(tree: Tree, kind: type[Any]) -> Iterator[tuple[str, Any]]:
    """Whatever on a tree is of this kind, with its path."""
    return ((path, node) for path, node in walk(tree) if isinstance(node, kind))


def entries(tree: Tree) -> dict[str, Tensor]:
    """The parameters and buffers of a tree by their paths."""
    found: dict[str, Tensor] = {}
    for path, tensor in named(tree, Tensor):
        if path in found:
            raise StateError(
                f"state: two tensors have the path {path!r}.\n"
                f"  Their shapes are {found[path].shape} and {tensor.shape}.\n"
                "  Rename one: a key of a dict with a dot in it reads like a path."
            )
        found[path] = tensor
    return found


def load(tree: Tree, state: Mapping[str, Any]) -> None:
    """Put the values of `state` into the tensors of a tree; change nothing if any does not fit."""
    if not isinstance(state, Mapping):
        raise StateError(
            f"load_state_dict: {seen(state)} is no state.\n"
            "  Pass what state_dict() returned: a dict of arrays by their paths."
        )
    targets = entries(tree)
    values = {path: _array(value) for path, value in state.items()}
    _refuse(_misfits(targets, values))
    casts = {path: _cast(values[path], target.dtype) for path, target in targets.items()}
    _refuse(
        f"unfit       {path} has values that {target.dtype} has not"
        for path, target in targets.items()
        if casts[path] is None
    )
    for path, target in targets.items():
        target.els = casts[path]


def _array(value: Any) -> np.ndarray:
    """The elements of a value: objects, where its rows are of unequal length."""
    try:
        return np.asarray(getattr(value, "els", value))
    except ValueError:
        return np.empty(len(value), object)


def _cast(value: np.ndarray, dtype: np.dtype[Any]) -> Any:
    """A copy in this dtype, or None where a number is too large for it."""
    with np.errstate(over="raise", invalid="raise", under="ignore"):
        try:
            return value.astype(dtype)
        except FloatingPointError:
            return None


def _misfits(targets: Mapping[str, Tensor], values: Mapping[str, np.ndarray]) -> list[str]:
    return [
        *(f"missing     {path} {t.shape}" for path, t in targets.items() if path not in values),
        *(f"unexpected  {path} {v.shape}" for path, v in values.items() if path not in targets),
        *(
            f"misshapen   {path} is {values[path].shape}, and here {target.shape}"
            for path, target in targets.items()
            if path in values and values[path].shape != target.shape
        ),
        *(
            f"no numbers  {path} is {value.dtype}"
            for path, value in values.items()
            if value.dtype.kind not in "fiub"
        ),
    ]


def _refuse(faults: Iterable[str]) -> None:
    """Raise, if there are faults."""
    if named := list(faults):
        raise StateError(
            "load_state_dict: the state does not fit the module, which has not been changed.\n  "
            + "\n  ".join(named)
            + "\n  Build the module as it was when the state was taken from it."
        )
