"""The networks that the command line makes: Linear layers with an activation between them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from ..data import Scaling
from ..errors import OptionError
from ..nn import (
    ELU,
    GELU,
    Dropout,
    LeakyReLU,
    Linear,
    Module,
    ReLU,
    Sequential,
    Sigmoid,
    SiLU,
    Softplus,
    Tanh,
)
from ..nn.initializers import kaiming_normal, xavier_normal
from ..randomness import RandomSource

__all__ = ["ACTIVATIONS", "absorb_scaling", "build_network"]

ACTIVATIONS: dict[str, type[Module]] = {
    "relu": ReLU,
    "leaky-relu": LeakyReLU,
    "elu": ELU,
    "gelu": GELU,
    "silu": SiLU,
    "softplus": Softplus,
    "sigmoid": Sigmoid,
    "tanh": Tanh,
}
SATURATING = Sigmoid, Tanh  # their weights are drawn with Xavier's deviation


def build_network(
    sizes: Sequence[int], activation: str, dropout: float, rng: RandomSource
) -> Sequential:
    """Linear layers from each size to the next; activation, and dropout, after all but the last.

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
    initializer = xavier_normal if between in SATURATING else kaiming_normal
    layers: list[Module] = []
    for before, after in pairwise(sizes):
        try:
            linear = Linear(before, after, initializer=initializer, rng=rng)
        except (MemoryError, ValueError):  # NumPy's ValueError: from 2⁶³ bytes on
            raise OptionError(
                f"--layers: {before:,} times {after:,} weights do not fit into the memory.\n"
                "  Pass fewer neurons."
            ) from None
        layers += [linear, between()]
        layers += [Dropout(dropout, rng=rng)] if dropout else []
    return Sequential(*layers[: -2 if dropout else -1])


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
