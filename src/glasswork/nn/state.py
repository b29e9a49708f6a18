"""The state of a network: every value that it learned or keeps, by path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from ..errors import StateError
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
    targets = entries(tree)
    values = {path: np.asarray(getattr(value, "els", value)) for path, value in state.items()}
    faults = [
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
    if faults:
        raise StateError(
            "load_state_dict: the state does not fit the module, which has not been changed.\n  "
            + "\n  ".join(faults)
            + "\n  Build the module as it was when the state was taken from it."
        )
    for path, target in targets.items():
        target.els = np.array(values[path], dtype=target.dtype)
