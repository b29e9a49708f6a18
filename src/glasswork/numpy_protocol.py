"""NumPy's own functions on tensors: which op answers, and what to say where none does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np

from . import functional as F
from .errors import UnsupportedError
from .ops import OPS, Op
from .tape import Entry

__all__ = ["call_function", "call_ufunc"]

_UFUNCS: dict[np.ufunc, Op] = {
    getattr(np, name): op
    for name, op in OPS.items()
    if isinstance(getattr(np, name, None), np.ufunc)
}
_REDUCTIONS = {np.add: OPS["sum"], np.maximum: OPS["max"], np.minimum: OPS["min"]}
_INSTEAD = {
    "log2": "np.log(t) / np.log(2)",
    "log10": "np.log(t) / np.log(10)",
    "exp2": "2 ** t",
    "reciprocal": "1 / t",
    "logaddexp": "glasswork.functional.logsumexp(np.stack([a, b]), axis=0)",
    "tan": "np.sin(t) / np.cos(t)",
    "prod": "np.exp(np.sum(np.log(t)))",
    "array": "np.stack([...])",
    "allclose": "np.allclose(t.els, ...)",
    "array_equal": "np.array_equal(t.els, ...)",
    "isclose": "np.isclose(t.els, ...)",
    "append": "np.concatenate([...])",
    "vstack": "np.concatenate([...])",
    "hstack": "np.concatenate([...], axis=1)",
    "tensordot": "np.einsum(...)",
    "inner": "np.einsum(...)",
    "outer": "a[:, None] * b",
    "copyto": "a new tensor, made by np.where(mask, value, t)",
    "put": "a new tensor, made by np.where(mask, value, t)",
}


def call_ufunc(ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], kwargs: Any) -> Any:
    """Answer `ufunc(*inputs)` or `ufunc.reduce(input)` where any input is a tensor."""
    if "out" in kwargs or "where" in kwargs:
        named = "out" if "out" in kwargs else "where"
        raise UnsupportedError(
            f"np.{ufunc.__name__}({named}=...): tensors are not written in place.\n"
            f"  Leave {named}= away; np.where(mask, a, b) chooses between elements."
        )
    if method == "__call__" and ufunc in _UFUNCS and not kwargs:
        return _UFUNCS[ufunc](*inputs)
    if method == "reduce" and ufunc in _REDUCTIONS and set(kwargs) <= {"axis", "keepdims"}:
        x, *axis = inputs
        return _REDUCTIONS[ufunc](x, **{"axis": axis[0] if axis else 0, **kwargs})
    shown = ufunc.__name__ if method == "__call__" else f"{ufunc.__name__}.{method}"
    _refuse(shown, ufunc.__name__)


def call_function(function: Callable[..., Any], args: Any, kwargs: Any) -> Any:
    """Answer a NumPy function that is no ufunc, such as `np.concatenate`."""
    answer = _FUNCTIONS.get(function)
    if answer is None:
        _refuse(function.__name__, function.__name__)
    return answer(*args, **kwargs)


def _refuse(shown: str, name: str) -> NoReturn:
    instead = _INSTEAD.get(name)
    raise UnsupportedError(
        f"np.{shown}: tensors do not take this NumPy function.\n"
        + (f"  Use {instead}.\n" if instead else "")
        + "  It works on the elements, without a gradient: pass tensor.els.\n"
        "  glasswork.functional lists what is differentiable; docs/extending.md adds an op."
    )


def _norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    if np.ndim(x) > 1 and (axis is None or isinstance(axis, tuple)) and ord not in (None, "fro"):
        _refuse("linalg.norm of a matrix", "norm")
    return F.norm(x, 2 if ord in (None, "fro") else ord, axis, keepdims)


def _flat_like(fill: Callable[..., Any]) -> Callable[..., Any]:
    """An array (no tensor: it has no gradient) in the shape and dtype of a tensor."""
    return lambda x, *args, **kwargs: fill(x._els, *args, **kwargs)


_FUNCTIONS: dict[Callable[..., Any], Callable[..., Any]] = {
    getattr(np, name): getattr(F, name)
    for name in F.__all__
    if hasattr(np, name) and not isinstance(getattr(np, name), np.ufunc)
}
_FUNCTIONS |= {
    np.amax: F.max,
    np.amin: F.min,
    np.linalg.norm: _norm,
    np.pad: lambda x, width, mode="constant", constant_values=0: F.pad(x, width, constant_values),
    np.shape: lambda x: x.shape,
    np.ndim: lambda x: x.ndim,
    np.size: lambda x: x.size,
    np.zeros_like: _flat_like(np.zeros_like),
    np.ones_like: _flat_like(np.ones_like),
    np.full_like: _flat_like(np.full_like),
    np.result_type: lambda *xs: np.result_type(
        *(x._els if isinstance(x, Entry) else x for x in xs)
    ),
}
