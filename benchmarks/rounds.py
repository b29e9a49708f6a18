"""Who is measured, and when: those who agree, one at a time, round by round."""

from __future__ import annotations

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


def those_who_agree(workers: list[Worker], start: Any, *arguments: Any) -> list[Worker]:
    """Starts a job in each; keeps those whose first numbers are the floor's, and says so."""
    agreed, expected, largest = [], None, 0.0
    for worker in workers:
        try:
            numbers = np.array(worker.ask(start, worker.name, *arguments))
        except ContenderError as failure:
            print(f"  {worker.title} is out: {failure}")
            continue
        if expected is None:
            expected = numbers
        difference = np.max(np.abs(numbers / expected - 1))
        if difference <= TOLERANCE:
            agreed.append(worker)
            largest = max(largest, difference)
        else:
            print(f"  {worker.title} is out: its numbers differ by {difference:.0e}, relatively")
    print(f"  {len(agreed)} contenders agree to {largest:.0e}, relatively")
    return agreed


def take_turns(workers: list[Worker], job: str, effort: Effort) -> Figures:
    """A B C, A B C, …: a disturbance of the machine meets neighbors alike."""
    figures: Figures = {worker.name: [] for worker in workers}
    for _ in range(effort.rounds):
        for worker in workers:
            if worker.name in figures:
                try:
                    figures[worker.name].append(worker.ask(seconds_of, job, effort.seconds))
                except ContenderError as failure:
                    print(f"  {worker.title} is out: {failure}")
                    del figures[worker.name]
    return figures


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
