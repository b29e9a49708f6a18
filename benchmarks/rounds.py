"""Who is measured, and when: those who agree, one at a time, round by round."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any

import numpy as np

from benchmarks.contenders import FLOOR
from benchmarks.worker import ContenderError, Worker, seconds_of

TOLERANCE = 2e-4
"""Relative. Sums in another order differ by 1e-7 a step, which training makes grow; scikit-learn
adds Adam's ε before it corrects the bias of the moments, the others after."""


@dataclass(frozen=True)
class Effort:
    """How long a measurement may take."""

    rounds: int
    seconds: float
    """One contender's turn in one round."""


@dataclass(frozen=True)
class Spread:
    """Median and quartiles over the rounds."""

    low: float
    median: float
    high: float

    @classmethod
    def of(cls, values: list[float]) -> Spread:
        low, _, high = quantiles(values, n=4, method="inclusive")
        return cls(low, median(values), high)


Figures = dict[str, list[float]]
"""Seconds of one run of a job, a figure for each round, by the contender's name."""


def ask_each(
    workers: list[Worker], function: Callable[..., Any], *arguments: Any
) -> dict[Worker, Any]:
    """The answers, asked for one after the other; says of those who fail that they are out."""
    answers = {}
    for worker in workers:
        try:
            answers[worker] = worker.ask(function, *arguments)
        except ContenderError as failure:
            print(f"  {worker.title} is out: {failure}")
    return answers


def those_who_agree(
    workers: list[Worker], start: Callable[..., Any], *arguments: Any
) -> list[Worker]:
    """Starts a job in each; keeps those whose first numbers are the floor's, and says so."""
    numbers = ask_each(workers, start, *arguments)
    expected = np.array(numbers[workers[0]])
    differences = {worker: np.max(np.abs(own / expected - 1)) for worker, own in numbers.items()}
    agreed = [worker for worker, difference in differences.items() if difference <= TOLERANCE]
    for worker in differences.keys() - agreed:
        print(f"  {worker.title} is out: its numbers differ by {differences[worker]:.0e}")
    largest = max(differences[worker] for worker in agreed)
    print(f"  {len(agreed)} contenders agree to {largest:.0e}, relatively", flush=True)
    return agreed


def take_turns(workers: list[Worker], job: str, effort: Effort) -> Figures:
    """A B C, A B C, …: a disturbance of the machine meets neighbors alike."""
    rounds = []
    for _ in range(effort.rounds):
        rounds.append(ask_each(workers, seconds_of, job, effort.seconds))
        workers = list(rounds[-1])
    return {worker.name: [figures[worker] for figures in rounds] for worker in workers}


def ratios(figures: Figures) -> Figures:
    """Each round's figures relative to the floor's in the same round."""
    return {
        name: [own / floor for own, floor in zip(values, figures[FLOOR], strict=True)]
        for name, values in figures.items()
    }


def excesses(figures: Figures) -> Figures:
    """Each round's figures less the floor's in the same round."""
    return {
        name: [own - floor for own, floor in zip(values, figures[FLOOR], strict=True)]
        for name, values in figures.items()
    }
