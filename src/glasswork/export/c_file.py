"""Export to one file of C99, which needs nothing but its mathematics."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from ..limits import path_of
from ..saving import atomic_write
from .c_lines import FUNCTIONS, constant, statements, table
from .drawing import example_for, one_row, shown
from .flat import flatten
from .graph import Network
from .pages import C
from .python_file import commented, read_in, tolerance, used

__all__ = ["c"]


def c(model: Callable[..., Any], path: str | os.PathLike[str], example: Any = None) -> None:
    r"""Write a model as one file of C99 that depends on nothing but `math.h`.

    It holds `void predict(const float *x, float *y)` for one row and
    `void predict_rows(const float *x, float *y, int rows)` for several; the sizes of a row are
    `INPUTS` and `OUTPUTS`. Everything is float, memory is that of the stack. Compiled with
    `-DGLASSWORK_MAIN` the file is a program that reads rows of numbers and prints their outputs,
    or with `--self-test` compares the outputs for a few rows of the example with those that the
    model gave.

    Parameters
    ----------
    model : Module or function of a tensor
        It is run in eval mode.
    path : str or path
        The file to write, as a whole or not at all; its folder must exist.
    example : array_like, optional
        A few rows of real data, different ones. The first four go into the file. Without it rows
        are drawn, if a layer tells how wide they are.

    Raises
    ------
    UnsupportedError
        If an op cannot be written so, a value does not come about by ops, or the output for a
        row depends on other rows.
    OptionError, ShapeError
        If the model gives no tensor or takes several, or the example is no rows.
    OSError
        If the file cannot be written.

    Examples
    --------
    >>> model = gw.Sequential(gw.Linear(3, 2, rng=0), gw.Tanh())
    >>> gw.export.c(model, "model.c", np.ones((2, 3), np.float32))
    >>> text = Path("model.c").read_text(encoding="utf-8")
    >>> print(text[text.index("    // model.0") :].partition("\n}")[0])
        // model.0 Linear(3, 2)
        float linear_0_matmul[2];
        matmul(x, linear_0_weights, linear_0_matmul, 1, 3, 2);
        float linear_0[2];
        for (int i = 0; i < 2; i++) linear_0[i] = linear_0_matmul[i] + linear_0_biases[i];
        // model.1 Tanh()
        float tanh_1[2];
        for (int i = 0; i < 2; i++) tanh_1[i] = tanhf(linear_0[i]);
        for (int i = 0; i < OUTPUTS; i++) y[i] = tanh_1[i];
    """
    example = example_for(model) if example is None else example
    network = one_row(model, example, "C")
    inputs, expected = shown(model, example)
    page = _page(network, path_of("c", path).name, inputs[0], expected)
    with atomic_write(path, "w") as file:
        file.write(page)


def _page(network: Network, name: str, inputs: np.ndarray, expected: np.ndarray) -> str:
    loops, result = flatten(network, "C")
    each = ((node, [line for s in steps for line in statements(s)]) for node, steps in loops)
    lines = [*commented(each, "//"), f"for (int i = 0; i < OUTPUTS; i++) y[i] = {result}[i];"]
    body = textwrap.indent("\n".join(lines), "    ")
    constants = [_floats(x.name, x.array) for x in network.constants if read_in(body, x)]
    return C.format(
        name=name,
        program=Path(name).stem,
        title=textwrap.indent(network.title, " * ").replace("*/", "* /"),
        inputs=inputs[0].size,
        outputs=expected[0].size,
        constants="\n".join(constants),
        functions="".join(FUNCTIONS[word] for word in used(FUNCTIONS, body)),
        body=body,
        rows=len(inputs),
        tolerance=tolerance(network),
        example=_floats("example", inputs),
        expected=_floats("expected", expected),
    )


def _floats(name: str, array: np.ndarray) -> str:
    return table("float", name, [constant(v) for v in array.ravel().tolist()])
