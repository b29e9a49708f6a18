"""`python -m benchmarks.killed FOLDER`: a training that says what it does, to be killed.

It has everything of which a checkpoint has to keep a state. Run again, it goes on; when it is over,
FOLDER/final has all that it came to.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

import glasswork as gw
from glasswork.nn import BatchNorm, Dropout, Linear, ReLU, Sequential
from glasswork.optim import Adam, ReduceOnPlateau
from glasswork.saving.states import write_state
from glasswork.train import (
    Callback,
    CSVLogger,
    EarlyStopping,
    JSONLogger,
    Plateau,
    Run,
    accuracy,
    fit,
)

EPOCHS, EVERY = 8, 3


class Telling(Callback):
    """A line for each step."""

    def on_batch(self, run: Run) -> None:
        print("step", run.steps, flush=True)


def told(word: str, function: Callable[..., object]) -> Callable[..., object]:
    """The function, with a line before it and one after it."""

    def call(*arguments: object) -> object:
        print(word, flush=True)
        result = function(*arguments)
        print(word, "done", flush=True)
        return result

    return call


def train(folder: Path) -> None:
    """Begin or go on, to the end."""
    gw.seed(7)
    drawn = np.random.default_rng(1)
    x = drawn.normal(size=(100, 6)).astype(np.float32)
    y = (x[:, 0] * x[:, 1] > 0).astype(np.int64)
    layers = [Linear(6, 16, rng=drawn), BatchNorm(16), ReLU(), Dropout(0.1, rng=drawn)]
    layers += [Dropout(0.1, rng=2), Dropout(0.1), Linear(16, 2, rng=drawn)]
    model = Sequential(*layers)
    schedule = ReduceOnPlateau(0.05, patience=0, factor=0.5)
    optimizer = Adam(model.parameters(), schedule)
    stopping = EarlyStopping(patience=EPOCHS)
    loggers = [CSVLogger(folder / "log.csv"), JSONLogger(folder / "log.jsonl", every=4)]
    history = fit(
        model,
        gw.CrossEntropy(),
        optimizer,
        gw.Batches(x[:80], y[:80], batch_size=6, rng=drawn),
        EPOCHS,
        validation=(x[80:], y[80:]),
        metrics=[accuracy],
        callbacks=[stopping, Plateau(schedule), *loggers, Telling()],
        gradient_norms=True,
        checkpoint=folder,
        every=EVERY,
        resume=True,
    )
    state = {"model": model.state_dict(), "optimizer": optimizer.state_dict()}
    write_state(folder / "final", state | {"history": history.columns})


if __name__ == "__main__":
    os.fsync, os.replace = told("sync", os.fsync), told("rename", os.replace)
    place = Path(sys.argv[1])
    place.mkdir(parents=True, exist_ok=True)
    train(place)
