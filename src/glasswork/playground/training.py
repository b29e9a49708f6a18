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
from ..functional import sigmoid, softmax
from ..nn import Dropout, Identity, Linear, Module, Sequential
from ..train.metrics import accuracy, r_squared
from ..train.step import TrainingStep
from .material import Material, Part
from .network import linears_of, loss_of, network_of, optimizer_of, schedule_of
from .state import State

__all__ = ["Layers", "Training"]

Array = NDArray[Any]

EVERY = 10  # steps from one point of the curve to the next, at first
MOST_POINTS = 2000
NOW = ("rate", "schedule", "momentum", "l1", "l2")  # what can change in the midst of a training


class Layers(Module):
    """A network without dropout, layer by layer: what each gives, after its activation.

    Attributes
    ----------
    pairs : list of tuple
        Each Linear with the activation behind it.
    """

    def __init__(self, model: Sequential) -> None:
        linears = linears_of(model)
        others = [x for x in model if not isinstance(x, Linear | Dropout)]
        self.pairs = list(zip(linears, [*others, Identity()], strict=True))

    def forward(self, x: Any) -> Any:
        given = []
        for linear, activation in self.pairs:
            x = activation(linear(x))
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
    linears : list of Linear
        Its layers that learn.
    layers : Layers
        The same without dropout, and layer by layer.
    batch : tuple of array
        What the last step learned; before the first, the first rows.
    steps, epoch : int
        How many were taken, and finished.
    curve : list of tuple
        Points of the curve: step, loss, loss on the test part, and the score on both.
    every : int
        Steps from one point to the next.
    """

    def __init__(self, state: State, material: Material) -> None:
        self.state, self.material = state, material
        self.model = network_of(state, material)
        self.linears = linears_of(self.model)
        self.loss = loss_of(material)
        self.batches = Batches(
            material.train.x, material.train.y, batch_size=state.batch, rng=state.seed
        )
        self.optimizer = optimizer_of(state, self.model, len(self.batches))
        self.step_of = TrainingStep(self.model, self.loss, self.optimizer)
        self.layers = Layers(self.model)
        self._given = compiled(self.layers)
        self.epoch, self.every = 0, EVERY
        self.batch = self.batches.rows(np.arange(min(state.batch, self.batches.samples)))
        self._rest: Iterator[tuple[Array, ...]] = iter(())
        self.curve = [self.point()]

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

    @property
    def names(self) -> list[tuple[str, str]]:
        """What each layer is called, and what stands behind it."""
        hidden = [(f"hidden{i}", self.state.activation) for i in range(1, len(self.linears))]
        last = "sigmoid" if self.material.is_binary else "softmax"
        return [*hidden, ("output", "identity" if self.material.is_regression else last)]

    def said(self, last: Array) -> Array:
        """What the numbers of the last layer say: probabilities, or values in their own unit."""
        if self.material.is_regression:
            return self.material.values(last)
        return sigmoid(last) if self.material.is_binary else softmax(last)

    def outputs(self, x: Array) -> list[Array]:
        """What each layer gives for rows of inputs."""
        return [given.els for given in self._given(x)]

    def _measured(self, part: Part) -> tuple[float, float]:
        yhat = self._given(part.x)[-1]
        score = r_squared if self.material.is_regression else accuracy
        return self.loss(yhat, part.y).item(), score(yhat, part.y)

    def _note(self) -> None:
        """Add a point to the curve; when there are many, keep every second."""
        self.curve.append(self.point())
        if len(self.curve) > MOST_POINTS:
            self.curve = self.curve[::2]
            self.every *= 2
