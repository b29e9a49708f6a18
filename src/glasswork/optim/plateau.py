"""A learning rate that falls when a metric no longer gets better."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from typing import Any

from ..limits import checked
from .schedules import LearningRate, inner_rate, rate_at
from .states import fitted

__all__ = ["ReduceOnPlateau"]

SEEN = ("best", "reductions", "resting", "waited")


class ReduceOnPlateau:
    """A schedule that is multiplied by `factor` when a metric has not got better for a while.

    Tell it the metric, usually once an epoch, by `observe`. It has a state, which the optimizer's
    `state_dict` holds.

    Parameters
    ----------
    learning_rate : float or callable
        What is reduced.
    factor : float
        By what, from 0 to 1.
    patience : int
        How many observations in a row may be no better; the one after them reduces.
    threshold : float
        What counts as better: below (1 − threshold) · best, or above (1 + threshold) · best.
    cooldown : int
        How many observations are not counted after a reduction.
    minimum : float
        Where the learning rate stops falling.
    maximize : bool
        Whether more is better, as of accuracy; of a loss, less is.

    Examples
    --------
    >>> rate = ReduceOnPlateau(0.1, factor=0.5, patience=1)
    >>> for loss in (1.0, 0.8, 0.8, 0.8):
    ...     rate.observe(loss)
    >>> rate(0)
    0.05
    """

    def __init__(
        self,
        learning_rate: LearningRate,
        *,
        factor: float = 0.1,
        patience: int = 10,
        threshold: float = 1e-4,
        cooldown: int = 0,
        minimum: float = 0.0,
        maximize: bool = False,
    ) -> None:
        name = "ReduceOnPlateau"
        self.learning_rate = inner_rate(name, learning_rate)
        self.factor: float = checked(name, "factor", factor)
        self.patience: int = checked(name, "patience", patience)
        self.threshold: float = checked(name, "threshold", threshold)
        self.cooldown: int = checked(name, "cooldown", cooldown)
        self.minimum: float = checked(name, "minimum", minimum)
        self.maximize: bool = checked(name, "maximize", maximize)
        self._best: float = -inf if self.maximize else inf
        self._reductions = self._waited = self._resting = 0

    def __call__(self, step: int) -> float:
        rate = rate_at(self.learning_rate, step)
        return max(rate * self.factor**self._reductions, min(rate, self.minimum))

    def observe(self, metric: float) -> None:
        """Take note of the metric; nan counts as no better."""
        metric = float(metric)
        self._waited += 1
        if self._is_better(metric):
            self._best, self._waited = metric, 0
        if self._resting:
            self._resting, self._waited = self._resting - 1, 0
        if self._waited > self.patience:
            self._reductions, self._waited, self._resting = self._reductions + 1, 0, self.cooldown

    def state_dict(self) -> dict[str, Any]:
        """What it has seen, as numbers."""
        return {name: getattr(self, f"_{name}") for name in SEEN}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what `state_dict` gave.

        Raises
        ------
        StateError
            If entries are missing, unexpected or do not fit: each is named, and nothing changes.
        """
        for name, value in fitted("ReduceOnPlateau", self.state_dict(), state).items():
            setattr(self, f"_{name}", value)

    def _is_better(self, metric: float) -> bool:
        if self.maximize:
            return metric > self._best * (1 + self.threshold)
        return metric < self._best * (1 - self.threshold)
