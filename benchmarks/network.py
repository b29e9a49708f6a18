"""What every contender is given: the networks, their first weights, their batches, the rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, pairwise

import numpy as np

Array = np.ndarray


@dataclass(frozen=True)
class Network:
    """Affine layers with ReLU between them, under softmax cross-entropy, in float32."""

    sizes: tuple[int, ...]
    batch: int
    seed: int = 0

    def __str__(self) -> str:
        return f"{'-'.join(map(str, self.sizes))}, batch {self.batch}"

    def weights(self) -> list[tuple[Array, Array]]:
        """(inputs, outputs) and (outputs,) of each layer, the same at every call."""
        rng = np.random.default_rng(self.seed)
        return [
            (
                rng.standard_normal((n, m), np.float32) * np.float32((2 / n) ** 0.5),
                rng.standard_normal(m, np.float32) * np.float32(0.1),
            )
            for n, m in pairwise(self.sizes)
        ]

    def batches(self) -> Iterator[tuple[Array, Array]]:
        """Noise with labels drawn at random, without end, the same at every call.

        With learning rates this small, gradients keep an ordinary size while a run lasts:
        subnormal numbers would slow some contenders down and not others.
        """
        rng = np.random.default_rng(self.seed + 1)
        pool = max(8, 1024 // self.batch)
        samples = rng.standard_normal((pool, self.batch, self.sizes[0]), np.float32)
        labels = rng.integers(0, self.sizes[-1], (pool, self.batch))
        return cycle(list(zip(samples, labels, strict=True)))


def shuffled(
    x: Array, labels: Array, batch: int, rng: np.random.Generator
) -> Iterator[tuple[Array, Array]]:
    """One pass over all samples in a random order, in batches, the last one perhaps smaller."""
    order = rng.permutation(len(x))
    for start in range(0, len(x), batch):
        rows = order[start : start + batch]
        yield x[rows], labels[rows]


@dataclass(frozen=True)
class Rule:
    """A learning rule with its constants: "sgd" is SGD with momentum, "adam" is Adam."""

    name: str
    learning_rate: float
    momentum: float = 0.9
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8


RULES = {"sgd": Rule("sgd", 0.001), "adam": Rule("adam", 0.0001)}

GRID = (
    Network((2, 16, 16, 2), 32),
    Network((4, 64, 64, 3), 16),
    Network((784, 256, 128, 10), 1),
    Network((784, 256, 128, 10), 32),
    Network((784, 256, 128, 10), 256),
    Network((784, 256, 128, 10), 1024),
    Network((1024, 2048, 2048, 2048, 10), 512),
)
QUICK_GRID = (GRID[0], GRID[3], GRID[4])
