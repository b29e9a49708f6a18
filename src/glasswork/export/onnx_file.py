"""Export to ONNX, the exchange format that most runtimes read."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from ..saving import atomic_write
from .drawing import ROWS, draw
from .onnx_builder import Builder, onnx_package
from .onnx_nodes import emit

__all__ = ["onnx"]


def onnx(
    model: Callable[..., Any],
    path: str | os.PathLike[str],
    example: Any,
    *,
    rows: bool = True,
) -> None:
    """Write a model as an ONNX file, which onnxruntime and many others run.

    The model is run in eval mode on rows of the example and each op becomes one operator of ONNX,
    or a few. Parameters and buffers keep their paths as names ("0.weights"), the inputs are called
    x (or x1, x2, …), and the file takes them in the dtype that they have in the example.

    Parameters
    ----------
    model : Module or function of tensors
        A function may be a whole loss: `lambda x, y: loss(model(x), y)`.
    path : str or path
        The file to write, as a whole or not at all; its folder must exist.
    example : array_like, or a tuple of them
        A few rows of real data, different ones; of each input, if there are several.
    rows : bool
        Whether the first axis of each input is rows, of which the file takes any number.
        With False all shapes are those of the example.

    Raises
    ------
    MissingExtraError
        If the package onnx is not installed.
    UnsupportedError
        If an op has no counterpart in ONNX, or a value does not come about by ops: it names the
        op and the module.
    OptionError, ShapeError
        If the model gives no tensor, or the example is no rows.
    OSError
        If the file cannot be written.

    Examples
    --------
    >>> model = gw.Sequential(gw.Linear(4, 3, rng=0), gw.Softmax())
    >>> gw.export.onnx(model, "model.onnx", np.ones((2, 4), np.float32))  # doctest: +SKIP
    """
    checker = onnx_package("checker")
    network = draw(model, example, ROWS if rows else None)
    builder = Builder(network)
    for node in network.nodes:
        emit(builder, node)
    if not network.nodes:
        builder.end(network.output.name, "y")
        network.output.name = "y"
    proto = builder.model(network)
    checker.check_model(proto, full_check=True)
    with atomic_write(path) as file:
        file.write(proto.SerializeToString())
