"""The generators that a training draws from: found where they are kept, and brought back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from types import ModuleType
from typing import Any

import numpy as np

from ..nn.module import Module
from ..randomness import generator

__all__ = ["generators", "restore", "states"]


def generators(sources: Mapping[str, object]) -> dict[str, np.random.Generator]:
    """The default generator of this thread, and those that the sources keep, by their places.

    Looked through are the attributes of a source, those of what these attributes hold, and for a
    module those of everything below it.

    Examples
    --------
    >>> from glasswork.nn import Dropout, Sequential
    >>> list(generators({"model": Sequential(Dropout(rng=0), Dropout())}))
    ['default', 'model.0._rng']
    """
    found = {"default": generator()}
    for name, source in sources.items():
        if isinstance(source, Module):
            for path, part in source.named_modules():
                found |= _held(part, f"{name}.{path}" if path else name, depth=1)
        else:
            found |= _held(source, name, depth=3)
    return found


def states(sources: Mapping[str, object]) -> dict[str, Any]:
    """The state of each generator, as its bit generator has it."""
    return {name: each.bit_generator.state for name, each in generators(sources).items()}


def restore(sources: Mapping[str, object], known: Mapping[str, Any]) -> None:
    """Set generators back to the states that are known of them."""
    for name, each in generators(sources).items():
        if name in known:
            each.bit_generator.state = known[name]


def _held(value: object, place: str, depth: int) -> Iterator[tuple[str, np.random.Generator]]:
    if isinstance(value, np.random.Generator):
        yield place, value
    elif isinstance(value, partial):  # as Batches keep a source of samples
        for position, part in enumerate(value.args):
            yield from _held(part, f"{place}.{position}", depth)
    elif depth and not isinstance(value, type | ModuleType):
        for name, part in getattr(value, "__dict__", {}).items():
            yield from _held(part, f"{place}.{name}", depth - 1)
