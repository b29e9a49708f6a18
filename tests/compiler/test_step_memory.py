"""A step needs the memory that is planned for it, and no more."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest

import glasswork as gw
from glasswork import nn

GRID = {
    "2-16-16-2, batch 32": ((2, 16, 16, 2), 32),
    "4-64-64-3, batch 16": ((4, 64, 64, 3), 16),
    "784-256-128-10, batch 1": ((784, 256, 128, 10), 1),
    "784-256-128-10, batch 32": ((784, 256, 128, 10), 32),
    "784-256-128-10, batch 256": ((784, 256, 128, 10), 256),
    "784-256-128-10, batch 1024": ((784, 256, 128, 10), 1024),
}
OPTIMIZERS = {
    "SGD": lambda p: gw.SGD(p, 0.01),
    "momentum": lambda p: gw.SGD(p, 0.01, momentum=0.9),
    "Adam": lambda p: gw.Adam(p, 0.001),
}


@pytest.fixture
def traced() -> Iterator[None]:
    gc.collect()
    tracemalloc.start()
    yield
    tracemalloc.stop()


def made(sizes, batch, moves, exact=False):
    rng = np.random.default_rng(0)
    layers = [nn.Linear(a, b, rng=i) for i, (a, b) in enumerate(pairwise(sizes))]
    parts = [part for layer in layers for part in (layer, nn.ReLU())][:-1]
    model, loss = nn.Sequential(*parts), nn.CrossEntropy()
    optimizer = moves(model.parameters())

    @gw.compile(exact=exact)
    def step(x, y):
        value = loss(model(x), y)
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
        return value

    x = rng.standard_normal((batch, sizes[0])).astype(np.float32)
    return step, (x, rng.integers(0, sizes[-1], batch)), model


@pytest.mark.parametrize("moves", OPTIMIZERS.values(), ids=OPTIMIZERS)
@pytest.mark.parametrize(
    "shape",
    [pytest.param(shape, id=name) for name, shape in GRID.items()],
)
def test_no_step_after_the_first_takes_64_kb(shape, moves, traced):
    step, batch, _ = made(*shape, moves)
    for _ in range(3):
        step(*batch)
    for _ in range(3):
        tracemalloc.reset_peak()
        before, _ = tracemalloc.get_traced_memory()
        step(*batch)
        _, peak = tracemalloc.get_traced_memory()
        assert peak - before < 64_000


@pytest.mark.parametrize("exact", [True, False], ids=["exact", "fast"])
@pytest.mark.parametrize("moves", OPTIMIZERS.values(), ids=OPTIMIZERS)
@pytest.mark.parametrize("shape", GRID.values(), ids=GRID)
def test_the_arena_is_hardly_larger_than_what_is_alive_at_one_time(shape, moves, exact):
    step, batch, _ = made(*shape, moves, exact)
    step(*batch)
    plan = step.programs[-1].plan
    assert plan.least <= plan.size <= 1.1 * plan.least


def test_what_is_alive_at_one_time_does_not_overlap():
    step, batch, _ = made((4, 64, 64, 3), 16, OPTIMIZERS["Adam"])
    step(*batch)
    plan = step.programs[-1].plan
    buffers = {id(b): b for b in plan.into.values() if hasattr(b, "start")}.values()
    for a in buffers:
        assert a.start % 64 == 0 and a.start + a.nbytes <= plan.size
        for b in buffers:
            if a is not b and a.first <= b.last and b.first <= a.last:
                assert a.start + a.nbytes <= b.start or b.start + b.nbytes <= a.start


def test_a_program_holds_parameters_gradients_memory_and_the_arena(traced):
    step, batch, model = made((784, 256, 128, 10), 256, OPTIMIZERS["momentum"])
    before, _ = tracemalloc.get_traced_memory()
    step(*batch)
    gc.collect()
    held = tracemalloc.get_traced_memory()[0] - before
    vectors = 2 * sum(p.els.nbytes for p in model.parameters())  # parameters were there before
    assert held < vectors + step.programs[-1].plan.size + 300_000  # the page and what it is made of


def test_programs_for_several_batch_sizes_share_one_arena(traced):
    step, (x, y), _ = made((784, 256, 128, 10), 256, OPTIMIZERS["SGD"])
    step(x, y)
    before, _ = tracemalloc.get_traced_memory()
    for n in (1, 32, 200, 255):
        step(x[:n], y[:n])
    gc.collect()
    held, _ = tracemalloc.get_traced_memory()
    assert held - before < 4 * 300_000  # four arenas would be 2.6 MB more


def test_a_thousand_steps_leave_memory_flat(traced):
    step, batch, _ = made((2, 16, 16, 2), 32, OPTIMIZERS["Adam"])
    for _ in range(50):
        step(*batch)
    gc.collect()
    before, _ = tracemalloc.get_traced_memory()
    gc.disable()
    try:
        for _ in range(1000):
            step(*batch)
    finally:
        gc.enable()
    held, _ = tracemalloc.get_traced_memory()
    assert held - before < 64_000


def test_a_compiled_step_that_is_forgotten_leaves_nothing(traced):
    def run():
        step, batch, _ = made((784, 256, 128, 10), 256, OPTIMIZERS["momentum"])
        step(*batch)

    run()
    gc.collect()
    before, _ = tracemalloc.get_traced_memory()
    run()
    gc.collect()
    held, _ = tracemalloc.get_traced_memory()
    assert held - before < 200_000
