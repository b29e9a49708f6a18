"""A network for one row, as loops over flat lists of numbers: what Python's lists and C have.

All shapes are known, so an op is one of five loops, and what only moves elements (a transpose, a
slice) is a table of places, found by doing the op on 0, 1, 2, … A reshape is nothing at all.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from ..ops import OPS
from ..ops.products import full_subscripts
from .graph import Constant, Network, Node, Value

__all__ = ["ALONG", "Chosen", "Each", "Grouped", "Joined", "Product", "Read", "Step", "flatten"]


class Read(NamedTuple):
    """How a loop reads an operand: `source` at `places`, or one number where there are none."""

    source: str
    places: np.ndarray
    size: int  # of the source
    number: Any = None

    @property
    def whole(self) -> bool:
        """Whether the source is read from its first element to its last, in order."""
        return self.size == self.places.size and bool((np.diff(self.places) == 1).all())


class Each(NamedTuple):
    """Element by element: output[i] = op(reads at i); a copy if op is "copy"."""

    output: str
    n: int
    op: str
    reads: list[Read]
    params: dict[str, Any]


class Joined(NamedTuple):
    """One list after the other, and numbers."""

    output: str
    n: int
    parts: list[tuple[Any, int]]  # a name, or a number; and how long it is


class Grouped(NamedTuple):
    """A function of each run of `size` elements: one number for each, or as many as it takes."""

    output: str
    n: int
    op: str
    source: str
    size: int
    params: dict[str, Any]


class Product(NamedTuple):
    """Matrix products: `batch` times (m, k) by (k, n)."""

    output: str
    n: int
    a: str
    b: str
    batch: int
    sizes: tuple[int, int, int]


class Chosen(NamedTuple):
    """output[i] = source[bases[i] + stride · chooser[i]], counted modulo `limit`."""

    output: str
    n: int
    source: str
    bases: np.ndarray
    stride: int
    limit: int
    chooser: Read


Step = Each | Joined | Grouped | Product | Chosen

_MOVES = {
    "broadcast_to", "expand_dims", "flip", "getitem", "reshape", "squeeze", "swapaxes",
    "take_along_axis", "transpose",
}  # fmt: skip
_JOINS = {"concatenate", "pad", "stack"}
_REDUCTIONS = {
    "argmax", "argmin", "logsumexp", "max", "mean", "min", "norm", "std", "sum", "var",
}  # fmt: skip
ALONG = {"argsort", "cumsum", "log_softmax", "softmax"}
_NOT_FLAT = {"cross_entropy", "scatter", "scatter_along_axis", "uniform_like"}


def flatten(network: Network, form: str) -> tuple[list[tuple[Node, list[Step]]], str]:
    """The loops of each node, and the name of the list that holds the output.

    Raises
    ------
    UnsupportedError
        If an op has no such loops; `form` says for what they were wanted.
    """
    flattening = _Flattening(form)
    loops = [(node, flattening.steps(node)) for node in network.nodes]
    return loops, flattening.name(network.output)


class _Flattening:
    def __init__(self, form: str) -> None:
        self._form = form
        self._same: dict[str, str] = {}  # the list that a value shares, by its name
        self._steps: list[Step] = []
        self._output = ""

    def name(self, value: Value) -> str:
        """The list that holds a value."""
        return self._same.get(value.name, value.name)

    def steps(self, node: Node) -> list[Step]:
        """The loops of one op."""
        self._steps, self._output, name = [], node.output.name, node.op.name
        if OPS.get(name) is not node.op or name in _NOT_FLAT:
            raise node.unsupported(self._form)
        if name in _MOVES:
            self._move(node)
        elif name in _JOINS:
            self._join(node)
        elif name in _REDUCTIONS or name in ALONG:
            self._group(node)
        elif name in _RARE:
            _RARE[name](self, node)
        else:
            reads = [self._read(x, node.output.shape) for x in node.inputs]
            self._each(_element(node), reads, node.params)
        return self._steps

    def astype(self, node: Node) -> None:
        """Nothing at all between floats, or from whole numbers to floats."""
        if node.output.dtype.kind == "f":
            self._alias(self.name(node.inputs[0]))
        else:
            self._each(f"as_{node.output.dtype.kind}", [self._read(node.inputs[0], None)], {})

    def matmul(self, node: Node) -> None:
        """A product of matrices, or several; a vector is a matrix of one row or one column."""
        (a, b), (left, right) = node.inputs, (x.shape for x in node.inputs)
        left = left if len(left) > 1 else (1, *left)
        right = right if len(right) > 1 else (*right, 1)
        batch = np.broadcast_shapes(left[:-2], right[:-2])
        m, k, n = left[-2], left[-1], right[-1]
        if math.prod(right[:-2]) == 1:
            m, batch = math.prod(left[:-1]), ()

        def matrices(x: Value, shape: tuple[int, ...]) -> str:
            index = _counted(x).reshape(shape)
            wide = np.broadcast_to(index, (*batch, *shape[-2:])) if batch else index
            return self._arranged(self.name(x), wide.ravel(), index.size)

        total, rows, columns = math.prod(batch), matrices(a, left), matrices(b, right)
        self._add(Product(self._output, total * m * n, rows, columns, total, (m, k, n)))

    def einsum(self, node: Node) -> None:
        """Products of elements over a grid of all indices, summed over those not in the result."""
        shapes = [x.shape for x in node.inputs]
        equation = full_subscripts(node.params["subscripts"], list(map(len, shapes)))
        terms, _, output = equation.partition("->")
        pairs = zip(terms.split(","), shapes, strict=True)
        named = [(c, n) for term, s in pairs for c, n in zip(term, s, strict=True)]
        letters = output + "".join(sorted({c for c, _ in named} - set(output)))
        sizes = [max(n for d, n in named if d == c) for c in letters]
        at = dict(zip(letters, np.ogrid[tuple(map(slice, sizes))], strict=True))
        reads = []
        for x, term in zip(node.inputs, terms.split(","), strict=True):
            key = tuple(np.minimum(at[c], n - 1) for c, n in zip(term, x.shape, strict=True))
            places = np.broadcast_to(_counted(x)[key], sizes).ravel()
            reads.append(Read(self.name(x), places, math.prod(x.shape)))
        n, size = math.prod(sizes), math.prod(sizes[len(output) :])
        summed, op = len(letters) > len(output), "multiply" if len(reads) > 1 else "copy"
        name = f"{self._output}_products" if summed else self._output
        self._add(Each(name, n, op, reads, {}))
        if summed:
            self._add(Grouped(self._output, n // size, "sum", name, size, {}))

    def _move(self, node: Node) -> None:
        x, *index = node.inputs
        if any(not isinstance(i, Constant) for i in index):
            self._choose(node)
            return
        places = np.ravel(node.op.forward(_counted(x), *(i.array for i in index), **node.params))
        read = Read(self.name(x), places, math.prod(x.shape))
        if read.whole:
            self._alias(read.source)
        else:
            self._each("copy", [read], {})

    def _choose(self, node: Node) -> None:
        """Elements at places that are known only when the row is: along one axis."""
        x, index = node.inputs[0], node.inputs[-1]
        axis = _axis_of_choice(node)
        if len(node.inputs) != 2 or index.dtype == bool or axis is None:
            raise node.unsupported(self._form, "its index arrays depend on the row")
        shape = x.shape if node.params.get("axis", -1) is not None else (math.prod(x.shape),)
        bases = node.op.forward(_counted(x), np.zeros(index.shape, int), **node.params)
        counted = _counted(index)
        if node.op.name == "getitem":  # the axes of the index stand in place of the one indexed
            after = len(shape) - 1 - axis
            counted = counted.reshape((*[1] * axis, *index.shape, *[1] * after))
        places = np.broadcast_to(counted, bases.shape).ravel()
        read = Read(self.name(index), places, math.prod(index.shape))
        stride = math.prod(shape[axis + 1 :])
        source, bases = self.name(x), bases.ravel()
        self._add(Chosen(self._output, bases.size, source, bases, stride, shape[axis], read))

    def _join(self, node: Node) -> None:
        parts: list[tuple[Any, int]] = []
        counted, total = [], 0
        for x in node.inputs:
            n = math.prod(x.shape)
            parts.append((self.name(x), n))
            counted.append(_counted(x) + total)
            total += n
        params = dict(node.params)
        if node.op.name == "pad":
            parts.append((params.get("value", 0), 1))
            params["value"], total = total, total + 1
        places = np.ravel(node.op.forward(*counted, **params))
        joined = Read("", places, total)
        self._add(Joined(self._output if joined.whole else f"{self._output}_joined", total, parts))
        if not joined.whole:
            self._each("copy", [joined._replace(source=self._last())], {})

    def _group(self, node: Node) -> None:
        x, name = node.inputs[0], node.op.name
        ndim, default = len(x.shape), -1 if name in ("softmax", "log_softmax", "argsort") else None
        axis = node.params.get("axis", default)
        axes = range(ndim) if axis is None or not ndim else {a % ndim for a in np.atleast_1d(axis)}
        kept = [i for i in range(ndim) if i not in axes]
        places = _counted(x).transpose([*kept, *sorted(axes)]).ravel()
        size = math.prod(x.shape[i] for i in axes)
        source = self._arranged(self.name(x), places, places.size)
        if name in _REDUCTIONS:
            self._add(Grouped(self._output, places.size // size, name, source, size, node.params))
            return
        back = Read("", np.argsort(places), places.size)
        output = self._output if back.whole else f"{self._output}_grouped"
        self._add(Grouped(output, places.size, name, source, size, node.params))
        if not back.whole:
            self._each("copy", [back._replace(source=output)], {})

    def _read(self, operand: Any, shape: tuple[int, ...] | None) -> Read:
        """An operand, stretched to a shape."""
        if not isinstance(operand, Value):
            return Read("", np.zeros(0, int), 0, operand)
        if isinstance(operand, Constant) and operand.array.size == 1:
            return Read("", np.zeros(0, int), 0, operand.array.item())
        places = np.broadcast_to(_counted(operand), operand.shape if shape is None else shape)
        return Read(self.name(operand), places.ravel(), math.prod(operand.shape))

    def _arranged(self, source: str, places: np.ndarray, size: int) -> str:
        """The list itself if `places` are all its elements in order, and else a copy of them."""
        read = Read(source, places, size)
        if read.whole:
            return source
        name = self._output if not self._steps else f"{self._output}_{len(self._steps)}"
        self._add(Each(f"{name}_arranged", places.size, "copy", [read], {}))
        return self._last()

    def _each(self, op: str, reads: list[Read], params: dict[str, Any]) -> None:
        n = max((read.places.size for read in reads if read.source), default=1)
        self._add(Each(self._output, n, op, reads, params))

    def _alias(self, source: str) -> None:
        self._same[self._output] = source

    def _add(self, step: Step) -> None:
        self._steps.append(step)

    def _last(self) -> str:
        return self._steps[-1].output


def _element(node: Node) -> str:
    """What is done to an element: the op, or which of its two forms."""
    if node.op.name == "invert" and node.output.dtype == bool:
        return "logical_not"
    return "gelu_by_tanh" if node.params.get("approximate") else node.op.name


def _axis_of_choice(node: Node) -> int | None:
    """The only axis that an op indexes, if it does so along one."""
    ndim = len(node.inputs[0].shape)
    if node.op.name == "take_along_axis":
        axis = node.params.get("axis", -1)
        return 0 if axis is None else int(axis) % ndim
    plain = [part == slice(None) for part in node.params["key"]]
    return plain.index(False) if plain.count(False) == 1 else None


def _counted(x: Value) -> np.ndarray:
    """0, 1, 2, … in the shape of a value: the places of its elements."""
    return np.arange(math.prod(x.shape)).reshape(x.shape)


_RARE: dict[str, Callable[[_Flattening, Node], None]] = {
    "astype": _Flattening.astype,
    "einsum": _Flattening.einsum,
    "matmul": _Flattening.matmul,
}
