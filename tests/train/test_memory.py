"""A step leaves nothing behind: memory is flat, with the garbage collector switched off."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from glasswork import SGD, Adam, Batches, CrossEntropy, Dropout, Linear, ReLU, Sequential, fit

STEPS = 1000


@pytest.fixture(autouse=True)
def without_collector() -> Iterator[None]:
    gc.collect()
    gc.disable()
    tracemalloc.start()
    yield
    tracemalloc.stop()
    gc.enable()


def growth(train: Callable[[int], object]) -> int:
    """Bytes that are held after a thousand steps, and were not after the first fifty."""
    train(50)
    before, _ = tracemalloc.get_traced_memory()
    train(STEPS)
    return tracemalloc.get_traced_memory()[0] - before


def network() -> Sequential:
    return Sequential(Linear(64, 32, rng=0), ReLU(), Dropout(0.1, rng=1), Linear(32, 10, rng=2))


@pytest.fixture
def batch() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    return rng.random((32, 64), np.float32), rng.integers(10, size=32)


@pytest.mark.parametrize("optimizer_of", [SGD, Adam])
def test_a_loop_of_ones_own_leaves_memory_flat(optimizer_of, batch):
    model, loss_function = network(), CrossEntropy()
    optimizer = optimizer_of(model.parameters(), 0.01)
    x, y = batch

    def train(steps):
        for _ in range(steps):
            loss_function(model(x), y).backward()
            optimizer.step(zero_grad=True)

    assert growth(train) < 1_000_000


def test_fit_leaves_memory_flat(batch):
    model, loss_function = network(), CrossEntropy()
    optimizer = SGD(model.parameters(), 0.01, momentum=0.9)
    batches = Batches(*batch, batch_size=8, rng=0)
    assert growth(lambda n: fit(model, loss_function, optimizer, batches, n // 4)) < 1_000_000


def test_a_forward_pass_without_backward_leaves_nothing(batch):
    model, loss_function = network(), CrossEntropy()
    x, y = batch

    def forward(steps):
        for _ in range(steps):
            loss_function(model(x), y)

    assert growth(forward) < 1_000_000


def test_a_printed_tape_leaves_nothing(batch):
    model, loss_function = network(), CrossEntropy()
    x, y = batch

    def look(steps):
        for _ in range(steps // 10):
            loss = loss_function(model(x), y)
            loss.backward()
            str(loss.tape)

    assert growth(look) < 1_000_000
