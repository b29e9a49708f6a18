#!/usr/bin/env python
"""Print the signatures of glasswork.functional, most of whose functions are made from OPS.

Run `scripts/stubs.py > src/glasswork/functional.pyi` when an op has come, gone or changed its
parameters.
"""

from __future__ import annotations

from collections.abc import Iterator
from inspect import Parameter
from textwrap import fill
from typing import Any

from glasswork import functional
from glasswork.ops import OPS

HEAD = '''\
"""Made by scripts/stubs.py: one function for each op, and those that are written out."""

from collections.abc import Sequence
from inspect import Signature
from typing import Any, SupportsIndex, overload

from numpy.typing import ArrayLike, DTypeLike, NDArray

from .ops import Op
from .ops.reductions import Axis
from .randomness import RandomSource
from .tensor import Tensor

_Array = NDArray[Any]
_Plain = _Array | Sequence[Any] | float
_Operand = Tensor | _Plain

{listed}

def signature(op: Op) -> Signature: ...
@overload
def clip(x: Tensor, min: _Operand | None = None, max: _Operand | None = None) -> Tensor: ...
@overload
def clip(x: _Plain, min: Tensor, max: _Operand | None = None) -> Tensor: ...
@overload
def clip(x: _Plain, min: _Plain | None, max: Tensor) -> Tensor: ...
@overload
def clip(x: _Plain, min: _Plain | None = None, max: _Plain | None = None) -> _Array: ...
@overload
def concatenate(arrays: Sequence[Tensor], axis: int | None = 0) -> Tensor: ...
@overload
def concatenate(arrays: Sequence[_Array], axis: int | None = 0) -> _Array: ...
@overload
def concatenate(arrays: Sequence[Any], axis: int | None = 0) -> Any: ...
@overload
def stack(arrays: Sequence[Tensor], axis: int = 0) -> Tensor: ...
@overload
def stack(arrays: Sequence[_Array], axis: int = 0) -> _Array: ...
@overload
def stack(arrays: Sequence[Any], axis: int = 0) -> Any: ...
@overload
def split(x: Tensor, sections: SupportsIndex | Sequence[int], axis: int = 0) -> list[Tensor]: ...
@overload
def split(x: _Plain, sections: SupportsIndex | Sequence[int], axis: int = 0) -> list[_Array]: ...
def einsum(subscripts: str, *operands: _Operand) -> Any: ...
@overload
def dot(a: Tensor, b: _Operand) -> Tensor: ...
@overload
def dot(a: _Operand, b: Tensor) -> Tensor: ...
@overload
def dot(a: _Plain, b: _Plain) -> _Array: ...
@overload
def take(x: Tensor, indices: Tensor | ArrayLike, axis: int | None = None) -> Tensor: ...
@overload
def take(x: _Plain, indices: ArrayLike, axis: int | None = None) -> _Array: ...
@overload
def getitem(x: Tensor, key: Any) -> Tensor: ...
@overload
def getitem(x: _Plain, key: Any) -> Any: ...
'''

ONE_AXIS = {"argsort", "log_softmax", "softmax"}
AXIS_OR_ALL = {"argmax", "argmin", "cumsum", "take_along_axis"}
TYPES = {
    "alpha": "float",
    "approximate": "bool",
    "axes": "Sequence[int] | None",
    "axis": "Axis",
    "axis1": "int",
    "axis2": "int",
    "ddof": "int",
    "dtype": "DTypeLike",
    "keepdims": "bool",
    "p": "float",
    "rng": "RandomSource",
    "shape": "int | tuple[int, ...]",
    "slope": "float",
    "value": "float",
    "width": "int | Sequence[Any]",
}
COLUMNS = 100


def stub() -> str:
    """The whole file."""
    made = [name for name in OPS if name in functional.__all__ and f"\ndef {name}(" not in HEAD]
    names = ", ".join(f'"{name}"' for name in sorted(functional.__all__))
    lines = fill(names, COLUMNS, initial_indent="    ", subsequent_indent="    ")
    head = HEAD.replace("{listed}", f"__all__ = [\n{lines},\n]  # fmt: skip")
    return head + "".join(line for name in made for line in declarations(name))


def declarations(name: str) -> Iterator[str]:
    """How one function may be called: with a tensor in any place, or with none."""
    parameters = functional.signature(OPS[name]).parameters.values()
    inputs = [p.name for p in parameters if p.kind is Parameter.POSITIONAL_ONLY]
    params = [declared(name, p) for p in parameters if p.kind is not Parameter.POSITIONAL_ONLY]
    for place in inputs:
        kinds = [f"{x}: {'Tensor' if x == place else '_Operand'}" for x in inputs]
        yield "@overload\n" + declaration(name, [*kinds, "/", *params], "Tensor")
    kinds = [f"{x}: _Plain" for x in inputs]
    yield "@overload\n" + declaration(name, [*kinds, "/", *params], "_Array")


def declared(function: str, parameter: Parameter) -> str:
    """A parameter with its type and its default."""
    kind = TYPES[parameter.name]
    if parameter.name == "axis" and function in ONE_AXIS | AXIS_OR_ALL:
        kind = "int" if function in ONE_AXIS else "int | None"
    default: Any = parameter.default
    return f"{parameter.name}: {kind}" + ("" if default is Parameter.empty else f" = {default!r}")


def declaration(name: str, parameters: list[str], result: str) -> str:
    """One declaration, broken into lines where it is too long for one."""
    line = f"def {name}({', '.join(parameters)}) -> {result}: ...\n"
    if len(line) <= COLUMNS + 1:
        return line
    return f"def {name}(\n    {', '.join(parameters)}\n) -> {result}: ...\n"


if __name__ == "__main__":
    print(stub(), end="")
