"""A contender's own process: the calls that run inside it, and the parent's handle on it."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor, wait
from importlib import import_module
from importlib.metadata import version
from itertools import islice
from multiprocessing import get_context
from statistics import quantiles
from time import perf_counter
from types import SimpleNamespace
from typing import Any

import numpy as np

from benchmarks.network import Array, Network, Rule

SAMPLE_SECONDS = 2e-3  # long beside the clock, short beside a disturbance

_here = SimpleNamespace(contender=None, jobs={})
"""In a contender's process: its module, and what it is ready to run so and so many times."""


def introduce(name: str) -> tuple[str, dict[str, str]]:
    """Title of the contender, and the versions of what it needs."""
    _here.contender = import_module(f"benchmarks.contenders.{name}")
    packages = _here.contender.PACKAGES
    return _here.contender.TITLE, {package: version_of(package) for package in packages}


def version_of(package: str) -> str:
    """As installed; this checkout's for Glasswork."""
    return import_module(package).__version__ if package == "glasswork" else version(package)


def start_training(network: Network, rule: Rule, steps: int) -> list[float]:
    """Gets the job "step" ready; the losses of the first steps."""
    step = _here.contender.training(network, rule)
    batches = network.batches()
    losses = [step(x, labels).item() for x, labels in islice(batches, steps)]

    def run(times: int) -> None:
        for _ in range(times):
            loss = step(*next(batches))
        loss.item()  # waits for a contender that only promised it

    _here.jobs["step"] = run
    return losses


def start_predicting(network: Network, rows: int) -> list[int]:
    """Gets the job "predict" ready; the classes of the first rows, counted from 1."""
    classify = _here.contender.predicting(network)
    batches = network.batches()
    classes = [int(classify(x)[0]) + 1 for x, _ in islice(batches, rows)]

    def run(times: int) -> None:
        for _ in range(times):
            classify(next(batches)[0])

    _here.jobs["predict"] = run
    return classes


def start_chain(x: Array, factor: Array, length: int) -> Array:
    """Gets the jobs "record" and "differentiate" ready; the gradient."""
    chain = _here.contender.chain(x, factor, length)
    _here.jobs.update({job: repeating(call) for job, call in chain._asdict().items()})
    return np.asarray(chain.differentiate())


def repeating(call: Callable[[], Any]) -> Callable[[int], None]:
    """The call so and so many times."""

    def run(times: int) -> None:
        for _ in range(times):
            call()

    return run


def seconds_of(job: str, budget: float) -> float:
    """The lower quartile of one run's seconds, over the samples that the budget holds."""
    run = _here.jobs[job]
    once = warm_up(run, budget / 4)
    if once > 4 * budget:
        return once
    times = max(1, round(SAMPLE_SECONDS / once))
    samples, end = [], perf_counter() + budget
    while len(samples) < 3 or perf_counter() < end:
        start = perf_counter()
        run(times)
        samples.append((perf_counter() - start) / times)
    return quantiles(samples, n=4)[0]


def warm_up(run: Callable[[int], None], budget: float) -> float:
    """Runs until the caches are this contender's again; the seconds of the last run."""
    end = perf_counter() + budget
    while True:
        start = perf_counter()
        run(1)
        stop = perf_counter()
        if stop >= end:
            return stop - start


def learn(network: Network, rule: Rule, epochs: int, parts: tuple[Array, ...]) -> dict[str, float]:
    """Accuracy on the test part, and the seconds that learning took."""
    x, x_test, labels, labels_test = parts
    start = perf_counter()
    classify = _here.contender.learn(network, rule, epochs, x, labels)
    seconds = perf_counter() - start
    return {"accuracy": float(np.mean(classify(x_test) == labels_test)), "seconds": seconds}


class ContenderError(Exception):
    """What a contender could not do, in one line."""


class Worker:
    """The parent's handle on one contender's process, which lives until it is closed."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.executor = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
        self.process = self.executor.submit(os.getpid).result()
        self.title, self.versions = self.ask(introduce, name)

    def ask(self, function: Callable[..., Any], *arguments: Any, limit: float = 300) -> Any:
        """The function's answer from that process, which is ended when it takes too long."""
        try:
            future = self.executor.submit(function, *arguments)
        except BrokenExecutor as error:
            raise ContenderError("its process has ended") from error
        if not wait([future], limit).done:
            os.kill(self.process, signal.SIGKILL)
            raise ContenderError(f"it took more than {limit} seconds")
        error = future.exception()
        if error is not None:
            reason, *_ = str(error).strip().splitlines() or [""]
            raise ContenderError(f"{type(error).__name__}: {reason}")
        return future.result()

    def close(self) -> None:
        """Ends the process."""
        self.executor.shutdown()
