"""Mathematics: each operation is one record, and `OPS` is the list of them all."""

from __future__ import annotations

from . import (
    activations,
    arithmetic,
    comparisons,
    erf,
    indexing,
    likelihood,
    products,
    randoms,
    reductions,
    shapes,
)
from .op import Each, Op, elementwise, general, linear, unbroadcast

__all__ = ["OPS", "Each", "Op", "elementwise", "general", "linear", "unbroadcast"]

OPS: dict[str, Op] = {
    value.name: value
    for module in (
        arithmetic,
        activations,
        erf,
        reductions,
        shapes,
        indexing,
        products,
        likelihood,
        comparisons,
        randoms,
    )
    for value in vars(module).values()
    if isinstance(value, Op)
}
