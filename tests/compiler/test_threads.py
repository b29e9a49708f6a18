"""Steps that are compiled and run in several threads do not disturb each other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue

import numpy as np
import pytest

import glasswork as gw
from glasswork import nn
from glasswork.errors import CompileError

from .side_by_side import BATCH, FEATURES, OUTPUTS, of_batches, training

THREADS = 6


def losses(number):
    """Of a network that draws from the default generator of its thread."""
    gw.seed(number)
    model = nn.Sequential(
        nn.Linear(FEATURES, 5, rng=number), nn.ReLU(), nn.Dropout(0.3), nn.Linear(5, OUTPUTS, rng=1)
    )
    step = gw.compile(training(model, nn.MSE(), gw.Adam(model.parameters(), 0.01)).step)
    batches = of_batches((BATCH, FEATURES), (BATCH, OUTPUTS), seed=number)
    return [step(*batch).item() for batch in batches]


def test_each_thread_gets_what_it_would_get_alone():
    expected = [losses(number) for number in range(THREADS)]
    with ThreadPoolExecutor(THREADS) as pool:
        found = [*pool.map(losses, range(THREADS))]
    np.testing.assert_array_equal(found, expected)


def test_one_step_may_be_called_from_several_threads():
    model = nn.Linear(FEATURES, OUTPUTS, rng=1)
    predict = gw.compile(model)
    batches = [x for (x,) in of_batches((BATCH, FEATURES))]
    expected = [model(x).els for x in batches]
    with ThreadPoolExecutor(THREADS) as pool:
        found = [*pool.map(lambda x: predict(x).els, batches)]
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-6)


def test_what_another_thread_does_meanwhile_is_refused_and_no_part_of_the_page():
    model = nn.Linear(FEATURES, OUTPUTS, rng=1)
    optimizer = gw.SGD(model.parameters(), 0.1)
    (x, y), *_ = of_batches((BATCH, FEATURES), (BATCH, OUTPUTS))
    told = SimpleQueue()

    def of_another_thread():
        for use in (lambda: model(x), lambda: float(optimizer.steps)):
            with pytest.raises(CompileError) as caught:
                use()
            told.put(str(caught.value))

    def step(x, y, others=True):
        if others:
            with ThreadPoolExecutor(1) as pool:
                pool.submit(of_another_thread).result()
        value = nn.MSE()(model(x), y)
        value.backward()
        optimizer.step(zero_grad=True)
        return value

    disturbed, alone = gw.compile(step), gw.compile(step)
    disturbed(x, y)
    assert told.qsize() == 2 * 2  # the page is written twice: the first adds to zeros
    while not told.empty():
        message = told.get()
        assert "another thread is writing a page" in message
        assert "Call the compiled function once before" in message
    alone(x, y, others=False)
    assert disturbed.source == alone.source
