"""One file per contender. To add one, write its file and put its name into NAMES.

A contender is a module with

TITLE       what the tables call it;
PACKAGES    the distributions whose versions are reported; it is skipped where its imports fail;
training    makes its training step for a network and a learning rule (optional);
predicting  makes its function from samples to classes for a network's first weights (optional);
chain       makes its chain of multiplications (optional);
learn       trains a network on samples as its users would; returns what names classes (optional).

It is imported in a process of its own, so it may import and set what it likes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from benchmarks.network import Array

NAMES = (
    "by_hand",
    "glasswork_eager",
    "glasswork_compiled",
    "torch_eager",
    "torch_fused",
    "torch_compiled",
    "jax_jit",
    "scikit_learn",
    "autograd",
    "mygrad",
    "tinygrad",
    "onnx_runtime",
)
FLOOR = NAMES[0]

Step = Callable[[Array, Array], Any]
"""Trains on one batch of samples and labels; returns the loss, a number with an `item`."""


Classifier = Callable[[Array], Array]
"""Samples to classes."""


class Chain(NamedTuple):
    """`x * factor * factor * …`, where only x wants a gradient."""

    record: Callable[[], Any]
    """Computes the last value, noting what a gradient needs."""
    differentiate: Callable[[], Any]
    """Does that and then returns the gradient of x, an array, for a gradient of ones."""
