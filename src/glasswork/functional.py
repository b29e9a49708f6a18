"""Every op as a function of tensors, made from `OPS`; arrays and lists in give arrays out.

The inputs come first, then the parameters by position or by name, as in NumPy. What takes a list
or a key, or gives a list, is written out below; `functional.pyi` holds all signatures.

>>> softmax(np.array([0.0, 0.0]))
array([0.5, 0.5])
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from inspect import Parameter, Signature
from itertools import pairwise
from string import ascii_letters
from typing import Any, SupportsIndex

import numpy as np

from .errors import OptionError, ShapeError, seen
from .limits import ITERABLE, WHOLE, checked
from .ops import OPS, Op
from .ops.checks import as_array, as_numbers, no_tensor
from .ops.indexing import Slot
from .ops.op import operand

_NOT_CALLED_BY_NAME = {"concatenate", "einsum", "getitem", "scatter", "scatter_along_axis", "stack"}


def signature(op: Op) -> Signature:
    """The signature of an op as a function: its inputs, then its parameters."""
    if isinstance(op.forward, np.ufunc):
        names = ["x"] if op.forward.nin == 1 else ["a", "b"]
        return Signature([Parameter(name, Parameter.POSITIONAL_ONLY) for name in names])
    return Signature(
        [
            p.replace(
                kind=Parameter.POSITIONAL_OR_KEYWORD
                if p.kind is Parameter.KEYWORD_ONLY
                else Parameter.POSITIONAL_ONLY,
                annotation=Parameter.empty,
            )
            for p in Signature.from_callable(op.forward).parameters.values()
        ]
    )


def _function(op: Op) -> Callable[..., Any]:
    shown = signature(op)
    inputs = [p.name for p in shown.parameters.values() if p.kind is Parameter.POSITIONAL_ONLY]
    names = [name for name in shown.parameters if name not in inputs]
    n = len(inputs)

    def function(*arguments: Any, **params: Any) -> Any:
        if len(arguments) > n:
            placed = dict(zip(names, arguments[n:], strict=False))
            if len(arguments) > n + len(placed) or placed.keys() & params.keys():
                by_name = f", and {', '.join(params)} by name" if params else ""
                raise TypeError(f"{op.name}{shown} was given {len(arguments)} arguments{by_name}.")
            return op(*arguments[:n], **placed, **params)
        if len(arguments) < n:
            raise TypeError(f"{op.name}{shown} takes {', '.join(inputs)} by position.")
        return op(*arguments, **params)

    function.__name__ = function.__qualname__ = op.name
    function.__doc__ = f"{op.equation}."
    function.__signature__ = shown  # type: ignore[attr-defined]
    return function


globals().update(
    {name: _function(op) for name, op in OPS.items() if name not in _NOT_CALLED_BY_NAME}
)


def clip(x: Any, min: Any = None, max: Any = None) -> Any:
    """y = min(max(x, low), high); the gradient passes where x is inside, and at the bounds."""
    if isinstance(x, int | float):  # which np.clip would take for an array
        x = np.asarray(x, np.result_type(x, *_dtypes([min, max])))
    return OPS["clip"](x, min, max)


def concatenate(arrays: Sequence[Any], axis: int | None = 0) -> Any:
    """y = [x₁ x₂ …], joined along an axis that is there; in one row if axis is None."""
    arrays = _with_dtypes("concatenate", arrays)
    if axis is None:
        arrays, axis = [x.reshape(-1) for x in arrays], 0
    return OPS["concatenate"](*arrays, axis=axis)


def stack(arrays: Sequence[Any], axis: int = 0) -> Any:
    """y = [x₁ x₂ …], stacked along a new axis."""
    return OPS["stack"](*_with_dtypes("stack", arrays), axis=axis)


def _dtypes(arrays: Sequence[Any]) -> list[np.dtype[Any]]:
    """Those of tensors and arrays; lists and numbers have none."""
    return [x.dtype for x in arrays if hasattr(x, "dtype")]


def _with_dtypes(name: str, arrays: Iterable[Any]) -> list[Any]:
    """Lists and numbers as arrays, none wider than what they are to be joined with."""
    arrays = list(checked(name, "arrays", arrays, ITERABLE))
    dtypes = _dtypes(arrays)

    def array(x: Any) -> Any:
        plain = as_numbers(x, "an operand")
        return plain.astype(np.result_type(*dtypes, plain.dtype.type(0).item()))

    return [x if hasattr(x, "dtype") else array(x) for x in arrays]


def split(x: Any, sections: SupportsIndex | Sequence[int], axis: int = 0) -> list[Any]:
    """x in pieces along an axis: this many equal ones, or cut before each of these positions.

    >>> [piece.shape for piece in split(np.ones((2, 5)), [1, 3], axis=1)]
    [(2, 1), (2, 2), (2, 2)]
    """
    x = operand(x)
    axis = _axis("split", x, axis)
    n = x.shape[axis]
    if isinstance(sections, int | np.integer):
        if sections < 1 or n % sections:
            raise ShapeError(
                f"split: an axis of {n} elements has no {sections} equal parts.\n"
                "  Pass a divisor of its length, or the list of positions to cut at."
            )
        cuts = list(range(0, n + 1, n // sections)) if n else [0] * (sections + 1)
    else:
        cuts = [0, *checked("split", "sections", sections, WHOLE), n]
    before = (slice(None),) * axis
    return [x[(*before, slice(start, stop))] for start, stop in pairwise(cuts)]


def _axis(name: str, x: Any, axis: Any) -> int:
    """Which axis of x is meant, counted from 0."""
    if not hasattr(x, "ndim"):
        raise no_tensor(x, f"{name}: an operand")
    try:
        return range(x.ndim)[axis]
    except (IndexError, TypeError):
        raise OptionError(
            f"{name}: axis is {seen(axis)}.\n  The array has {x.ndim} axes, counted from 0."
        ) from None


def einsum(subscripts: str, *operands: Any) -> Any:
    """Einstein's summation: indices that the result does not name are summed.

    >>> einsum("ij,j->i", np.eye(2), np.array([3.0, 4.0]))
    array([3., 4.])
    """
    if not isinstance(subscripts, str):
        raise OptionError("einsum: the first argument is the subscripts, such as 'ij,jk->ik'.")
    return OPS["einsum"](*operands, subscripts=subscripts)


def dot(a: Any, b: Any) -> Any:
    """The sum over the last axis of a and the second-last (or only) axis of b, as `np.dot`."""
    a, b = operand(a), operand(b)
    if np.ndim(a) == 0 or np.ndim(b) == 0:
        return OPS["multiply"](a, b)
    if np.ndim(b) <= 2:
        return OPS["matmul"](a, b)
    summed, free = ascii_letters[0], ascii_letters[1:]
    rows, columns = free[: np.ndim(a) - 1], free[np.ndim(a) - 1 : np.ndim(a) + np.ndim(b) - 2]
    inner = f"{rows}{summed},{columns[:-1]}{summed}{columns[-1]}"
    return einsum(f"{inner}->{rows}{columns}", a, b)


def take(x: Any, indices: Any, axis: int | None = None) -> Any:
    """The elements of x at these positions along an axis, or of x in one row."""
    x = operand(x)
    if axis is None:
        return getitem(OPS["reshape"](x, shape=-1), indices)
    return getitem(x, (*(slice(None),) * _axis("take", x, axis), indices))


def getitem(x: Any, key: Any) -> Any:
    """x[key], for every key that NumPy takes: slices, integers, arrays, masks, `...` and None."""
    arrays: list[Any] = []
    parts: list[Any] = []
    for part in key if isinstance(key, tuple) else (key,):
        plain = part is None or part is Ellipsis or isinstance(part, int | np.integer | slice)
        if plain and not isinstance(part, bool):
            parts.append(part)
        else:
            parts.append(Slot(len(arrays)))
            arrays.append(part if hasattr(part, "dtype") else _index(part))
    return OPS["getitem"](x, *arrays, key=tuple(parts))


def _index(places: Any) -> np.ndarray:
    index = as_array(places, "an index")
    return index if index.size else index.astype(np.intp)  # the places of no elements are no floats


__all__ = [name for name in globals() if name in OPS or name in ("dot", "split", "take")]
