"""Networks made to order: Linear layers with an activation between them, and what is around them.

Rows in their own units pass through `layers_before` first; the last layer can take over the unit of
the targets.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from ..data import Dataset, Scaling
from ..errors import OptionError
from ..nn import (
    ELU,
    GELU,
    Categories,
    Dropout,
    Identity,
    LeakyReLU,
    Linear,
    Missing,
    Module,
    ReLU,
    Sequential,
    Sigmoid,
    SiLU,
    Softplus,
    Standardize,
    Tanh,
)
from ..nn.initializers import Initializer, kaiming_normal, xavier_normal
from ..randomness import RandomSource
from .evaluate import predict

__all__ = ["ACTIVATIONS", "absorb_scaling", "build_network", "layers_before"]

ACTIVATIONS: dict[str, type[Module]] = {
    "relu": ReLU,
    "leaky-relu": LeakyReLU,
    "elu": ELU,
    "gelu": GELU,
    "silu": SiLU,
    "softplus": Softplus,
    "sigmoid": Sigmoid,
    "tanh": Tanh,
    "identity": Identity,
}
SATURATING = Sigmoid, Tanh  # their weights are drawn with Xavier's deviation


def build_network(
    sizes: Sequence[int],
    activation: str,
    dropout: float,
    rng: RandomSource,
    initializer: Initializer | None = None,
) -> Sequential:
    """Linear layers from each size to the next; activation, and dropout, after all but the last.

    Parameters
    ----------
    initializer : callable, optional
        Draws the weights; by default Xavier's for sigmoid and tanh, and Kaiming's for the others.

    Examples
    --------
    >>> network = build_network([2, 8, 1], "tanh", dropout=0.0, rng=0)
    >>> [type(layer).__name__ for layer in network]
    ['Linear', 'Tanh', 'Linear']

    Raises
    ------
    OptionError
        If the memory does not hold it.
    """
    between = ACTIVATIONS[activation]
    usual = xavier_normal if between in SATURATING else kaiming_normal
    layers: list[Module] = []
    for before, after in pairwise(sizes):
        try:
            linear = Linear(before, after, initializer=initializer or usual, rng=rng)
        except (MemoryError, ValueError):  # NumPy's ValueError: from 2⁶³ bytes on
            raise OptionError(
                f"layers: {before:,} times {after:,} weights do not fit into the memory.\n"
                "  Pass fewer neurons."
            ) from None
        layers += [linear, between()]
        layers += [Dropout(dropout, rng=rng)] if dropout else []
    return Sequential(*layers[: -2 if dropout else -1])


def layers_before(dataset: Dataset, x: np.ndarray, scaling: str) -> tuple[Module, ...]:
    """What the features x need before a network can learn them.

    Of a table, what is missing is filled and words become columns. With the scaling "standard" each
    column is brought to mean 0 and deviation 1, as measured on x.
    """
    words = dataset.vocabulary
    layers: list[Module] = []
    if dataset.columns:
        layers.append(filled := Missing.of(x, indicators=True))
        x = predict(filled, x)
    if scaling == "standard":
        layers.append(scaled := Standardize.of(x, spare=words))
        x = predict(scaled, x)
    if words:
        layers.append(Categories.of(x, words))
    return tuple(layers)


def absorb_scaling(network: Sequential, outputs: Scaling | None) -> None:
    """Let the last layer scale its outputs back.

    With M and D the mean and the deviation of the targets:

        (h W + b) D + M = h · W D + (b D + M)

    So a network that has learned scaled targets tells them in their own unit, and has not one part
    more.
    """
    if outputs is not None:
        last = network[-1]
        biases = last.biases.els * outputs.deviation + outputs.mean
        last.weights.els = (last.weights.els * outputs.deviation).astype(np.float32)
        last.biases.els = biases.astype(np.float32)
