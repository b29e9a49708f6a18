"""Networks that take one row at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..errors import OptionError, UnsupportedError
from .drawing import draw, examples
from .graph import Network
from .tracing import run

__all__ = ["SHOWN", "one_row", "shown"]

SHOWN = 4  # rows of the example that a file tests itself with


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
