"""Drawn graphs of ops, forwards and backwards: compiled they give what they give eagerly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import hypothesis.extra.numpy as hnp
import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

import glasswork as gw
from glasswork import functional as F

from .side_by_side import Training, check

Maker = Callable[..., Any]

ONE: dict[str, Maker] = {
    **{
        name: getattr(F, name)
        for name in (
            "abs", "cos", "elu", "erf", "exp", "floor", "gelu", "leaky_relu", "log_softmax",
            "negative", "relu", "sigmoid", "sign", "silu", "sin", "softmax", "softplus", "square",
            "tanh", "cumsum", "transpose", "flip", "sum", "mean", "max", "min", "var", "logsumexp",
            "norm",
        )
    },
    "sum of columns": lambda x: F.sum(x, axis=0),
    "sum of rows": lambda x: F.sum(x, axis=-1, keepdims=True),
    "mean of columns": lambda x: F.mean(x, axis=0, keepdims=True),
    "largest of rows": lambda x: F.max(x, axis=-1),
    "variance of columns": lambda x: F.var(x, axis=0),
    "logarithm": lambda x: F.log(F.abs(x) + 1),
    "root": lambda x: F.sqrt(F.abs(x) + 0.1),
    "reciprocal": lambda x: 1 / (F.abs(x) + 1),
    "cube": lambda x: F.tanh(x) ** 3,
    "flat": lambda x: F.reshape(x, (x.size,)),
    "first": lambda x: x[0],
    "last column": lambda x: x[..., -1],
    "backwards": lambda x: x[::-1],
    "every second": lambda x: x[..., ::2],
    "with an axis more": lambda x: x[None],
    "stretched": lambda x: F.broadcast_to(x, (2, *x.shape)),
    "padded": lambda x: F.pad(x, 1),
    "sorted": lambda x: F.take_along_axis(x, F.argsort(x, axis=-1), axis=-1),
    "rows twice": lambda x: x[np.array([0, -1, 0]), ...],
    "one minus": lambda x: 1 - x,
    "twice": lambda x: x * 2,
    "halved": lambda x: x / 2,
    "itself": lambda x: x + x,
    "in float64": lambda x: x.astype(np.float64),
    "in float32": lambda x: x.astype(np.float32),
    "positive part": lambda x: F.where(x > 0, x, 0.0),
    "clipped": lambda x: F.clip(x, -0.5, 0.5),
    "detached": lambda x: x.detach() * 0.5,
}  # fmt: skip
TWO: dict[str, Maker] = {
    "add": F.add,
    "subtract": F.subtract,
    "multiply": F.multiply,
    "divide": lambda a, b: a / (F.abs(b) + 1),
    "maximum": F.maximum,
    "minimum": F.minimum,
    "matmul": F.matmul,
    "power": lambda a, b: (F.abs(a) + 0.5) ** F.tanh(b),
    "where": lambda a, b: F.where(a > b, a, b),
    "concatenate": lambda a, b: F.concatenate([a, b], axis=-1),
    "stack": lambda a, b: F.stack([a, b]),
    "outer": lambda a, b: F.einsum("i,j->ij", a.reshape(-1), b.reshape(-1)),
}


class Recipe(NamedTuple):
    """Which ops are done to which values; the first values are given."""

    shapes: list[tuple[int, ...]]
    kinds: list[str]
    steps: list[tuple[str, tuple[int, ...]]]
    outputs: list[int]

    def values(self, givens: list[Any]) -> list[Any]:
        """The values that the steps make, after those that are given."""
        made = list(givens)
        for name, places in self.steps:
            made.append((ONE | TWO)[name](*(made[place] for place in places)))
        return made

    def givens(self, seed: int) -> list[np.ndarray]:
        rng = np.random.default_rng(seed)
        dtypes = [np.float64 if kind.endswith("64") else np.float32 for kind in self.kinds]
        return [
            np.asarray(rng.standard_normal(shape), dtype)
            for shape, dtype in zip(self.shapes, dtypes, strict=True)
        ]


@st.composite
def recipes(draw: Any) -> Recipe:
    """Up to twelve ops on two to four values; what cannot be done to its shapes is left out."""
    count = draw(st.integers(2, 4))
    same = draw(hnp.array_shapes(min_dims=0, max_dims=2, min_side=1, max_side=4))
    shape = st.just(same) | st.sampled_from([(), (1,), same[::-1], (2, *same)])
    shapes = [draw(shape) for _ in range(count)]
    kind = st.sampled_from(["parameter", "argument", "constant", "parameter 64", "argument 64"])
    kinds = ["parameter", *(draw(kind) for _ in range(count - 1))]
    recipe = Recipe(shapes, kinds, [], [])
    made = [gw.Tensor(x, requires_grad=True) for x in recipe.givens(0)]
    for name in draw(st.lists(st.sampled_from([*ONE, *TWO]), min_size=1, max_size=12)):
        operands = 1 if name in ONE else 2
        places = tuple(draw(st.integers(0, len(made) - 1)) for _ in range(operands))
        try:
            with np.errstate(all="ignore"):
                value = (ONE | TWO)[name](*(made[place] for place in places))
        except (ValueError, IndexError, TypeError):
            continue
        if value.size <= 200 and np.isfinite(value.els).all() and np.abs(value.els).max() < 1e3:
            made.append(value)
            recipe.steps.append((name, places))
    outputs = draw(st.lists(st.integers(0, len(made) - 1), min_size=1, max_size=3))
    recipe.outputs.extend(dict.fromkeys([len(made) - 1, *outputs]))
    return recipe


def training(recipe: Recipe) -> Training:
    """The gradient of all outputs, and the first of them as it is."""
    start = recipe.givens(1)
    holder = gw.Module()
    holder.parts = [
        gw.Parameter(x) if "parameter" in kind else None
        for x, kind in zip(start, recipe.kinds, strict=True)
    ]

    def step(*arguments):
        rest = iter(arguments)
        givens = [
            part if part is not None else x if kind == "constant" else gw.Tensor(next(rest))
            for part, x, kind in zip(holder.parts, start, recipe.kinds, strict=True)
        ]
        tensors = [x if isinstance(x, gw.Tensor) else gw.Tensor(x) for x in givens]
        values = recipe.values(tensors)
        loss = sum((F.sigmoid(values[place]).sum() for place in recipe.outputs), gw.Tensor(0.0))
        if loss.requires_grad:
            loss.backward()
        return loss, values[recipe.outputs[0]]

    return Training(step, [holder], [])


@pytest.mark.parametrize("exact", [True, False], ids=["exact", "fast"])
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(recipe=recipes())
@np.errstate(all="ignore")
def test_a_drawn_graph_compiled_is_the_graph(exact, recipe):
    def between(i, made):
        for part in made.modules[0].parameters():
            part.els = part.els * 0.9
            if i == 2:
                part.zero_grad()

    calls = [
        tuple(x for x, kind in zip(recipe.givens(seed), recipe.kinds, strict=True) if "arg" in kind)
        for seed in (2, 3, 4)
    ]
    # All gradients of a graph may cancel out: what is left is as uncertain as its parts, around 1.
    check(lambda: training(recipe), calls, exact, between, least=1.0)
