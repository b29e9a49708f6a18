"""Trainings that are broken off, and what they come to when they go on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import glasswork as gw
from glasswork.data import Batches
from glasswork.nn import BatchNorm, Dropout, Linear, ReLU, Sequential
from glasswork.optim import Adam, ReduceOnPlateau
from glasswork.train import Callback, EarlyStopping, Plateau, Run, accuracy, fit

DRAWN = np.random.default_rng(0)
X = DRAWN.normal(size=(50, 4)).astype(np.float32)
Y = (X[:, 0] > X[:, 1]).astype(np.int64)
EPOCHS, BATCHES = 4, 6
STEPS = EPOCHS * BATCHES


class PlugError(Exception):
    """What ends a training."""


class Plug(Callback):
    """Ends a training after a step, or after an epoch."""

    def __init__(self, step: int = 0, epoch: int = 0) -> None:
        self.step = step
        self.epoch = epoch

    def on_batch(self, run: Run) -> None:
        if run.steps == self.step:
            raise PlugError

    def on_epoch(self, run: Run) -> None:
        if run.epoch == self.epoch:
            raise PlugError


class Trained:
    """A network with whatever can have a state, and what its training came to."""

    def __init__(self, data: Any = None, *, rate: Any = None, loss: Any = None) -> None:
        gw.seed(1)
        rng = np.random.default_rng(2)
        inside = [Linear(4, 8, rng=rng), BatchNorm(8), ReLU(), Dropout(0.2, rng=rng)]
        self.model = Sequential(*inside, Dropout(0.2, rng=3), Dropout(0.2), Linear(8, 2, rng=4))
        self.plateau = ReduceOnPlateau(0.05, patience=0)
        self.loss = loss or gw.CrossEntropy()
        parameters = self.model.parameters()
        self.optimizer = Adam(parameters, self.plateau if rate is None else rate)
        self.data = data() if data else Batches(X, Y, batch_size=9, rng=rng)
        self.stopping = EarlyStopping(patience=EPOCHS)

    def fit(self, folder=None, *callbacks: Callback, epochs: int = EPOCHS, **options: Any):
        self.history = fit(
            self.model,
            self.loss,
            self.optimizer,
            self.data,
            epochs,
            validation=(X[:9], Y[:9]),
            metrics=[accuracy],
            callbacks=[self.stopping, Plateau(self.plateau), *callbacks],
            checkpoint=folder,
            **{"gradient_norms": True, "compile": False, **options},
        )
        return self

    def broken(self, folder, plug: Plug, **options: Any) -> None:
        with pytest.raises(PlugError):
            self.fit(folder, plug, **options)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Trained) and self.bits() == other.bits()

    __hash__ = None

    def bits(self) -> tuple[Any, ...]:
        states = self.model.state_dict() | self.optimizer.state_dict()
        arrays = {name: np.asarray(value).tobytes() for name, value in states.items()}
        drawn = gw.randomness.generator().bit_generator.state
        return arrays, repr(self.history.columns), self.stopping.best_epoch, repr(drawn)


class Counting(Callback):
    """Counts the batches, and tells the count."""

    def __init__(self) -> None:
        self.count = 0

    def on_batch(self, run):
        self.count += 1

    def state_dict(self):
        return {"count": self.count}

    def load_state_dict(self, state):
        self.count = state["count"]


def files(folder: Path) -> dict[str, bytes]:
    """The content of each file."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}
