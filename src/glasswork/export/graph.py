"""A network as a graph of named values: what every form of export is written from."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..errors import UnsupportedError
from ..ops import Op

__all__ = ["Constant", "Network", "Node", "Size", "Value"]


class Size(NamedTuple):
    """A size that follows the number of rows n: `per_row` · n + `fixed`."""

    per_row: int
    fixed: int


class Value:
    """What an op, or the caller, gives.

    Parameters
    ----------
    name : str
        Unique, and a name in Python and C.
    shape : tuple of int or Size
        Its sizes.
    dtype : dtype
        Of its elements.
    """

    def __init__(self, name: str, shape: tuple[Any, ...], dtype: np.dtype[Any]) -> None:
        self.name = name
        self.shape = shape
        self.dtype = dtype


class Constant(Value):
    """An array that is the same at each call: a parameter, a buffer, or what was made of them.

    Its `path` is that of the parameter or the buffer, and else its name.
    """

    def __init__(self, name: str, path: str, array: np.ndarray) -> None:
        super().__init__(name, array.shape, array.dtype)
        self.path = path or name
        self.array = array


class Node(NamedTuple):
    """One op in the module at `path`: output = op(*inputs, **params).

    Inputs are Values, numbers, Sizes and None; params may hold Sizes in place of numbers.
    """

    op: Op
    inputs: tuple[Any, ...]
    params: dict[str, Any]
    output: Value
    path: str
    module: str

    def unsupported(self, form: str, why: str = "there is no way to write it") -> UnsupportedError:
        """The error that says that this op cannot be written in a form of export."""
        where = f"model.{self.path} " if self.path else ""
        return UnsupportedError(
            f"export to {form}: {where}{self.module or 'the model'} uses {self.op.name}.\n"
            f"  It is {self.op.equation}; here {why}.\n"
            "  Leave this part out of what is exported, or say it with other ops."
        )


class Network(NamedTuple):
    """A model as a graph; its nodes stand in an order in which they can be computed.

    Its title is the tree of the model, as it prints itself.
    """

    title: str
    inputs: list[Value]
    constants: list[Constant]
    nodes: list[Node]
    output: Value
