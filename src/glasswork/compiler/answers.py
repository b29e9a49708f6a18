"""Answers: what is known at once when NumPy's functions take a Scribe, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .operators import Operators

__all__ = ["ANSWERS", "IN_PLACE", "WRITING", "rests_on_values"]

IN_PLACE = ("sort", "partition", "put", "resize")  # methods whose functions leave x as it is
WRITING = {
    np.copyto, np.place, np.put, np.putmask, np.put_along_axis, np.fill_diagonal, np.save, np.savez,
    np.savez_compressed, np.savetxt, np.array2string, np.array_repr, np.array_str,
}  # fmt: skip
_OF_ANY_SIZE = {
    np.unique, np.nonzero, np.flatnonzero, np.argwhere, np.extract, np.compress, np.trim_zeros,
    np.bincount, np.union1d, np.intersect1d, np.setdiff1d, np.setxor1d,
}  # fmt: skip
_COUNTED = {np.repeat, np.delete, np.insert}  # whose size rests on the second argument


def rests_on_values(function: Callable[..., Any], args: Any) -> bool:
    """Whether it rests on values how many elements the result has."""
    counted = function in _COUNTED and any(isinstance(x, Operators) for x in args[1:2])
    return function in _OF_ANY_SIZE or counted or (function is np.where and len(args) == 1)


def _values(args: Any) -> Any:
    """Arguments with the traced value of each Scribe."""
    if type(args) is tuple or type(args) is list:
        return type(args)(_values(part) for part in args)
    return args.line.value if isinstance(args, Operators) else args


def _about(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function that asks for nothing but shapes and dtypes: it has its answer now."""
    return lambda *args, **kwargs: function(*map(_values, args), **kwargs)


def _taken(x: Any, places: Any, axis: int | None) -> Any:
    """`np.take`, as an index."""
    self: Any = x if isinstance(x, Operators) else places
    x = self.of(x, self._trace)
    return x.reshape(-1)[places] if axis is None else x[(*(slice(None),) * axis, places)]


ANSWERS: dict[Callable[..., Any], Callable[..., Any]] = {
    function: _about(function)
    for function in (
        np.shape, np.ndim, np.size, np.result_type, np.zeros_like, np.ones_like,
        np.iscomplexobj, np.broadcast_shapes,
    )
} | {
    np.reshape: lambda x, shape: x.reshape(shape),
    np.transpose: lambda x, axes=None: x.transpose(axes),
    np.swapaxes: lambda x, axis1, axis2: x.swapaxes(axis1, axis2),
    np.squeeze: lambda x, axis=None: x.squeeze(axis),
    np.expand_dims: lambda x, axis: x.reshape(np.expand_dims(x.line.value, axis).shape),
    np.copy: lambda x: x.copy(),
    np.take: lambda x, places, axis=None: _taken(x, places, axis),
}  # fmt: skip
