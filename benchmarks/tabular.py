"""`python -m benchmarks.tabular`: `glasswork train` without options, beside scikit-learn's MLP.

Five tables that come with scikit-learn are written as CSV files. In each fold of a cross-validation
both learn from the same file: Glasswork by `glasswork train FILE` and `glasswork predict`, and so
from four fifths of it only, for it keeps a fifth to test on; scikit-learn by StandardScaler and
MLPClassifier or MLPRegressor, with their defaults, from all of it.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from statistics import fmean
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np

from benchmarks import machine
from benchmarks.tables import table

TABLES = "wine", "breast_cancer", "iris", "digits", "diabetes"
RESULTS = Path(__file__).parent / "results" / "tabular.json"


class Turn(NamedTuple):
    """What one contender came to on one fold.

    Attributes
    ----------
    score : float
        Accuracy, or R² in regression.
    learning : float
        Seconds of learning alone.
    all_in_all : float
        Seconds from the file of the fold to the trained network; of ours to its run folder, but
        without the picture of its learning curves.
    """

    score: float
    learning: float
    all_in_all: float


def write(path: Path, x: np.ndarray, y: np.ndarray) -> None:
    """A table with names, the target last."""
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*(f"feature {place}" for place in range(x.shape[1])), "target"])
        writer.writerows([*row, target] for row, target in zip(x.tolist(), y.tolist(), strict=True))


def ours(test: np.ndarray, score: Callable[[np.ndarray, np.ndarray], float]) -> Turn:
    """`glasswork train`, and `glasswork predict`."""
    from glasswork.__main__ import main

    with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        began = perf_counter()
        assert main(["train", "train.csv", "--quiet", "--out", "run"]) == 0
        all_in_all = perf_counter() - began
        assert main(["predict", "run", "test.csv", "-o", "out.csv"]) == 0
    history = json.loads(Path("run/history.json").read_text())
    with Path("out.csv").open(newline="") as file:
        predicted = [float(row["predicted target"]) for row in csv.DictReader(file)]
    return Turn(score(test, np.array(predicted)), sum(history["seconds"]), all_in_all)


def theirs(test: np.ndarray, score: Callable[[np.ndarray, np.ndarray], float]) -> Turn:
    """scikit-learn's MLP with standardization."""
    import pandas as pd
    from sklearn.neural_network import MLPClassifier, MLPRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    regression = test.dtype.kind == "f"
    mlp = (MLPRegressor if regression else MLPClassifier)(random_state=0)
    began = perf_counter()
    rows = pd.read_csv("train.csv")
    pipeline = make_pipeline(StandardScaler(), mlp)
    before = perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its 200 epochs are not always enough to converge
        pipeline.fit(rows.iloc[:, :-1], rows["target"])
    ended = perf_counter()
    predicted = pipeline.predict(pd.read_csv("test.csv").iloc[:, :-1])
    return Turn(score(test, predicted), ended - before, ended - began)


CONTENDERS = {"Glasswork": ours, "scikit-learn": theirs}


def folds(x: np.ndarray, y: np.ndarray, seed: int) -> Iterator[tuple[Any, Any]]:
    """The rows of the training and the test part of each of five folds."""
    from sklearn.model_selection import KFold, StratifiedKFold

    parted = KFold if y.dtype.kind == "f" else StratifiedKFold
    return iter(parted(5, shuffle=True, random_state=seed).split(x, y))


@contextmanager
def folder_of_its_own() -> Iterator[None]:
    """Work in a new folder, which is gone afterwards."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            yield
        finally:
            os.chdir(before)


def measure(name: str, seeds: int) -> dict[str, list[Turn]]:
    """The turns of all contenders on all folds of one table."""
    from sklearn import datasets
    from sklearn.metrics import accuracy_score, r2_score

    x, y = getattr(datasets, f"load_{name}")(return_X_y=True)
    score = r2_score if y.dtype.kind == "f" else accuracy_score
    turns: dict[str, list[Turn]] = {contender: [] for contender in CONTENDERS}
    for seed in range(seeds):
        for learnt, tested in folds(x, y, seed):
            for contender, take_turn in CONTENDERS.items():
                with folder_of_its_own():
                    write(Path("train.csv"), x[learnt], y[learnt])
                    write(Path("test.csv"), x[tested], y[tested])
                    turns[contender].append(take_turn(y[tested], score))
    return turns


def rows_of(figures: dict[str, dict[str, list[Turn]]], seeds: int) -> Iterator[list[str]]:
    """A row for each table, with means of scores and sums of seconds of one cross-validation."""
    totals = np.zeros((len(CONTENDERS), 2))
    for name, turns in figures.items():
        scores = [f"{fmean(turn.score for turn in turns[c]):.4f}" for c in CONTENDERS]
        seconds = np.array([np.sum(turns[c], axis=0)[1:] for c in CONTENDERS]) / seeds
        totals += seconds
        yield [name, *scores, *(f"{second:.2f}" for second in seconds.T.ravel())]
    yield ["together", "", "", *(f"{second:.2f}" for second in totals.T.ravel())]


def main() -> None:
    """Measures, prints, writes."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tabular", description=__doc__)
    add = parser.add_argument
    add(
        "--seeds", type=int, default=1, metavar="N", help="cross-validations (default: %(default)s)"
    )
    add("--threads", type=int, default=1, metavar="N", help="of BLAS (default: %(default)s)")
    add("--tables", nargs="+", choices=TABLES, default=TABLES, help="(default: all)")
    add("--json", type=Path, default=RESULTS, help="all figures go there (default: %(default)s)")
    asked = parser.parse_args()
    machine.confine(asked.threads)
    sys.modules["matplotlib.figure"] = None  # ours draws no picture, for theirs draws none
    measure("iris", 1)  # what is imported, compiled and drawn for the first time
    figures = {name: measure(name, asked.seeds) for name in asked.tables}
    print(machine.description())
    heads = [
        f"{what}, {c}" for what in ("score", "learning, s", "all in all, s") for c in CONTENDERS
    ]
    print(table(["table", *heads], list(rows_of(figures, asked.seeds))))
    asked.json.parent.mkdir(parents=True, exist_ok=True)
    asked.json.write_text(
        json.dumps({"machine": machine.description(), "turns": figures}, indent=1)
    )


if __name__ == "__main__":
    main()
