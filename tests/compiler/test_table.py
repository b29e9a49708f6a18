"""The plan of a step tells what each line costs, and its profile how long it takes."""

from __future__ import annotations

import numpy as np

import glasswork as gw
from glasswork import nn
from glasswork.randomness import generator

from .side_by_side import FEATURES, OUTPUTS, of_batches, training

BATCH = 32
data = of_batches((BATCH, FEATURES), (BATCH, OUTPUTS), steps=3)


def made():
    model = nn.Sequential(
        nn.Linear(FEATURES, 5, rng=7),
        nn.BatchNorm(5),
        nn.Dropout(0.3),
        nn.Linear(5, OUTPUTS, rng=8),
    )
    made = training(model, nn.MSE(), gw.Adam(model.parameters(), 0.01))
    return made._replace(step=gw.compile(made.step))


def test_each_line_of_the_page_has_a_row():
    step = made().step
    step(*data[0])
    body = [text for text in step.source.splitlines() if text.startswith("    np.")]
    rows = [cost.text for cost in step.plan]
    assert all(
        any(text.strip().startswith(row) for text in body) for row in rows if row[:3] == "np."
    )
    assert len(rows) >= len(body)


def test_products_are_counted_in_multiplications_and_additions():
    step = made().step
    step(*data[0])
    first = next(cost for cost in step.plan if cost.text.startswith("np.dot(x, "))
    assert first.operations == 2 * BATCH * FEATURES * 5
    assert first.bytes == 4 * (BATCH * FEATURES + FEATURES * 5 + BATCH * 5)
    assert first.memory.startswith("arena ") and first.seconds is None


def test_the_table_prints_every_row_and_the_arena():
    step = made().step
    step(*data[0])
    printed = str(step.plan).splitlines()
    assert printed[0].split() == ["line", "operations", "bytes", "memory"]
    assert len(printed) == len([*step.plan]) + 3
    assert printed[-1] == f"arena: {step.plan.arena} bytes; alive at once: {step.plan.least}"


def test_a_profile_measures_each_line_and_changes_nothing():
    own = made()
    own.step(*data[0])
    gw.seed(3)
    before = [t.els.copy() for t in own.tensors()]
    memories = own.optimizers[0].state_dict()
    state = generator().bit_generator.state
    table = own.step.profile(*data[1])
    assert all(cost.seconds is not None and cost.seconds >= 0 for cost in table)
    assert table.seconds is not None and table.seconds > 0
    assert "µs" in str(table).splitlines()[0]
    assert generator().bit_generator.state == state
    for tensor, els in zip(own.tensors(), before, strict=True):
        np.testing.assert_array_equal(tensor.els, els)
    for name, value in own.optimizers[0].state_dict().items():
        np.testing.assert_array_equal(value, memories[name])


def test_a_profile_may_be_the_first_call():
    own, other = made(), made()
    gw.seed(3)
    own.step.profile(*data[0])
    gw.seed(3)
    first = own.step(*data[0]).item()
    gw.seed(3)
    assert first == other.step(*data[0]).item()


def test_a_profile_leaves_arrays_alone_that_nobody_may_write_to():
    factors = np.broadcast_to(np.float32(2), FEATURES)
    step = gw.compile(lambda x: (gw.Tensor(x) * factors).sum())
    assert step.profile(data[0][0]).seconds is not None
