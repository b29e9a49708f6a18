"""What went wrong in an op, in the words of the op: only ever reached after an exception."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import Any

import numpy as np

from ..errors import DtypeError, GlassworkError, ShapeError, seen
from .checks import no_numbers, no_tensor

__all__ = ["explain"]

_LETTERS = "ABCDEFGH"
_MISCALLED = re.compile(r"\(\) (got|missing|takes) ")


def explain(
    name: str, forward: Callable[..., Any], values: Sequence[Any], error: Exception
) -> Exception:
    """The error to raise in place of `error`, which `forward(*values)` of this op raised."""
    if isinstance(error, GlassworkError):
        return error
    if isinstance(error, AttributeError | KeyError | TypeError):
        for place, x in enumerate(values):
            if wrong := _of_operand(name, place, x, error):
                return wrong
    if not isinstance(error, ValueError | TypeError | OverflowError):
        return error
    if _MISCALLED.search(str(error)):
        return TypeError(str(error).replace(forward.__name__, name))
    operands = "\n".join(map(_described, _LETTERS, values))
    if not isinstance(error, ValueError):
        return DtypeError(f"{name}: {error}\n{operands}")
    return _of_values(name, values, operands, error)


def _of_operand(
    name: str, place: int, x: Any, error: AttributeError | KeyError | TypeError
) -> DtypeError | None:
    """The error to raise if it lies in this operand, and not in what a forward does."""
    if isinstance(error, KeyError):
        return no_tensor(x, f"{name}: an operand") if isinstance(x, Mapping) else None
    if isinstance(error, AttributeError) and isinstance(error.obj, ModuleType):
        return None
    if isinstance(x, np.ndarray):
        if x.dtype.kind in "fiub":
            return None
        return no_numbers(x, x.dtype, f"{name}: an operand")
    computes = (
        isinstance(x, int | float)
        or (place > 0 and x is None and isinstance(error, TypeError))
        or hasattr(x, "__array__")
        or hasattr(type(x), "__op__")
    )
    is_asked = isinstance(error, AttributeError) and error.obj is x
    return no_tensor(x, f"{name}: an operand") if is_asked or not computes else None


def _of_values(
    name: str, values: Sequence[Any], operands: str, error: ValueError
) -> GlassworkError:
    if name == "matmul":
        return _matmul(*map(np.shape, values))
    if "negative integer powers" in str(error):
        return DtypeError(
            f"power: whole numbers have no negative powers.\n{operands}\n"
            "  Make one of them a float: t.astype(float), or -1.0 for -1."
        )
    if "could not be broadcast together with shapes" not in str(error):
        return ShapeError(f"{name}: {error}\n{operands}")
    return ShapeError(
        f"{name}: the shapes do not broadcast with each other.\n{operands}\n"
        "  Sizes are compared from the last axis backwards: each pair must be equal, or one\n"
        "  of them 1. Reshape one input, or add an axis of size 1 with x[:, None]."
    )


def _described(letter: str, x: Any) -> str:
    if isinstance(x, np.ndarray) or hasattr(type(x), "__op__"):
        return f"  {letter} is {x.shape} {x.dtype}"
    return f"  {letter} is {seen(x)} ({type(x).__name__})"


def _matmul(a: tuple[int, ...], b: tuple[int, ...]) -> ShapeError:
    operands = f"A is {a}, B is {b}"
    if not a or not b:
        return ShapeError(f"matmul: a number is not a matrix.\n  {operands}.\n  Use A * B.")
    k_a, k_b = a[-1], b[-2] if len(b) > 1 else b[0]
    if k_a == k_b:
        return ShapeError(
            f"matmul: the leading axes do not broadcast.\n  {operands}.\n"
            "  The axes before the last two must be equal, or 1."
        )
    if len(b) > 1 and b[-1] == k_a:
        mend = f"Pass B.mT, or build Linear({k_a}, {b[-2]}) so that W is ({k_a}, {b[-2]})."
    else:
        place = "only" if len(b) == 1 else "second-last"
        mend = f"The last axis of A must be as long as the {place} axis of B."
    return ShapeError(
        f"matmul: the inner sizes differ.\n  {operands}: k is {k_a} in A and {k_b} in B.\n  {mend}"
    )
