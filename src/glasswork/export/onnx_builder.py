"""The pages of an ONNX graph while they are written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np

from ..errors import MissingExtraError
from .graph import Constant, Network, Node, Size, Value

__all__ = ["Builder", "Emitter", "onnx_package", "read"]

OPSET = 20  # the first with Gelu; written in December 2023
FORMAT = 9  # the version of files that came with it


def onnx_package(name: str) -> Any:
    """A module of the package `onnx`, which is imported only when something is exported.

    Raises
    ------
    MissingExtraError
        If it is not installed.
    """
    try:
        return import_module(f"onnx.{name}")
    except ImportError:
        raise MissingExtraError.of("onnx", "onnx", "export to ONNX") from None


class _Node(NamedTuple):
    kind: str
    inputs: tuple[str, ...]
    outputs: list[str]
    attributes: dict[str, Any]


class Builder:
    """Nodes and initializers, with names that tell where they belong.

    Parameters
    ----------
    network : Network
        What is written; its first input tells the number of rows.
    """

    def __init__(self, network: Network) -> None:
        self._helper = onnx_package("helper")
        self._nodes: list[_Node] = []
        self._constants: dict[str, np.ndarray] = {}
        self._names: set[str] = {value.name for value in network.inputs}
        self._rows = network.inputs[0].name
        self._owner = ""

    def begin(self, owner: str) -> None:
        """What is written from here on makes the value `owner`."""
        self._owner = owner

    def end(self, result: str, name: str) -> None:
        """Give the result of the last node its name in the network."""
        if self._nodes and self._nodes[-1].outputs[-1] == result:
            self._nodes[-1].outputs[-1] = name
        else:
            self._nodes.append(_Node("Identity", (result,), [name], {}))

    def node(self, kind: str, *inputs: str, before: int = 0, **attributes: Any) -> str:
        """Add a node; returns the name of its result, which comes after others that nobody uses."""
        result = self._new(f"{self._owner}/{kind}")
        unused = [f"{result}/{i}" for i in range(before)]
        self._nodes.append(_Node(kind, inputs, [*unused, result], attributes))
        return result

    def constant(self, values: Any, dtype: Any = np.int64, name: str = "") -> str:
        """The name of an initializer."""
        array = np.asarray(values, dtype)
        name = name or self._new(f"{self._owner}/constant")
        self._constants[name] = array
        return name

    def read(self, operand: Any, dtype: Any) -> str:
        """The name of an operand in this dtype."""
        if isinstance(operand, Size):
            n = self.node("Reshape", self.sizes([operand]), self.constant([]))
            return self.cast(n, np.dtype(np.int64), dtype)
        if not isinstance(operand, Value):
            return self.constant(operand, dtype)
        name = operand.name
        if isinstance(operand, Constant):
            if operand.array.ndim == 0:
                return self.constant(operand.array, dtype)
            name = self.constant(operand.array, operand.dtype, operand.path)
        return self.cast(name, operand.dtype, dtype)

    def cast(self, name: str, have: Any, want: Any) -> str:
        """A value in another dtype."""
        return name if have == want else self.node("Cast", name, to=self.kind(want))

    def kind(self, dtype: Any) -> int:
        """ONNX's number for a dtype."""
        return int(self._helper.np_dtype_to_tensor_dtype(np.dtype(dtype)))

    def sizes(self, shape: Sequence[Any]) -> str:
        """The name of sizes as whole numbers in a row; those that follow the rows are computed."""
        if not any(isinstance(size, Size) for size in shape):
            return self.constant(shape)
        parts = [self._size(s) if isinstance(s, Size) else self.constant([s]) for s in shape]
        return parts[0] if len(parts) == 1 else self.node("Concat", *parts, axis=0)

    def _size(self, size: Size) -> str:
        n = self.node("Shape", self._rows, start=0, end=1)
        if size.per_row != 1:
            n = self.node("Mul", n, self.constant([size.per_row]))
        return self.node("Add", n, self.constant([size.fixed])) if size.fixed else n

    def model(self, network: Network) -> Any:
        """The whole as ONNX's own object."""
        h, from_array = self._helper, onnx_package("numpy_helper").from_array
        nodes = [
            h.make_node(kind, inputs, outputs, name=outputs[-1], **attributes)
            for kind, inputs, outputs, attributes in self._nodes
        ]
        graph = h.make_graph(
            nodes,
            "glasswork",
            [self._described(value) for value in network.inputs],
            [self._described(network.output)],
            [from_array(array, name) for name, array in self._constants.items()],
        )
        return h.make_model(
            graph,
            opset_imports=[h.make_opsetid("", OPSET)],
            ir_version=FORMAT,
            producer_name="glasswork",
            doc_string=network.title,
        )

    def _described(self, value: Value) -> Any:
        shape = [
            ("rows" if s == (1, 0) else f"{s.per_row} rows + {s.fixed}") if type(s) is Size else s
            for s in value.shape
        ]
        return self._helper.make_tensor_value_info(value.name, self.kind(value.dtype), shape)

    def _new(self, name: str) -> str:
        unique, number = name, 2
        while unique in self._names:
            unique, number = f"{name}_{number}", number + 1
        self._names.add(unique)
        return unique


Emitter = Callable[[Builder, Node], str]  # writes the nodes of an op; the name of its result


def read(b: Builder, node: Node) -> list[str]:
    """The inputs in the dtype of the output."""
    return [b.read(x, node.output.dtype) for x in node.inputs]
