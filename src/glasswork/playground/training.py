"""Training: one network that learns, step by step, and what it has come to."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..compiler import compile as compiled
from ..data import Batches
from ..errors import StateError
from ..nn import Dropout, Linear, Module, Sequential
from ..train.metrics import accuracy, r_squared
from ..train.step import TrainingStep
from .material import Material, Part
from .network import build, loss_of, optimizer_of, schedule_of
from .state import State

__all__ = ["Layers", "Training"]

Array = NDArray[Any]

EVERY = 10  # steps from one point of the curve to the next, at first
MOST_POINTS = 2000
NOW = ("rate", "schedule", "momentum", "l1", "l2")  # what can change in the midst of a training


class Layers(Module):
    """What each layer of a network gives, after its activation, for the same rows."""

    def __init__(self, model: Sequential) -> None:
        self.kept = [layer for layer in model if not isinstance(layer, Dropout)]

    def forward(self, x: Any) -> Any:
        given = []
        for place, layer in enumerate(self.kept):
            x = layer(x)
            if place % 2 or place == len(self.kept) - 1:
                given.append(x)
        return tuple(given)


class Training:
    """One network and its training.

    Parameters
    ----------
    state : State
        What was chosen.
    material : Material
        What is learnt from.

    Attributes
    ----------
    model : Sequential
        Takes the inputs that `material` prepares.
    steps, epoch : int
        How many were taken, and finished.
    curve : list of tuple
        Points of the curve: step, loss, loss on the test part, and the score on both.
    every : int
        Steps from one point to the next.
    """

    def __init__(self, state: State, material: Material) -> None:
        self.state, self.material = state, material
        self.model = build(state, len(material.inputs), material.outputs)
        self.loss = loss_of(material)
        self.batches = Batches(
            material.train.x, material.train.y, batch_size=state.batch, rng=state.seed
        )
        self.optimizer = optimizer_of(state, self.model, len(self.batches))
        self.step_of = TrainingStep(self.model, self.loss, self.optimizer)
        self.layers = compiled(Layers(self.model))
        self.epoch, self.every = 0, EVERY
        self.batch = self.batches.rows(np.arange(min(state.batch, self.batches.samples)))
        self._rest: Iterator[tuple[Array, ...]] = iter(())
        self.curve = [self.point()]

    @property
    def linears(self) -> list[Linear]:
        """The layers that learn, in their order."""
        return [layer for layer in self.model if isinstance(layer, Linear)]

    @property
    def steps(self) -> int:
        """How many steps were taken."""
        return self.optimizer.steps

    def step(self) -> bool:
        """Take a step; whether its loss was finite, so that anything was learnt."""
        batch = next(self._rest, None)
        if batch is None:
            self._rest = iter(self.batches)
            batch = next(self._rest)
        self.batch = batch
        loss, *_ = self.step_of(*batch)
        if not isfinite(loss.item()):
            return False
        self.epoch = self.steps // len(self.batches)
        if self.steps % self.every == 0:
            self._note()
        return True

    def change(self, state: State) -> None:
        """Go on with another learning rate, momentum or penalty."""
        if state.differs(self.state, ("momentum", "l1", "l2")):
            before, steps = self.optimizer.state_dict(), self.steps
            self.optimizer = optimizer_of(state, self.model, len(self.batches))
            try:
                self.optimizer.load_state_dict(before)
            except StateError:  # without momentum there is nothing to remember
                self.optimizer.steps = steps
            self.step_of = TrainingStep(self.model, self.loss, self.optimizer)
        self.optimizer.learning_rate = schedule_of(state, len(self.batches))
        self.state = state

    def point(self) -> tuple[float, ...]:
        """Where the curve is now."""
        (loss, score), (test_loss, test_score) = map(
            self._measured, (self.material.train, self.material.test)
        )
        return self.steps, loss, test_loss, score, test_score

    def outputs(self, x: Array) -> list[Array]:
        """What each layer gives for rows of inputs."""
        return [given.els for given in self.layers(x)]

    def _measured(self, part: Part) -> tuple[float, float]:
        yhat = self.layers(part.x)[-1]
        score = r_squared if self.material.dataset.task == "regression" else accuracy
        return self.loss(yhat, part.y).item(), score(yhat, part.y)

    def _note(self) -> None:
        """Add a point to the curve; when there are many, keep every second."""
        self.curve.append(self.point())
        if len(self.curve) > MOST_POINTS:
            self.curve = self.curve[::2]
            self.every *= 2
