"""What a library costs before and while it learns: megabytes, import time, seconds on digits."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from statistics import mean, median

import glasswork
from benchmarks.network import Network, Rule
from benchmarks.rounds import ask_each
from benchmarks.tables import table
from benchmarks.worker import Worker, learn
from glasswork.data import digits

NEEDS = {
    "glasswork_eager": ("glasswork", "from glasswork import SGD, CrossEntropy, Linear"),
    "scikit_learn": ("scikit-learn", "from sklearn.neural_network import MLPClassifier"),
    "torch_eager": ("torch", "import torch"),
    "tinygrad": ("tinygrad", "import tinygrad"),
}
"""Distribution, and what a script that trains a network imports, by the contender's name."""

SIZES, BATCH, EPOCHS = (64, 128, 64, 10), 32, 30  # those of `glasswork train digits`
RULE = Rule("sgd", 0.02)  # at a constant rate, which all four know
SEEDS = range(5)
FRESH_PROCESSES = 9

Costs = dict[str, list[float]]
"""MB; seconds of each import; accuracy and seconds of each seed."""


def measure(workers: list[Worker]) -> dict[str, Costs]:
    """The costs of each library, by the contender's name, and a table of them."""
    network = "-".join(map(str, SIZES))
    print(f"\nDigits: {network}, {EPOCHS} epochs in batches of {BATCH}, {len(SEEDS)} seeds")
    learned = learn_digits(workers)
    results = {
        name: costs | {"MB": [megabytes(package)], "import": import_seconds(statement)}
        for name, costs in learned.items()
        for package, statement in [NEEDS[name]]
    }
    header = ["library", "MB beyond NumPy", "import beyond NumPy, ms", "accuracy, %", "seconds"]
    titles = {worker.name: worker.title for worker in workers}
    print(table(header, [[titles[name], *row_of(costs)] for name, costs in results.items()]))
    return results


def learn_digits(workers: list[Worker]) -> dict[str, Costs]:
    """Accuracy and seconds of each seed, the libraries taking turns."""
    rounds = []
    for seed in SEEDS:
        parts = digits().parts(test=0.2, rng=seed)
        rounds.append(ask_each(workers, learn, Network(SIZES, BATCH, seed), RULE, EPOCHS, parts))
        workers = list(rounds[-1])
    return {
        worker.name: {cost: [r[worker][cost] for r in rounds] for cost in ("accuracy", "seconds")}
        for worker in workers
    }


def row_of(costs: Costs) -> list[str]:
    """MB, median import time, mean accuracy with its range, median seconds."""
    accuracies = [100 * accuracy for accuracy in costs["accuracy"]]
    return [
        f"{costs['MB'][0]:,.1f}",
        f"{1e3 * median(costs['import']):,.0f}",
        f"{mean(accuracies):.1f} ({min(accuracies):.1f} to {max(accuracies):.1f})",
        f"{median(costs['seconds']):.2f}",
    ]


def import_seconds(statement: str) -> list[float]:
    """In fresh processes that have imported NumPy already; the first one, which compiles, aside."""
    code = (
        "import numpy; from time import perf_counter as now; start = now(); "
        f"{statement}; print(now() - start)"
    )
    environment = os.environ | {"PYTHONPATH": str(Path(glasswork.__file__).parents[1])}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # else each of them compiles
    command = [sys.executable, "-c", code]
    return [
        float(subprocess.run(command, env=environment, capture_output=True, check=True).stdout)
        for _ in range(FRESH_PROCESSES + 1)
    ][1:]


def megabytes(name: str) -> float:
    """Of the files that the distribution and all that it needs install, beyond those of NumPy."""
    return sum(map(size_of, needed_by(name) - needed_by("numpy"))) / 1e6


def needed_by(name: str) -> set[str]:
    """The distribution and those that it requires here, without extras."""
    if name == "glasswork":
        return {"glasswork", "numpy"}
    try:
        requirements = distribution(name).requires or []
    except PackageNotFoundError:  # required on another system
        return set()
    required = [re.match(r"[\w.-]+", line)[0] for line in requirements if "extra ==" not in line]
    return {name}.union(*map(needed_by, required))


def size_of(name: str) -> int:
    """Bytes on disk, without what Python compiles on the way."""
    if name == "glasswork":
        files = Path(glasswork.__file__).parent.rglob("*")
        return sum(file.stat().st_size for file in files if file.suffix != ".pyc")
    return sum(file.size or 0 for file in distribution(name).files or [])
