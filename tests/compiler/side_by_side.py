"""One training, run twice from the same start: as it is, and compiled."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np

import glasswork as gw
from glasswork.nn.tree import walk
from glasswork.optim import Optimizer

__all__ = [
    "STEPS", "TOLERANCE", "Training", "agree", "arrays_of", "check", "compare", "of_batches", "run",
    "training",
]  # fmt: skip

STEPS = 50
BATCH, FEATURES, OUTPUTS = 6, 4, 3

# What another order of the same sums may add up to in 50 steps, as a share of the largest element:
# some tens of roundings (6e-8, 1e-16) in the dtypes for which it is promised. In float16, whose
# roundings are 5e-4, the steps themselves are as coarse.
TOLERANCE = {np.dtype(np.float64): 1e-11, np.dtype(np.float32): 1e-5, np.dtype(np.float16): 2e-2}


class Training(NamedTuple):
    """A step, and all that it changes."""

    step: Callable[..., Any]
    modules: list[Any]
    optimizers: list[Optimizer]

    def tensors(self) -> list[gw.Tensor]:
        found = [node for module in self.modules for _, node in walk(module)]
        return [node for node in found if isinstance(node, gw.Tensor)]


def training(model: Any, loss: Any, optimizer: Any) -> Training:
    """The usual step."""

    def step(x, y, *weights):
        value = loss(model(x), y, *weights)
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
        return value

    return Training(step, [model], [optimizer])


def of_batches(*shapes: Any, steps: int = STEPS, seed: int = 0) -> list[tuple[Any, ...]]:
    """Arguments for each of some steps: for each shape numbers, for each function what it draws."""
    rng = np.random.default_rng(seed)
    return [
        tuple(
            shape(rng) if callable(shape) else rng.standard_normal(shape).astype(np.float32)
            for shape in shapes
        )
        for _ in range(steps)
    ]


def arrays_of(result: Any) -> Iterator[np.ndarray]:
    """All numbers in what a step returned."""
    if isinstance(result, dict):
        result = list(result.values())
    if isinstance(result, list | tuple):
        for part in result:
            yield from arrays_of(part)
    elif result is not None:
        yield np.array(result.els if isinstance(result, gw.Tensor) else result)


Between = Callable[[int, Training], None]
Run = list[dict[str, list[np.ndarray]]]


def run(made: Training, calls: Iterable[tuple[Any, ...]], between: Between | None = None) -> Run:
    """The results and the parameters of each step; at the end gradients and memories as well."""
    gw.seed(7)
    found = []
    for i, arguments in enumerate(calls):
        if between is not None:
            between(i, made)
        results = arrays_of(made.step(*arguments))
        found.append({f"result {k}": [array] for k, array in enumerate(results)})
        found[-1]["parameters"] = [tensor.els.copy() for tensor in made.tensors()]
    end: dict[str, list[np.ndarray]] = {}
    for tensor in made.tensors():
        if tensor.grad is not None:
            end.setdefault("gradients", []).append(np.array(tensor.grad))
    for optimizer in made.optimizers:
        for name, value in optimizer.state_dict().items():
            end.setdefault(name.rpartition(".")[2], []).append(np.asarray(value))
    return [*found, end]


def check(
    make: Callable[[], Training],
    calls: Iterable[tuple[Any, ...]],
    exact: bool,
    between: Between | None = None,
    *,
    expected: Run | None = None,
    least: float = 0.0,
) -> None:
    """Both runs are alike at each step: in the same bits, or within the tolerance."""
    calls = list(calls)
    if expected is None:
        expected = run(make(), calls, between)
    made = make()
    found = run(made._replace(step=gw.compile(made.step, exact=exact)), calls, between)
    tolerances = [TOLERANCE[tensor.dtype] for tensor in made.tensors()]
    agree(found, expected, 0 if exact else max(tolerances, default=0), least)


def agree(found: Run, expected: Run, tolerance: float, least: float = 0.0) -> None:
    """Two runs are the same at each step."""
    for i, (ours, theirs) in enumerate(zip(found, expected, strict=True)):
        assert ours.keys() == theirs.keys()
        for name in theirs:
            compare(ours[name], theirs[name], tolerance, least, f"{name}, step {i}")


def compare(
    ours: list[np.ndarray], theirs: list[np.ndarray], tolerance: float, least: float, where: str
) -> None:
    """The same shapes, dtypes and bits; or as close as that to the largest number among them.

    What a sum of many numbers of both signs leaves is as uncertain as the numbers were large.
    """
    largest = max([least, *(np.abs(b).max() for b in theirs if b.size)])
    for a, b in zip(ours, theirs, strict=True):
        assert (a.shape, a.dtype) == (b.shape, b.dtype), where
        if np.array_equal(a, b):
            continue  # what follows says where they differ, and takes its time for it
        if not tolerance or a.dtype.kind != "f":
            np.testing.assert_array_equal(a, b, where)
        else:
            np.testing.assert_allclose(a, b, rtol=0, atol=tolerance * largest, err_msg=where)
