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
from glasswork.compiler.plan import Buffer

GRID = {
    "2-16-16-2, batch 32": ((2, 16, 16, 2), 32),
    "4-64-64-3, batch 16": ((4, 64, 64, 3), 16),
    "784-256-128-10, batch 1": ((784, 256, 128, 10), 1),
    "784-256-128-10, batch 32": ((784, 256, 128, 10), 32),
    "784-256-128-10, batch 256": ((784, 256, 128, 10), 256),
    "784-256-128-10, batch 1024": ((784, 256, 128, 10), 1024),
}
LARGEST = "1024-2048-2048-2048-10, batch 512"
MEMORIES = {"velocity", "mean", "mean_square"}
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


@pytest.mark.parametrize("moves", OPTIMIZERS)
@pytest.mark.parametrize("shape", [*GRID, LARGEST])
def test_a_step_needs_parameters_gradients_memories_and_the_arena(shape, moves, traced):
    sizes, batch = (GRID | {LARGEST: ((1024, 2048, 2048, 2048, 10), 512)})[shape]
    step, arguments, model = made(sizes, batch, OPTIMIZERS[moves])
    step(*arguments), step(*arguments)
    gc.collect()
    tracemalloc.reset_peak()
    before, _ = tracemalloc.get_traced_memory()
    step(*arguments)
    assert tracemalloc.get_traced_memory()[1] - before < 64_000
    plan = step.programs[-1].plan
    assert least_of(plan) <= plan.least <= plan.size <= 1.1 * least_of(plan)
    vectors = 2 + len(step.programs[-1].page.given.keys() & MEMORIES)
    expected = vectors * sum(p.els.nbytes for p in model.parameters()) + plan.size
    assert arrays() < expected + sum(each.nbytes for each in arguments) + 64_000


def arrays():
    """The bytes of all arrays that were made since tracing began."""
    domain = tracemalloc.DomainFilter(True, np.lib.tracemalloc_domain)
    return sum(trace.size for trace in tracemalloc.take_snapshot().filter_traces([domain]).traces)


def least_of(plan):
    """The most bytes that one line needs at once, of those that no vector holds."""
    made = {line: i for i, line in enumerate(plan.lines)}
    last = dict(made)
    for i, line in enumerate(plan.lines):
        last |= dict.fromkeys((x.root for x in line.inputs), i)
    sizes = {x: into.nbytes for x, into in plan.into.items() if isinstance(into, Buffer)}

    def needed(i, line):
        alive = [x for x in sizes if made[x] < i <= last[x]]
        own = sizes.get(line, 0)
        over = any(last[x] == i and sizes[x] == own and x in line.inputs for x in alive)
        return sum(sizes[x] for x in alive) + own * (not (over and line.call.overwrites))

    return max(needed(i, line) for i, line in enumerate(plan.lines))


@pytest.mark.parametrize("moves", OPTIMIZERS.values(), ids=OPTIMIZERS)
@pytest.mark.parametrize("shape", GRID.values(), ids=GRID)
def test_the_arena_of_an_exact_page_is_hardly_larger_than_what_is_alive_at_one_time(shape, moves):
    step, batch, _ = made(*shape, moves, exact=True)
    step(*batch)
    plan = step.programs[-1].plan
    assert least_of(plan) <= plan.size <= 1.1 * least_of(plan)


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
