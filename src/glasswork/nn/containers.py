"""Containers: modules that hold other modules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .module import Module

__all__ = ["Sequential"]


class Sequential(Module):
    """One module after the other: y = fₙ(… f₂(f₁(x))).   (article: Blocks)

    Parameters
    ----------
    *children : Module
        In the order in which they run.

    Examples
    --------
    >>> class Double(Module):
    ...     def forward(self, x):
    ...         return 2 * x
    >>> model = Sequential(Double(), Double(), Double())
    >>> model(np.array([1.0])).els
    array([8.])
    >>> len(model), model[1:](np.array([1.0])).els
    (3, array([4.]))
    """

    _runs_empty = True

    def __len__(self) -> int:
        return len(self.children)

    def __iter__(self) -> Iterator[Module]:
        return iter(self.children)

    def __getitem__(self, place: int | slice) -> Any:
        """The child at a place, or a Sequential of those in a slice, which share their values."""
        found = self.children[place]
        return Sequential(*found) if isinstance(found, tuple) else found
