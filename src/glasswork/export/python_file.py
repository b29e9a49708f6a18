"""Export to one file of Python: of NumPy, or of nothing but Python itself."""

from __future__ import annotations

import base64
import os
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from ..limits import FLAG, checked, path_of
from ..saving import atomic_write
from . import list_lines, numpy_lines
from .drawing import ROWS, draw, example_for, one_row, shown
from .flat import flatten
from .graph import Network, Node, Value
from .pages import LISTS, NUMPY

__all__ = ["commented", "python", "read_in", "tolerance", "used"]

FEW = 16  # numbers that stand in the file as they are; more are packed
WIDTH = 100  # of a line
_KINDS = {"f": "f", "d": "d", "e": "f", "?": "?"}  # how `struct` calls them; the rest are whole


def python(
    model: Callable[..., Any],
    path: str | os.PathLike[str],
    example: Any = None,
    stdlib: bool = False,
) -> None:
    r"""Write a model as one file of Python that predicts without Glasswork.

    The file holds a function `predict` with a line for each op, and the weights. It runs as a
    program too: `python model.py < rows.csv` prints a line of outputs for each line of inputs,
    and `python model.py --self-test` compares the outputs for a few rows of the example with
    those that the model gave.

    Parameters
    ----------
    model : Module or function of tensors
        It is run in eval mode.
    path : str or path
        The file to write, as a whole or not at all; its folder must exist.
    example : array_like, or a tuple of them, optional
        A few rows of real data, different ones; of each input, if there are several. The first
        four go into the file. Without it rows are drawn, if a layer tells how wide they are.
    stdlib : bool
        Whether to do without NumPy. The file then takes one row at a time, as a list of numbers,
        and computes in Python's floats; where NumPy gives inf or nan, Python may raise.

    Raises
    ------
    UnsupportedError
        If an op cannot be written so, or a value does not come about by ops: it names the op and
        the module. With `stdlib`, also if the output for a row depends on other rows.
    OptionError, ShapeError
        If the model gives no tensor, or the example is no rows.
    OSError
        If the file cannot be written.

    Examples
    --------
    >>> model = gw.Sequential(gw.Linear(2, 1, rng=0), gw.Tanh())
    >>> gw.export.python(model, "model.py", np.ones((2, 2), np.float32))
    >>> from pathlib import Path
    >>> text = Path("model.py").read_text(encoding="utf-8")
    >>> print(text[text.index("    # model.0") :].partition("\n\n")[0])
        # model.0 Linear(2, 1)
        linear_0_matmul = x @ linear_0_weights
        linear_0 = linear_0_matmul + linear_0_biases
        # model.1 Tanh()
        tanh_1 = np.tanh(linear_0)
        return tanh_1
    """
    checked("python", "stdlib", stdlib, FLAG)
    example = example_for(model) if example is None else example
    text = (_of_lists if stdlib else _of_numpy)(model, path_of("python", path).name, example)
    with atomic_write(path, "w") as file:
        file.write(text)


def _of_numpy(model: Callable[..., Any], name: str, example: Any) -> str:
    network = draw(model, example, ROWS)
    rows = f"len({network.inputs[0].name})"
    lines = [
        f"{x.name} = np.asarray({x.name}, {numpy_lines.literal(x.dtype, rows)})"
        for x in network.inputs
    ]
    each = ((x, [f"{x.output.name} = {numpy_lines.expression(x, rows)}"]) for x in network.nodes)
    lines += [*commented(each, "#"), f"return {network.output.name}"]
    inputs, expected = shown(model, example)
    constants = [f"{c.name} = {_array(c.array)}" for c in network.constants if c.shape]
    constants.append(f"EXAMPLE = ({', '.join(map(_array, inputs))},)")
    constants.append(f"EXPECTED = {_array(expected)}")
    return _page(
        NUMPY, numpy_lines.FUNCTIONS, name=name, network=network, lines=lines, constants=constants
    )


def _of_lists(model: Callable[..., Any], name: str, example: Any) -> str:
    form = "the standard library of Python"
    network = one_row(model, example, form)
    loops, result = flatten(network, form)
    each = ((node, [*map(list_lines.statement, steps)]) for node, steps in loops)
    lines = [*commented(each, "#"), f"return {result}"]
    inputs, expected = shown(model, example)
    body = "\n".join(lines)
    constants = [f"{c.name} = {_list(c.array)}" for c in network.constants if read_in(body, c)]
    constants.append(f"EXAMPLE = groups({_list(inputs[0])}, {inputs[0][0].size})")
    constants.append(f"EXPECTED = {_list(expected)}")
    return _page(
        LISTS, list_lines.FUNCTIONS, name=name, network=network, lines=lines, constants=constants
    )


def commented(each: Iterable[tuple[Node, list[str]]], mark: str) -> Iterator[str]:
    """The lines of each node, and where a module begins a comment that says so."""
    last = ""
    for node, lines in each:
        where = f"model.{node.path} {node.module}" if node.path else node.module
        if lines and where != last:
            last = where
            yield from [f"{mark} {where}"] if node.module else []
        yield from lines


def read_in(text: str, value: Value) -> bool:
    """Whether a text says the name of a value; a table of places has none of its own."""
    return re.search(rf"\b{value.name}\b", text) is not None


def _page(
    template: str,
    functions: Mapping[str, str],
    *,
    name: str,
    network: Network,
    lines: list[str],
    constants: list[str],
) -> str:
    """The whole file, with those functions and imports that it needs."""
    code = "\n".join([*lines, template, *(c.partition('"""')[0] for c in constants)])
    helpers = "".join(f"\n{functions[word]}" for word in used(functions, code))
    widths = [int(np.prod(x.shape[1:], dtype=int)) for x in network.inputs]
    return template.format(
        name=name,
        title=textwrap.indent(network.title, "    ").replace("\\", "\\\\").replace('"""', "'''"),
        imports=_imports(code + helpers),
        inputs=", ".join(x.name for x in network.inputs),
        described=" and ".join(_shape(x) for x in network.inputs),
        output=_shape(network.output),
        width=sum(widths),
        parts=_parts(network.inputs, widths),
        lines=textwrap.indent("\n".join(lines), "    "),
        functions=helpers,
        constants="\n".join(constants),
        tolerance=tolerance(network),
    )


def tolerance(network: Network) -> float:
    """How far an output may be, relatively, from what was stored."""
    return 1e-2 if network.output.dtype == np.float16 else 1e-5


def _imports(code: str) -> str:
    known = ("base64", "math", "struct", "sys")
    lines = [f"import {word}" for word in known if re.search(rf"\b{word}\.", code)]
    others = [line for word, line in _OTHER_IMPORTS.items() if re.search(rf"\b{word}\b", code)]
    return "\n".join(lines + others)


_OTHER_IMPORTS = {
    "accumulate": "from itertools import accumulate",
    "mul": "from operator import mul",
    "np": "\nimport numpy as np",
}


def used(functions: Mapping[str, str], text: str) -> list[str]:
    """The functions that a text calls, and those that these call, in their order."""
    found: set[str] = set()
    while True:
        known = text + "".join(functions[name] for name in found)
        more = {name for name in functions if re.search(rf"(?<![\w.]){name}\(", known)}
        if more <= found:
            return [name for name in functions if name in found]
        found |= more


def _parts(inputs: list[Value], widths: list[int]) -> str:
    """The columns of a table that belong to each input, in its shape."""
    parts, start = [], 0
    for x, width in zip(inputs, widths, strict=True):
        columns = "table" if len(inputs) == 1 else f"table[:, {start} : {start + width}]"
        shape = "".join(f", {size}" for size in x.shape[1:])
        parts.append(columns if len(x.shape) == 2 else f"{columns}.reshape(-1{shape})")
        start += width
    return ", ".join(parts)


def _shape(value: Value) -> str:
    sizes = ["rows" if isinstance(s, tuple) else str(s) for s in value.shape]
    return f"({', '.join(sizes)}{',' if len(sizes) == 1 else ''})"


def _array(array: np.ndarray) -> str:
    dtype = numpy_lines.literal(array.dtype, "")
    if _are_few(array):
        return f"np.array({_nested(array)}, {dtype})"
    little = array.astype(array.dtype.newbyteorder("<"))
    return f"array({dtype}, {array.shape}, {_packed(little.tobytes())})"


def _list(array: np.ndarray) -> str:
    if _are_few(array):
        return _nested(array.ravel())
    kind = _KINDS.get(array.dtype.char, "q")
    little = array.astype(np.dtype(kind).newbyteorder("<"))
    return f'numbers("{kind}", {_packed(little.tobytes())})'


def _are_few(array: np.ndarray) -> bool:
    return array.size <= FEW and bool(np.isfinite(array).all())


def _nested(array: np.ndarray, depth: int = 1) -> str:
    """Nested lists, a row to each line, of numbers with the digits that they need."""
    if not array.ndim:
        return str(array[()])
    parts = [_nested(part, depth + 1) for part in array]
    text, indent = f"[{', '.join(parts)}]", "    " * depth
    if len(text) <= WIDTH - 40:
        return text
    lines = ",\n".join(parts) if array.ndim > 1 else textwrap.fill(text[1:-1], WIDTH - len(indent))
    return f"[\n{textwrap.indent(lines, indent)},\n{indent[4:]}]"


def _packed(data: bytes) -> str:
    """Bytes as text, in lines."""
    text = base64.b64encode(data).decode()
    lines = [text[i : i + WIDTH] for i in range(0, len(text), WIDTH)]
    return '"""\n' + "\n".join(lines) + '\n"""'
