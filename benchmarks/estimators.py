"""`python -m benchmarks.estimators`: our MLPClassifier beside scikit-learn's, in turn, in one run.

Both have the same arguments and random_state, and so the same first weights and orders. Seconds are
those of the whole `fit`, with all that it does once.
"""

from __future__ import annotations

import argparse
import warnings
from collections.abc import Callable
from statistics import mean, median
from time import perf_counter
from typing import Any

import numpy as np
import sklearn
from sklearn.datasets import load_digits
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier as TheirClassifier

from benchmarks import machine
from glasswork.estimators import MLPClassifier

Row = tuple[str, type[Any], type[np.floating]]
CONTENDERS: list[Row] = [
    ("scikit-learn, float64", TheirClassifier, np.float64),
    ("scikit-learn, float32", TheirClassifier, np.float32),
    ("glasswork, float64", MLPClassifier, np.float64),
    ("glasswork, float32", MLPClassifier, np.float32),
]


def digits(seeds: int) -> None:
    """Seconds and accuracy of `fit` on the handwritten digits, with the default arguments."""
    print(f"\nDigits, default arguments, {seeds} seeds: a fifth is the test part")
    x, y = load_digits(return_X_y=True)
    seconds: dict[str, list[float]] = {title: [] for title, *_ in CONTENDERS}
    accuracies: dict[str, list[float]] = {title: [] for title, *_ in CONTENDERS}
    for seed in range(seeds):
        learnt, held_out, *labels = train_test_split(x, y, test_size=0.2, random_state=seed)
        for title, kind, dtype in CONTENDERS:
            model = kind(random_state=seed)
            taken = timed(model.fit, learnt.astype(dtype), labels[0])
            seconds[title].append(taken)
            accuracies[title].append(model.score(held_out.astype(dtype), labels[1]))
    report(
        seconds, {title: f"{100 * mean(part):.2f} % right" for title, part in accuracies.items()}
    )


def large(samples: int, epochs: int, rounds: int) -> None:
    """Seconds of an epoch at the size of MNIST, with the hidden layers (256, 128)."""
    print(f"\n{samples:,} × 784, hidden_layer_sizes=(256, 128), {epochs} epochs, rounds: {rounds}")
    rng = np.random.default_rng(0)
    x, y = rng.random((samples, 784)), rng.integers(0, 10, samples)
    seconds: dict[str, list[float]] = {title: [] for title, *_ in CONTENDERS}
    for _ in range(rounds):
        for title, kind, dtype in CONTENDERS:
            model = kind((256, 128), max_iter=epochs, n_iter_no_change=np.inf, random_state=0)
            seconds[title].append(timed(model.fit, x.astype(dtype), y) / epochs)
    report(seconds, {})


def timed(function: Callable[..., Any], *arguments: Any) -> float:
    """The seconds that a call takes."""
    began = perf_counter()
    function(*arguments)
    return perf_counter() - began


def report(seconds: dict[str, list[float]], notes: dict[str, str]) -> None:
    """A line for each contender: how long, and how many times faster than theirs in both dtypes."""
    for title, own in seconds.items():
        ratios = [
            f"{median(a / b for a, b in zip(seconds[peer], own, strict=True)):5.2f}"
            for peer in list(seconds)[:2]
        ]
        print(
            f"  {title:<22} {median(own):8.3f} s   times faster than theirs in float64, float32: "
            f"{', '.join(ratios)}   {notes.get(title, '')}",
            flush=True,
        )


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.estimators", description=__doc__)
    parser.add_argument("--full", action="store_true", help="10 seeds, and all of 60,000 × 784")
    parser.add_argument(
        "--threads", type=int, default=len(machine.cores()), help="cores (default: %(default)s)"
    )
    asked = parser.parse_args()
    machine.confine(asked.threads)
    warnings.simplefilter("ignore", ConvergenceWarning)
    print(f"{machine.description()}; NumPy {np.__version__}, scikit-learn {sklearn.__version__}")
    digits(seeds=10 if asked.full else 3)
    if asked.full:
        large(samples=60_000, epochs=3, rounds=5)
    else:
        large(samples=30_000, epochs=3, rounds=1)


if __name__ == "__main__":
    main()
