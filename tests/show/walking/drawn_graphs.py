"""Graphs drawn at random: which ops are done to which values, where some are used often."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

import glasswork as gw
from glasswork import functional as F

ONE: list[Callable[[Any], Any]] = [
    np.sin, np.tanh, F.sigmoid, F.relu, F.softmax, lambda x: x * x, lambda x: x**3, F.transpose,
    lambda x: x.sum(axis=0), lambda x: x.mean(axis=-1, keepdims=True), lambda x: x[::-1],
    lambda x: x[np.array([0, -1, 0])], lambda x: x[..., -1], lambda x: x.reshape(-1),
    lambda x: F.broadcast_to(x, (2, *x.shape)), lambda x: F.log(x * x + 1), lambda x: x[None] + x,
    lambda x: x.var(axis=0), F.cumsum, lambda x: F.concatenate([x, x, x], axis=-1),
    lambda x: 1 / (x * x + 1), lambda x: np.exp(-x * x), lambda x: F.logsumexp(x, axis=-1),
    lambda x: F.where(x > 0, x, 0.1 * x), lambda x: F.norm(x) + x,
]  # fmt: skip
TWO: list[Callable[[Any, Any], Any]] = [
    lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a * b, lambda a, b: a / (b * b + 1),
    lambda a, b: a @ b, lambda a, b: a @ b.mT, F.maximum, lambda a, b: F.stack([a, b, a]),
    lambda a, b: np.einsum("i,j->ij", a.reshape(-1), b.reshape(-1)),
]  # fmt: skip
SHAPES = [(), (1,), (3,), (2, 3), (3, 2), (3, 1), (1, 3), (3, 3)]


class Graph(NamedTuple):
    """What is given, and what is done."""

    givens: list[np.ndarray]
    steps: list[tuple[Callable[..., Any], tuple[int, ...]]]

    def loss(self, givens: list[Any]) -> Any:
        """One number, on which all rests that was made and is used no further."""
        made, used = list(givens), set()
        for op, places in self.steps:
            made.append(op(*(made[place] for place in places)))
            used.update(places)
        ends = [value for place, value in enumerate(made) if place not in used]
        return sum((F.sum(np.sin(value) * 0.5) for value in ends[1:]), F.sum(ends[0]))

    def tensors(self) -> list[gw.Tensor]:
        return [gw.Tensor(x, requires_grad=True) for x in self.givens]


def drawn(seed: int) -> Graph:
    """Up to twelve ops; what the shapes forbid, or would make large, is left out."""
    rng = np.random.default_rng(seed)
    shapes = [SHAPES[i] for i in rng.integers(len(SHAPES), size=rng.integers(1, 4))]
    graph = Graph([np.asarray(rng.normal(size=shape)) for shape in shapes], [])
    made: list[Any] = graph.tensors()
    for _ in range(rng.integers(2, 13)):
        ops = ONE if rng.random() < 0.5 else TWO
        op = ops[rng.integers(len(ops))]
        places = tuple(rng.integers(len(made), size=1 if ops is ONE else 2).tolist())
        try:
            value = op(*(made[place] for place in places))
        except (ValueError, IndexError, TypeError):
            continue
        if 0 < value.size <= 60 and np.abs(value.els).max() < 50:
            made.append(value)
            graph.steps.append((op, places))
    return graph


def slopes(graph: Graph, step: float = 1e-5) -> Iterator[np.ndarray]:
    """The gradient with respect to each of what is given, by central differences."""
    for i, x in enumerate(graph.givens):
        slope = np.zeros_like(x)
        for place in np.ndindex(x.shape):
            ends = []
            for sign in (1, -1):
                moved = x.copy()
                moved[place] += sign * step
                givens = [*graph.givens[:i], moved, *graph.givens[i + 1 :]]
                ends.append(graph.loss([gw.Tensor(given) for given in givens]).item())
            slope[place] = (ends[0] - ends[1]) / (2 * step)
        yield slope
