"""`python -m benchmarks.threads`: a training step with one thread of BLAS, and with all of them.

Both take turns in one process, and a ratio is that of two turns that followed each other.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from itertools import pairwise
from statistics import median, quantiles
from time import perf_counter, process_time

import numpy as np

import glasswork as gw
from benchmarks.machine import cores
from benchmarks.tables import table

NETWORKS = [
    ((2, 16, 2), 32),
    ((64, 128, 64, 10), 32),
    ((784, 128, 64, 10), 32),
    ((784, 128, 64, 10), 128),
    ((784, 256, 128, 10), 512),
    ((1024, 1024, 1024, 10), 256),
]


def step_of(sizes: tuple[int, ...], batch: int) -> Callable[[], None]:
    """One compiled step of a network, on a batch that stays the same."""
    layers = [part for m, n in pairwise(sizes) for part in (gw.Linear(m, n, rng=0), gw.ReLU())]
    model, loss = gw.Sequential(*layers[:-1]), gw.CrossEntropy()
    optimizer = gw.SGD(model.parameters(), 1e-4, momentum=0.9)
    x = np.random.default_rng(0).normal(size=(batch, sizes[0])).astype(np.float32)
    y = np.arange(batch) % sizes[-1]

    @gw.compile
    def step(x: gw.Tensor, y: gw.Tensor) -> gw.Tensor:
        optimizer.zero_grad()
        cost = loss(model(x), y)
        cost.backward()
        optimizer.step()
        return cost

    return lambda: step(x, y)


def turn(step: Callable[[], None], seconds: float) -> tuple[float, float, float]:
    """The seconds of a step: their median, the least of them, and the processor's."""
    step()
    times, busy, end = [], process_time(), perf_counter() + seconds
    while perf_counter() < end or len(times) < 3:
        began = perf_counter()
        step()
        times.append(perf_counter() - began)
    return median(times), min(times), (process_time() - busy) / len(times)


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.threads", description=__doc__)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=0.2, help="of each turn")
    options = parser.parse_args()
    rows = []
    for sizes, batch in NETWORKS:
        step, few, many = step_of(sizes, batch), [], []
        for _ in range(options.rounds):
            for threads, turns in ((1, few), (len(cores()), many)):
                with gw.threads(threads):
                    turns.append(turn(step, options.seconds))
        times, least, busy = (
            [b / a for a, b in zip(*each, strict=True)]
            for each in zip(zip(*few, strict=True), zip(*many, strict=True), strict=True)
        )
        low, middle, high = quantiles(times, n=4)
        product = batch * max(m * n for m, n in pairwise(sizes)) / 1e6
        rows.append(
            [
                f"{'-'.join(map(str, sizes))}, {batch}",
                f"{product:.2f}",
                f"{1e6 * median(one[0] for one in few):,.0f}",
                f"{middle:.2f} ({low:.2f} to {high:.2f})",
                f"{median(least):.2f}",
                f"{median(busy):.2f}",
            ]
        )
    header = ["network, batch", "largest product, 10⁶", "one thread, µs"]
    header += [f"{len(cores())} threads: time", "fastest step", "processor"]
    print(table(header, rows))


if __name__ == "__main__":
    main()
