"""NumPy's own functions on tensors: which op answers, and what to say where none does.

NumPy hands a call that any tensor takes part in to `Tensor.__array_ufunc__` (np.tanh, array + t) or
`Tensor.__array_function__` (np.concatenate, np.where), and these hand it on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from . import functional as F
from .errors import GlassworkError, UnsupportedError
from .ops import OPS, Op
from .tape import Entry

__all__ = ["INSTEAD", "UFUNCS", "call_function", "ufunc_protocol"]

UFUNCS: dict[np.ufunc, Op] = {
    getattr(np, name): op
    for name, op in OPS.items()
    if isinstance(getattr(np, name, None), np.ufunc)
}
_REDUCTIONS = {np.add: OPS["sum"], np.maximum: OPS["max"], np.minimum: OPS["min"]}
# What to write where tensors do not take a function: an expression, and after ; when it holds.
INSTEAD = {
    "add.accumulate": "np.cumsum(t, axis)",
    "all": "np.all(t.els, axis)",
    "allclose": "np.allclose(a.els, b.els)",
    "any": "np.any(t.els, axis)",
    "append": "np.concatenate([a, b], axis)",
    "array": "np.stack([a, b])",
    "array_equal": "np.array_equal(a.els, b.els)",
    "average": "np.sum(t * weights, axis) / np.sum(weights, axis); weights in the shape of t",
    "ceil": "-np.floor(-t)",
    "copy": "t.detach()",
    "copyto": "np.where(mask, value, t); it is a new tensor",
    "cosh": "(np.exp(t) + np.exp(-t)) / 2",
    "diff": "t[..., 1:] - t[..., :-1]; along the last axis",
    "exp2": "2.0 ** t",
    "float_power": "a.astype(np.float64) ** b",
    "floor_divide": "a.els // b.els; it has no gradient",
    "fmax": "np.where(np.isnan(a) | (b > a), b, a)",
    "fmin": "np.where(np.isnan(a) | (b < a), b, a)",
    "hstack": "np.concatenate([a, b], axis=min(a.ndim, 2) - 1)",
    "hypot": "np.sqrt(a * a + b * b)",
    "inner": "np.dot(a, b.mT if b.ndim > 1 else b)",
    "isclose": "np.isclose(a.els, b.els)",
    "log10": "np.log(t) / math.log(10)",
    "log2": "np.log(t) / math.log(2)",
    "logaddexp": "glasswork.functional.logsumexp(np.stack([a, b]), axis=0); of equal shapes",
    "moveaxis": "np.transpose(t, axes)",
    "multiply.outer": "a.reshape(*a.shape, *[1] * b.ndim) * b",
    "multiply.reduce": "np.exp(np.sum(np.log(t), axis)); for positive elements",
    "outer": "a.reshape(-1, 1) * b.reshape(-1)",
    "positive": "t",
    "prod": "np.exp(np.sum(np.log(t), axis)); for positive elements",
    "put": "np.where(mask, value, t); it is a new tensor",
    "ravel": "t.reshape(-1)",
    "reciprocal": "1 / t",
    "remainder": "a - b * (a.els // b.els); for finite b",
    "repeat": "np.take(t, np.repeat(np.arange(np.size(t, axis)), n), axis)",
    "roll": "np.take(t, np.roll(np.arange(np.size(t, axis)), n), axis).reshape(t.shape)",
    "sinh": "(np.expm1(t) - np.expm1(-t)) / 2",
    "sort": "np.take_along_axis(t, np.argsort(t, axis), axis)",
    "tan": "np.sin(t) / np.cos(t)",
    "tensordot": "np.einsum('ijk,jkl', a, b); for axes=2 of three axes each",
    "tile": "np.concatenate([t] * n, axis=-1); for a whole number n",
    "trace": "np.einsum('ii...', t); of square matrices",
    "vdot": "np.dot(a.reshape(-1), b.reshape(-1))",
    "vstack": "np.concatenate([a, b]) if a.ndim > 1 else np.stack([a, b]); of one axis or more",
}


def ufunc_protocol(recorders: Mapping[np.ufunc, Callable[..., Any]]) -> Callable[..., Any]:
    """The method that answers `ufunc(*inputs)` where any input is a tensor."""

    def answer(self: Any, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        if ufunc in recorders and method == "__call__" and not kwargs:
            return recorders[ufunc](*inputs)
        return _other_use(ufunc, method, inputs, kwargs)

    return answer


def _other_use(ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], kwargs: Any) -> Any:
    """Answer `ufunc.reduce(input)`, or tell why there is no answer."""
    if method == "reduce" and ufunc in _REDUCTIONS and kwargs.keys() <= {"axis", "keepdims"}:
        return _REDUCTIONS[ufunc](*inputs, **{"axis": 0, **kwargs})
    name = ufunc.__name__ if method == "__call__" else f"{ufunc.__name__}.{method}"
    if method == "at" or "out" in kwargs:
        raise UnsupportedError(
            f"np.{name}{'' if method == 'at' else '(out=...)'}: tensors are not written in place, "
            "for the tape holds their values.\n"
            "  Take the tensor that the function returns; np.where(mask, a, b) replaces elements."
        )
    if "where" in kwargs:
        raise UnsupportedError(
            f"np.{name}(where=...): the elements left out would have no value.\n"
            "  np.where(mask, a, b) chooses between two."
        )
    known = ufunc in UFUNCS if method == "__call__" else method == "reduce" and ufunc in _REDUCTIONS
    raise _without(name, kwargs) if known else _unsupported(name)


def call_function(function: Callable[..., Any], args: Any, kwargs: Any) -> Any:
    """Answer a NumPy function that is no ufunc, such as `np.concatenate`."""
    answer = _FUNCTIONS.get(function)
    if answer is None:
        module = (function.__module__ or "numpy").removeprefix("numpy").lstrip(".")
        raise _unsupported(f"{module}.{function.__name__}".lstrip("."))
    try:
        return answer(*args, **kwargs)
    except TypeError as error:
        if isinstance(error, GlassworkError):
            raise
        raise _miscalled(function.__name__, error) from None


def _unsupported(name: str) -> UnsupportedError:
    instead = f"  Use {INSTEAD[name]}.\n" if name in INSTEAD else ""
    return UnsupportedError(
        f"np.{name}: tensors do not take this NumPy function.\n{instead}"
        "  It works on the elements, without a gradient: pass t.els.\n"
        "  glasswork.functional lists what is differentiable; docs/extending.md adds an op."
    )


def _without(name: str, kwargs: Any) -> UnsupportedError:
    given = ", ".join(f"{key}=" for key in kwargs)
    return UnsupportedError(
        f"np.{name}: tensors do not take {given}.\n"
        "  Leave it away; t.astype(dtype) changes the dtype."
    )


def _miscalled(name: str, error: TypeError) -> UnsupportedError:
    mine = f"glasswork.functional.{name}"
    shown = f"{mine}{F.signature(OPS[name])}" if name in OPS else mine
    return UnsupportedError(
        f"np.{name}: tensors do not take it with these arguments.\n  {error}\n"
        f"  What there is: {shown}."
    )


def _reduction(reduce: Callable[..., Any]) -> Callable[..., Any]:
    """`reduce` in NumPy's form, whose third argument by position is not keepdims."""

    def answer(a: Any, axis: Any = None, **params: Any) -> Any:
        return reduce(a, axis=axis, **params)

    answer.__qualname__ = reduce.__name__
    return answer


def _clip(a: Any, a_min: Any = None, a_max: Any = None, *, min: Any = None, max: Any = None) -> Any:
    return F.clip(a, a_min if min is None else min, a_max if max is None else max)


def _pad(array: Any, pad_width: Any, mode: Any = "constant", *, constant_values: Any = 0) -> Any:
    if mode != "constant":
        raise UnsupportedError(
            f"np.pad: tensors take mode='constant' alone; this is {mode!r}.\n"
            "  Other borders are np.concatenate([...]) of parts of the tensor."
        )
    return F.pad(array, pad_width, constant_values)


def _norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    matrix = x.ndim > 1 if axis is None else isinstance(axis, tuple)
    if matrix and ord not in (None, "fro"):
        raise UnsupportedError(
            f"np.linalg.norm(ord={ord!r}) of a matrix: tensors have norms of vectors alone.\n"
            "  Name one axis, or leave ord away for the root of the sum of the squares."
        )
    return F.norm(x, 2 if ord in (None, "fro") else ord, axis, keepdims)


def _shaped_like(fill: Callable[..., Any]) -> Callable[..., Any]:
    """An array (no tensor: it has no gradient) in the shape and dtype of a tensor."""
    return lambda x, *args, **kwargs: fill(x._els, *args, **kwargs)


_FUNCTIONS: dict[Callable[..., Any], Callable[..., Any]] = {
    getattr(np, name): getattr(F, name)
    for name in (*OPS, "dot", "split", "take")
    if hasattr(np, name) and hasattr(F, name) and not isinstance(getattr(np, name), np.ufunc)
}
_FUNCTIONS |= {
    getattr(np, name): _reduction(getattr(F, name))
    for name in ("sum", "mean", "max", "min", "var", "std", "argmax", "argmin")
}
_FUNCTIONS |= {getattr(np, name): _shaped_like(getattr(np, name)) for name in (
    "zeros_like", "ones_like", "full_like", "empty_like",
)}  # fmt: skip
_FUNCTIONS |= {
    np.amax: _reduction(F.max),
    np.amin: _reduction(F.min),
    np.clip: _clip,
    np.linalg.norm: _norm,
    np.matrix_transpose: lambda x: F.swapaxes(x, -1, -2),
    np.pad: _pad,
    np.shape: lambda x: x.shape,
    np.ndim: lambda x: x.ndim,
    np.size: lambda x, axis=None: x.size if axis is None else x.shape[axis],
    np.result_type: lambda *xs: np.result_type(
        *(x._els if isinstance(x, Entry) else x for x in xs)
    ),
}
