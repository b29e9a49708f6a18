"""Where a loss that is not finite comes from: found by doing the last steps of a training again.

A step costs one look at its loss, before anything is learnt from it; an epoch keeps how it began.
Only when a loss is infinite or not a number are steps repeated: the last one, if the parameters are
finite and it draws nothing; else all since the epoch began, with the same random numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..nn.module import Module
from ..optim import Optimizer
from .callbacks import Run
from .evaluate import Loss
from .feed import Feed
from .generators import generators
from .nonfinite import find_nonfinite

__all__ = ["Replay"]

Array = NDArray[Any]

APART = 20  # steps between the beginnings that are kept: an epoch of one batch stays cheap


class _State(NamedTuple):
    """All that steps rest on, but their batches."""

    steps: int
    tensors: list[Array]
    optimizer: Mapping[str, Any]
    generators: list[Mapping[str, Any]]


class Replay:
    """Keeps how an epoch began, and does its steps again when a loss is not finite.

    Parameters
    ----------
    model, loss, optimizer
        What is trained.
    data : iterable of tuples
        What it is trained on.
    step : callable
        Takes the arrays of a batch, does one step, and gives its loss first. It must change
        nothing when the loss is not finite.
    """

    def __init__(
        self, model: Module, loss: Loss, optimizer: Optimizer, data: Feed, step: Callable[..., Any]
    ) -> None:
        self.model, self.loss, self.optimizer = model, loss, optimizer
        self.data, self.step = data, step
        self._tensors = dict(model.named_parameters()) | dict(model.named_buffers())
        sources = {"model": model, "loss": loss, "optimizer": optimizer, "data": data}
        self._generators = [*generators(sources).values()]
        self._began: _State | None = None

    def remember(self, run: Run) -> None:
        """Keep how an epoch begins; to be called before its first batch is asked for."""
        fresh = self._began is None or run.steps >= self._began.steps + APART
        if run.batch == 0 and fresh:
            self._began = self._state(run.steps)

    def explain(self, run: Run) -> str:
        """What was not finite first, in one line; the training stays as it is."""
        now = self._state(run.steps)
        try:
            with np.errstate(all="ignore"):
                step, found = self._find(run, now)
        finally:
            self._restore(now)
        return f"the loss is not a finite number: in step {step}, {found}"

    def _find(self, run: Run, now: _State) -> tuple[int, str]:
        found = find_nonfinite(self.model, self.loss, *run.arrays)
        drew = self._state(run.steps).generators != now.generators
        if found is None or drew or self._spoilt():
            for step, arrays in self._steps_again(run.steps):
                before, rate = self._state(step), self.optimizer.current_learning_rate
                cost, *_ = self.step(*arrays)
                if (path := self._spoilt()) or not np.isfinite(cost.item()):
                    self._restore(before)
                    again = find_nonfinite(self.model, self.loss, *arrays)
                    return step, again or f"the update of {path} at learning rate {rate:g} gave it"
        return run.steps, found or "but it was finite when that was repeated"

    def _steps_again(self, last: int) -> Iterator[tuple[int, tuple[Any, ...]]]:
        """The batches since the beginning that was kept, up to this step, from that state on."""
        if self._began is None:
            return
        self._restore(self._began)
        done, step = -1, self._began.steps
        while done < step < last:  # an iterable may have nothing more to give
            done = step
            for arrays in islice(self.data, last - done):
                step += 1
                yield step, arrays

    def _spoilt(self) -> str:
        """The first tensor of the model that has numbers which are not finite; "" if none has."""
        floats = ((path, t.els) for path, t in self._tensors.items() if t.dtype.kind == "f")
        return next((path for path, els in floats if not np.isfinite(els).all()), "")

    def _state(self, steps: int) -> _State:
        tensors = [tensor.els.copy() for tensor in self._tensors.values()]
        states = [each.bit_generator.state for each in self._generators]
        return _State(steps, tensors, self.optimizer.state_dict(), states)

    def _restore(self, state: _State) -> None:
        for tensor, els in zip(self._tensors.values(), state.tensors, strict=True):
            tensor.els = els.copy()
        self.optimizer.load_state_dict(state.optimizer)
        for each, known in zip(self._generators, state.generators, strict=True):
            each.bit_generator.state = known
