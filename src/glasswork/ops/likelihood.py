"""How likely labels are: softmax, its logarithm and the choice of the true class in one op.

Its gradient, softmax less one-hot, is what three rules would find one after the other.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .activations import softmax
from .indexing import scatter_along_axis, take_along_axis
from .op import general
from .reductions import highest

__all__ = ["cross_entropy"]


@np.errstate(over="ignore")  # where even the difference overflows it is -inf, whose exp is 0
def _cross_entropy(x: Any, labels: Any) -> Any:
    shifted = x - highest(x, -1)
    chosen = take_along_axis.forward(shifted, labels[..., None])[..., 0]
    return np.log(np.add.reduce(np.exp(shifted), axis=-1)) - chosen


def _vjp(g: Any, y: Any, x: Any, labels: Any) -> Any:
    """g (softmax(x) - one-hot)."""
    g = g[..., None]
    return g * softmax(x) - scatter_along_axis(g, labels[..., None], axis=-1, shape=x.shape)


def _jvp(t: Any, y: Any, x: Any, labels: Any) -> Any:
    chosen = take_along_axis(t, labels[..., None])[..., 0]
    return np.add.reduce(t * softmax(x), axis=-1) - chosen


cross_entropy = general(
    "cross_entropy",
    _cross_entropy,
    vjp=(_vjp, None),
    jvp=(_jvp, None),
    equation="yᵢ = ln Σⱼ e^xᵢⱼ - x[i, labelᵢ]",
    onnx="SoftmaxCrossEntropyLoss",
)
