"""Homes: the parameters of an optimizer side by side in one vector, so that a rule is a few calls.

Parameters, gradients and each thing that the rule remembers have one vector; what each parameter
has of it is a view. So `parameter.els` is always current, and whoever puts another array in its
place is noticed, and the array copied back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..elements import aligned
from ..optim.lanes import Slot

__all__ = ["Home", "home_of"]


class Home:
    """The vectors of some parameters of one dtype, in this order.

    Attributes
    ----------
    parameters, gradients : (n,)
        All elements of all parameters, and of their gradients.
    memories : list of (n,)
        What the rule remembers.
    host : (Home, int) or None
        Where the one parameter lives, and in which place, if another optimizer moves it too: only
        the memories are here.
    """

    def __init__(self, slots: Sequence[Slot], host: tuple[Home, int] | None = None) -> None:
        self.slots, self.host = tuple(slots), host
        tensors = [slot.tensor for slot in slots]
        dtype = tensors[0].dtype
        sizes = [tensor.size for tensor in tensors]
        self.starts = [sum(sizes[:i]) for i in range(len(sizes) + 1)]
        self.memories = [aligned((sum(sizes),), dtype) for _ in slots[0].memory]
        self.names = slots[0].names
        self.shapes = [tensor.shape for tensor in tensors]
        if host is None:
            self.parameters, self.gradients = (aligned((sum(sizes),), dtype) for _ in range(2))
            self.els, self.grads = self._views(self.parameters), self._views(self.gradients)
        else:
            home, i = host
            self.els, self.grads = [home.els[i]], [home.grads[i]]
            self.parameters, self.gradients = self.els[0].reshape(-1), self.grads[0].reshape(-1)
        remembered = [self._views(memory) for memory in self.memories]
        self.remembered = [list(views) for views in zip(*remembered, strict=True)] or [
            [] for _ in slots
        ]
        for slot in slots:
            slot.home = self
        self.move_in()

    def is_for(self, slots: Sequence[Slot], host: tuple[Home, int] | None) -> bool:
        """Whether this is the home of exactly these, as they are now."""
        tensors = [slot.tensor for slot in slots]
        return (
            self.slots == tuple(slots)
            and self.host == host
            and self.shapes == [tensor.shape for tensor in tensors]
            and all(tensor.dtype == self.parameters.dtype for tensor in tensors)
        )

    def move_in(self) -> None:
        """Copy what is not in these vectors into them, and leave views in its place."""
        for i, slot in enumerate(self.slots):
            tensor = slot.tensor
            if tensor._els is not self.els[i]:
                self.els[i][...] = tensor._els
                tensor._els = self.els[i]
            if slot.memory is not self.remembered[i]:
                for view, array in zip(self.remembered[i], slot.memory, strict=True):
                    view[...] = array
                slot.memory = self.remembered[i]

    def vectors(self) -> Iterator[tuple[str, NDArray[Any]]]:
        """Each vector of its own, after what it holds."""
        if self.host is None:
            yield "parameters", self.parameters
            yield "gradients", self.gradients
        yield from zip(self.names, self.memories, strict=True)

    def _views(self, vector: NDArray[np.floating]) -> list[NDArray[np.floating]]:
        return [
            vector[start : start + prod(shape)].reshape(shape)
            for start, shape in zip(self.starts[:-1], self.shapes, strict=True)
        ]


def home_of(slots: Sequence[Slot], host: tuple[Home, int] | None = None) -> Home:
    """The home of exactly these, in this order: the one that they have, or a new one."""
    home: Home | None = slots[0].home
    return home if home is not None and home.is_for(slots, host) else Home(slots, host)
