"""An example batch: rows that a network takes, and a target that a loss takes."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...errors import OptionError
from ...nn import NLL, Hinge, KLDivergence, Linear, Module
from ...train.evaluate import evaluating

__all__ = ["example"]

ROWS = 4


def example(model: Module, loss: Any, x: Any = None, y: Any = None) -> tuple[Any, Any]:
    """What is missing of a batch: x, or y, or both.

    Raises
    ------
    OptionError
        If there is no Linear to tell how many features a row has.
    """
    if x is None:
        layers = [m for _, m in model.named_modules() if isinstance(m, Linear)]
        if not layers:
            raise OptionError(
                f"explain: {type(model).__name__} has no Linear that tells the shape of a row.\n"
                "  Pass a batch: explain(model, loss, x, y)."
            )
        x = np.random.default_rng(0).random((ROWS, layers[0].input_neurons), dtype=np.float32)
    return x, _target(model, loss, x) if y is None else y


def _target(model: Module, loss: Any, x: Any) -> Any:
    """Each of the answers there are, by turns."""
    with evaluating(model):
        shape = model(x).shape
    if isinstance(loss, NLL):
        return np.arange(np.prod(shape[:-1], dtype=int)).reshape(shape[:-1]) % shape[-1]
    by_turns = np.arange(np.prod(shape, dtype=int)).reshape(shape) % 2
    if isinstance(loss, KLDivergence):
        return np.full(shape, 1 / shape[-1], np.float32)
    return (2 * by_turns - 1 if isinstance(loss, Hinge) else by_turns).astype(np.float32)
