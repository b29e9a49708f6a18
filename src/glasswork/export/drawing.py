"""From runs of a model to its graph.

The model is run twice, on different rows and, where the number of rows may differ from call to
call, on different numbers of them. What is the same in both runs is a constant; a size that
differs is counted in rows; any other difference is a value that did not come about by ops, which
no export could give again.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..errors import OptionError, ShapeError, UnsupportedError
from ..nn import Module
from ..nn.configuration import described
from ..ops import OPS, Op
from ..ops.indexing import Slot
from ..tape import Entry, Graph
from ..tensor import Tensor
from .graph import Constant, Network, Node, Size, Value
from .names import Names, identifier
from .tracing import Run, run

__all__ = ["ROWS", "draw", "example_for", "one_row", "shown"]

ROWS = 8, 13  # of the two runs: what neither halves nor doubles to the other's
SHOWN = 4  # rows of the example that a file tests itself with


def draw(model: Callable[..., Any], example: Any, rows: tuple[int, int] | None) -> Network:
    """The graph of a model, or of any function of tensors, in eval mode.

    Parameters
    ----------
    example : array_like, or a tuple of them
        What to call the model with.
    rows : pair of int, optional
        How many rows of the example, repeated as needed, go into the first run and into the
        second; left out, both take the example as it is.

    Raises
    ------
    OptionError
        If the model gives no tensor.
    ShapeError
        If the inputs have no rows, or not equally many.
    UnsupportedError
        If something in it does not come about by ops on tensors.
    """
    arrays = _arrays(example)
    batches = [arrays, arrays]
    if rows is not None:
        _check_rows(arrays)
        batches = [[_rows(x, n, i) for x in arrays] for i, n in enumerate(rows)]
    first, second = (run(model, batch) for batch in batches)
    if not isinstance(first.output, Tensor):
        raise OptionError(
            f"export: the model gives a {type(first.output).__name__}, and no tensor.\n"
            "  Export a function that returns one: lambda x: model(x)[0]."
        )
    title = repr(model) if isinstance(model, Module) else getattr(model, "__name__", "")
    return _Drawing(first, second, rows or (0, 0)).network(title)


def example_for(model: Callable[..., Any]) -> np.ndarray:
    """Rows drawn for a model, as wide as its first layer that tells how many features it takes.

    Raises
    ------
    OptionError
        If none does.
    """
    parts = [part for _, part in model.named_modules()] if isinstance(model, Module) else []
    widths = (getattr(part, kind, 0) for part in parts for kind in ("input_neurons", "features"))
    if not (width := next(filter(None, widths), 0)):
        raise OptionError(
            "export: no layer tells how many numbers a row has.\n"
            f"  The model is a {type(model).__name__}.\n"
            "  Pass a few rows of real data as an example."
        )
    return np.random.default_rng(0).normal(size=(SHOWN, width)).astype(np.float32)


def shown(model: Callable[..., Any], example: Any) -> tuple[list[np.ndarray], np.ndarray]:
    """The first rows of an example, and what the model gives for them."""
    arrays = [x[:SHOWN] for x in _arrays(example)]
    return arrays, run(model, arrays).output._els


def one_row(model: Callable[..., Any], example: Any, form: str) -> Network:
    """The graph of a model for a single row, for forms that do one row after the other.

    Raises
    ------
    OptionError
        If the model has several inputs.
    UnsupportedError
        If what comes out for a row depends on the rows beside it.
    """
    network = draw(model, example, (1, 1))
    if len(network.inputs) != 1:
        raise OptionError(
            f"export to {form}: the model has {len(network.inputs)} inputs, and one is taken.\n"
            "  Join them to one row of numbers, and take it apart in the model."
        )
    (rows,), together = shown(model, example)
    alone = [run(model, [rows[i : i + 1]]).output._els for i in range(len(rows))]
    one_each = together.shape[:1] == rows.shape[:1] and all(len(y) == 1 for y in alone)
    if not one_each or not np.allclose(np.concatenate(alone), together, 1e-4, 1e-5, True):
        raise UnsupportedError(
            f"export to {form}: what comes out for a row depends on the rows beside it.\n"
            "  Export predictions, row by row, and no loss; or export to ONNX or NumPy."
        )
    return network


def _arrays(example: Any) -> list[np.ndarray]:
    """Those of an example. Lists of Python floats become float32, as in tensors."""
    parts = example if isinstance(example, tuple) else (example,)
    return [x if isinstance(x, np.ndarray) else Tensor(x).els for x in parts]


def _check_rows(arrays: Sequence[np.ndarray]) -> None:
    shapes = [x.shape for x in arrays]
    if not arrays or any(not shape or shape[0] != shapes[0][0] for shape in shapes):
        raise ShapeError(
            "export: the example is not rows, equally many of each input.\n"
            f"  The inputs are {', '.join(map(str, shapes)) or 'missing'}.\n"
            "  Pass a few rows of each, as an array; several inputs as a tuple of arrays."
        )
    if not shapes[0][0]:
        raise ShapeError(f"export: the example is {shapes[0]}.\n  Pass a few rows, of real data.")


def _rows(x: np.ndarray, n: int, start: int) -> np.ndarray:
    return x[np.arange(start, start + n) % len(x)]


class _Drawing:
    """Two runs laid on each other: what they share becomes the network."""

    def __init__(self, first: Run, second: Run, rows: tuple[int, int]) -> None:
        self._first, self._second = first, second
        self._rows = rows
        self._names = Names()
        self._values: dict[Entry, Value] = {}  # by the entries of both runs
        self._constants: dict[int, Value] = {}
        self._nodes: list[Node] = []
        self._modules = {span.path: type(span.module).__name__ for span in first.spans}

    def network(self, title: str) -> Network:
        first, second = self._first, self._second
        inputs = [
            self._add(x, twin, "x" if len(first.inputs) == 1 else f"x{i}")
            for i, (x, twin) in enumerate(zip(first.inputs, second.inputs, strict=True), 1)
        ]
        made, twins = _made(first), _made(second)
        if [_name(entry.op) for entry in made] != [_name(twin.op) for twin in twins]:
            raise _otherwise()
        for entry, twin in zip(made, twins, strict=True):
            self._do(entry, twin)
        if first.output not in self._values:
            raise UnsupportedError(
                "export: the output does not come from the inputs by ops on tensors.\n"
                "  Work on the tensors themselves, not on arrays made of them."
            )
        constants = [c for c in self._constants.values() if isinstance(c, Constant)]
        return Network(title, inputs, constants, self._nodes, self._values[first.output])

    def _do(self, entry: Entry, twin: Entry) -> None:
        """Add the node of one op."""
        op, (path, module) = entry.op, self._place(entry)
        if op is None:
            return
        prefix = f"{identifier(path, self._modules)}_" if module else ""
        pairs = zip(entry.inputs, twin.inputs, strict=True)
        inputs = tuple(self._operand(a, b, prefix) for a, b in pairs)
        params = self._same(entry.params, twin.params, f"what {op.name} is told")
        ends = any(span.output is entry and span.path == path for span in self._first.spans)
        name = prefix[:-1] if ends and prefix else prefix + op.name
        output = self._add(entry, twin, name)
        self._nodes.append(Node(op, inputs, params, output, path, module))

    def _place(self, entry: Entry) -> tuple[str, str]:
        """The path and the description of the innermost module that made an entry."""
        for span in self._first.spans:
            if span.first < entry.serial < span.last:
                return span.path, described(span.module)
        return "", ""

    def _add(self, entry: Entry, twin: Entry, name: str) -> Value:
        shape = self._same(entry._els.shape, twin._els.shape, f"the shape of {name}")
        value = Value(self._names.take(name), shape, entry._els.dtype)
        self._values[entry] = self._values[twin] = value
        return value

    def _operand(self, a: Any, b: Any, prefix: str) -> Any:
        if type(a) is not type(b):
            raise _otherwise()
        if isinstance(a, Entry):
            if self._values.get(a) is not self._values.get(b):
                raise _otherwise()
            if a in self._values:
                return self._values[a]
            path = self._first.paths.get(id(a._els), "")
            name = identifier(path, self._modules) if path else prefix + _name(a.op)
            return self._constant(a._els, b._els, name, path)
        if isinstance(a, np.ndarray | np.generic):
            return self._constant(a, b, prefix + _name(None))
        return self._same(a, b, "a number")

    def _constant(self, a: Any, b: Any, name: str, path: str = "") -> Value:
        """An array that both runs use; one whose length follows the rows is made anew by ops."""
        if id(a) not in self._constants:
            a_array, b_array = np.asarray(a), np.asarray(b)
            if a_array.shape == b_array.shape and np.array_equal(a_array, b_array, True):
                value: Value = Constant(self._names.take(name), path, a_array)
            else:
                value = self._following(a_array, b_array, name)
            self._constants[id(a)] = value
        return self._constants[id(a)]

    def _following(self, a: np.ndarray, b: np.ndarray, name: str) -> Value:
        """The ops that make an array whose length follows the rows: of one number, or a count."""
        shape = self._same(a.shape, b.shape, f"the shape of {name}")
        both = np.concatenate([a.ravel(), b.ravel()])
        if both.size and (both == both[0]).all():
            return self._filled(both[0], shape, name)
        if len(shape) == 1 and (a == np.arange(a.size)).all() and (b == np.arange(b.size)).all():
            ones = self._filled(np.ones((), a.dtype), shape, name)
            counted = self._node("cumsum", (ones,), {"axis": 0}, name, shape)
            return self._node("subtract", (counted, 1), {}, name, shape)
        raise _leaked(f"the array {name}, {a.shape} {a.dtype},")

    def _filled(self, number: Any, shape: tuple[Any, ...], name: str) -> Value:
        array = np.asarray(number)
        element = self._constant(array, array, name)
        return self._node("broadcast_to", (element,), {"shape": shape}, name, shape)

    def _node(
        self, op: str, inputs: tuple[Any, ...], params: dict[str, Any], name: str, shape: Any
    ) -> Value:
        output = Value(self._names.take(name), shape, inputs[0].dtype)
        self._nodes.append(Node(OPS[op], inputs, params, output, "", ""))
        return output

    def _same(self, a: Any, b: Any, what: str) -> Any:
        """What `a` and `b` both are; sizes that differ are counted in rows."""
        if isinstance(a, dict):
            return {key: self._same(a[key], b[key], what) for key in a}
        if isinstance(a, slice):
            ends = zip((a.start, a.stop, a.step), (b.start, b.stop, b.step), strict=True)
            return slice(*(self._same(*pair, what) for pair in ends))
        if isinstance(a, tuple | list) and not isinstance(a, Slot) and len(a) == len(b):
            return tuple(self._same(*pair, what) for pair in zip(a, b, strict=True))
        if isinstance(a, np.ndarray):
            return self._same(a.tolist(), b.tolist(), what)
        if a is b or a == b or (_is_nan(a) and _is_nan(b)):
            return a
        if isinstance(a, int | np.integer) and isinstance(b, int | np.integer):
            n, m = self._rows
            per_row, rest = divmod(int(b) - int(a), m - n) if m != n else (0, 1)
            if not rest:
                return Size(per_row, int(a) - per_row * n)
        raise _leaked(f"{what}, {a} or {b},")


def _made(drawn: Run) -> list[Entry]:
    """What was made of the inputs and goes into the output, oldest first."""
    known: set[Entry] = set(drawn.inputs)
    made = []
    for entry in Graph.of(drawn.output):
        if any(isinstance(x, Entry) and x in known for x in entry.inputs):
            known.add(entry)
            made.append(entry)
    return made


def _name(op: Op | None) -> str:
    return op.name if op else "constant"


def _is_nan(a: Any) -> bool:
    return isinstance(a, float) and math.isnan(a)


def _otherwise() -> UnsupportedError:
    return UnsupportedError(
        "export: the model does other ops for other rows, or for another number of rows.\n"
        "  Choose by np.where(condition, a, b), and loop over what does not depend on rows."
    )


def _leaked(what: str) -> UnsupportedError:
    return UnsupportedError(
        f"export: {what} depends on the rows in a way that no op tells.\n"
        "  Work on the tensors themselves, not on arrays and numbers made of them."
    )
