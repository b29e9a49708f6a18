"""How likely labels are: softmax, its logarithm and the choice of the true class in one op.

Its gradient, softmax less one-hot, is what three rules would find one after the other.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .activations import softmax
from .indexing import take_along_axis
from .op import general
from .reductions import highest

__all__ = ["cross_entropy"]


@np.errstate(over="ignore")  # where even the difference overflows it is -inf, whose exp is 0
def _cross_entropy(x: Any, labels: Any) -> Any:
    shifted = x - highest(x, -1)
    chosen = take_along_axis.forward(shifted, labels[..., None])[..., 0]
    return np.log(np.add.reduce(np.exp(shifted), axis=-1)) - chosen


def _slope(x: Any, labels: Any) -> Any:
    """softmax(x) - one-hot."""
    classes = x.shape[-1]
    index, places = labels[..., None], np.arange(classes)
    true = (index == places) | (index == places - classes)  # label -1 is the last class
    return softmax(x) - true.astype(x.dtype)


cross_entropy = general(
    "cross_entropy",
    _cross_entropy,
    vjp=(lambda g, y, x, labels: g[..., None] * _slope(x, labels), None),
    jvp=(lambda t, y, x, labels: np.add.reduce(t * _slope(x, labels), axis=-1), None),
    equation="yᵢ = ln Σⱼ e^xᵢⱼ - x[i, labelᵢ]",
    onnx="SoftmaxCrossEntropyLoss",
)
