"""How likely labels are: softmax, its logarithm and the choice of the true class in one op.

Its gradient, softmax less one-hot, is what three rules would find one after the other.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from .activations import softmax
from .indexing import ROWS, getitem
from .op import general
from .reductions import highest

__all__ = ["cross_entropy"]

_FEW = 256  # classes: up to here it is faster to read rows of a table than to compare


@np.errstate(over="ignore")  # where even the difference overflows it is -inf, whose exp is 0
def _cross_entropy(x: Any, labels: Any) -> Any:
    shifted = x - highest(x, -1)
    rows = shifted.reshape(labels.size, x.shape[-1])
    chosen = rows[np.arange(labels.size), labels.reshape(-1)].reshape(labels.shape)
    total = np.add.reduce(np.exp(shifted), axis=-1, keepdims=True)
    return np.log(total)[..., 0] - chosen


def _slope(x: Any, labels: Any) -> Any:
    """softmax(x) - one-hot."""
    return softmax(x) - _one_hot(labels, x.shape[-1], x.dtype)


def _one_hot(labels: Any, classes: int, dtype: Any) -> Any:
    if classes <= _FEW:
        return getitem(_identity(classes, dtype), labels, key=ROWS)
    labels = labels.astype(np.intp) % classes  # label -1 is the last class
    return (labels[..., None] == np.arange(classes)).astype(dtype)


@lru_cache(maxsize=8)
def _identity(classes: int, dtype: Any) -> Any:
    table = np.eye(classes, dtype=dtype)
    table.flags.writeable = False  # all who ask have the same one
    return table


cross_entropy = general(
    "cross_entropy",
    _cross_entropy,
    vjp=(lambda g, y, x, labels: g[..., None] * _slope(x, labels), None),
    jvp=(lambda t, y, x, labels: np.add.reduce(t * _slope(x, labels), axis=-1), None),
    equation="yᵢ = ln Σⱼ e^xᵢⱼ - x[i, labelᵢ]",
    onnx="SoftmaxCrossEntropyLoss",
)
