"""Networks that take one row at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..errors import OptionError, UnsupportedError
from ..nn import Module
from .drawing import draw, examples
from .graph import Network
from .tracing import run

__all__ = ["SHOWN", "example_for", "one_row", "shown"]

SHOWN = 4  # rows of the example that a file tests itself with


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
    arrays = [x[:SHOWN] for x in examples(example)]
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
