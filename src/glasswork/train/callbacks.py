"""Callbacks: what is done beside the training loop, at its start, at each batch and each epoch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import inf, nan
from time import perf_counter
from typing import Any

from ..errors import OptionError
from ..limits import COUNT, FLAG, FROM_ZERO, TEXT, checked, things
from ..nn.module import Module
from ..optim import Optimizer, ReduceOnPlateau
from .evaluate import Tally
from .feed import Feed
from .history import History
from .metrics import MAXIMIZE

__all__ = ["Callback", "EarlyStopping", "Plateau", "Run"]


@dataclass(eq=False)
class Run:
    """A training under way: what `fit` tells its callbacks.

    Attributes
    ----------
    model, optimizer, callbacks
        What was passed to `fit`.
    history : History
        The epochs until now; `history.last()` has the numbers of the one that has just ended.
    epochs : int
        How many there will be, unless the training is stopped.
    batches : int or None
        How many there are in an epoch, where that is known.
    epoch, batch : int
        Which one it is, from 1.
    steps : int
        How many batches there were in all epochs.
    arrays : tuple
        The latest batch.
    batch_loss : float
        Its loss.
    learning_rate : float
        That of the epoch, as it began.
    data : Batches, or iterable of tuples
        What is learnt from.
    tally : Tally
        What the epoch has come to until now.
    began : float
        When the epoch began, by `time.perf_counter`.
    resumed : bool
        Whether the training goes on from a checkpoint.
    paused : bool
        Whether the training ends here, to be gone on with; see `pause`.
    step : TrainingStep or None
        What is done with each batch; its `run` has the page, if it is compiled.
    """

    model: Module
    optimizer: Optimizer
    history: History
    callbacks: Sequence[Callback]
    epochs: int
    batches: int | None
    data: Feed = ()
    step: Any = None
    tally: Tally = field(default_factory=Tally)
    epoch: int = 0
    batch: int = 0
    steps: int = 0
    arrays: tuple[Any, ...] = ()
    batch_loss: float = nan
    learning_rate: float = nan
    began: float = 0.0
    resumed: bool = False
    paused: bool = False
    rest: Iterator[tuple[Any, ...]] | None = None

    @property
    def goes_on(self) -> bool:
        """Whether an epoch has to be finished, or there is another one to come."""
        is_over = self.epoch >= self.epochs or self.history.stopped is not None
        return not self.paused and (self.batch > 0 or not is_over)

    def open_epoch(self) -> Iterator[tuple[Any, ...]]:
        """Begin the next epoch, or go on with the one that was resumed: its batches to come."""
        self.epoch += 1
        if self.rest is not None:
            rest, self.rest = self.rest, None
            return rest
        self.tally.clear()
        self.began = perf_counter()
        self.learning_rate = self.optimizer.current_learning_rate
        return iter(self.data)

    def stop(self, reason: str) -> None:
        """End the training after this epoch; `history.stopped` is then the reason."""
        self.history.stopped = reason

    def pause(self) -> None:
        """End the training after this batch; a checkpoint is written, if there is a folder."""
        self.paused = True


class Callback:
    """What `fit` calls at its moments. Override those that you need; the others do nothing.

    A callback that remembers something from one moment to the next has a state, which checkpoints
    keep: it gives it by `state_dict` and takes it back by `load_state_dict`.

    Examples
    --------
    >>> class GoodEnough(Callback):
    ...     def on_epoch(self, run):
    ...         if run.history.last()["loss"] < 0.01:
    ...             run.stop("the loss is below 0.01")
    """

    def on_start(self, run: Run) -> None:
        """Called before the first epoch."""

    def on_batch(self, run: Run) -> None:
        """Called after each batch, when the parameters have been updated."""

    def on_epoch(self, run: Run) -> None:
        """Called after each epoch, when its numbers stand in `run.history`."""

    def on_end(self, run: Run) -> None:
        """Called when the training is over, also when an error or Ctrl-C ended it."""

    def state_dict(self) -> dict[str, Any]:
        """What a training that is resumed has to know: arrays, numbers, text and so on."""
        return {}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take over what `state_dict` gave; called after `on_start` of a resumed training."""


class EarlyStopping(Callback):
    """Stop when a number has not improved for some epochs, and go back to the best parameters.

    An epoch is better when its number lies beyond the best one so far by more than `min_delta`. At
    the end, whatever ended the training, the model has the parameters and buffers of the best
    epoch; what an optimizer remembers, such as velocities, is left as it is.   (Prechelt, 1998)

    Parameters
    ----------
    patience : int
        How many epochs in a row may be no better; the last of them ends the training. From 1 up.
    min_delta : float
        How much better a number has to be, from 0 up.
    metric : str
        The column of the history that is watched.
    maximize : bool, optional
        Whether it should grow, as accuracy does, or shrink, as a loss does. It need not be said of
        losses and of the metrics in `glasswork.train.metrics`.

    Attributes
    ----------
    best_epoch : int or None
        The epoch whose parameters are kept, from 1, as the history counts.

    Raises
    ------
    OptionError
        If patience or min_delta is none of these, it is not known whether the metric should grow,
        or, when the training starts, there is no such column.

    Examples
    --------
    >>> stopping = EarlyStopping(patience=3, metric="validation_accuracy")
    >>> stopping.maximize
    True
    """

    def __init__(
        self,
        patience: int = 5,
        min_delta: float = 0.0,
        metric: str = "validation_loss",
        maximize: bool | None = None,
    ) -> None:
        self.patience = checked("EarlyStopping", "patience", patience, COUNT)
        self.min_delta = checked("EarlyStopping", "min_delta", min_delta, FROM_ZERO)
        self.metric = checked("EarlyStopping", "metric", metric, TEXT)
        self.maximize = (
            _should_grow(metric)
            if maximize is None
            else checked("EarlyStopping", "maximize", maximize, FLAG)
        )
        self.best_epoch: int | None = None
        self._state: dict[str, Any] = {}

    def on_start(self, run: Run) -> None:
        run.history[self.metric]  # is there, or that is an error now
        self.best_epoch, self._best, self._waited, self._state = None, -inf, 0, {}

    def on_epoch(self, run: Run) -> None:
        number = run.history[self.metric][-1]
        merit = number if self.maximize else -number
        if merit > self._best + self.min_delta:
            self._best, self._waited = merit, 0
            self.best_epoch, self._state = len(run.history), run.model.state_dict()
        else:
            self._waited += 1
        if self._waited == self.patience:
            run.stop(f"{self.metric} has not improved for {self.patience} epochs")

    def on_end(self, run: Run) -> None:
        if self.best_epoch is not None:
            run.model.load_state_dict(self._state)

    def state_dict(self) -> dict[str, Any]:
        return {
            "best_epoch": self.best_epoch,
            "best": self._best,
            "waited": self._waited,
            "state": self._state,
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.best_epoch, self._best = state["best_epoch"], state["best"]
        self._waited, self._state = state["waited"], state["state"]


OBSERVING = things(
    "a schedule that observes, such as ReduceOnPlateau", lambda value: hasattr(value, "observe")
)


class Plateau(Callback):
    """Tell a schedule that reduces the learning rate on a plateau what each epoch came to.

    Parameters
    ----------
    schedule : ReduceOnPlateau
        The one that the optimizer was given, or anything else that has `observe(number)`.
    metric : str
        The column of the history that it is told.

    Raises
    ------
    OptionError
        When the training starts, if there is no such column.

    Examples
    --------
    >>> from glasswork.optim import ReduceOnPlateau
    >>> schedule = ReduceOnPlateau(0.1, patience=3)
    >>> plateau = Plateau(schedule)  # of fit(…, SGD(…, schedule), …, callbacks=[plateau])
    """

    def __init__(self, schedule: ReduceOnPlateau, metric: str = "validation_loss") -> None:
        self.schedule = checked("Plateau", "schedule", schedule, OBSERVING)
        self.metric = checked("Plateau", "metric", metric, TEXT)

    def on_start(self, run: Run) -> None:
        run.history[self.metric]  # is there, or that is an error now

    def on_epoch(self, run: Run) -> None:
        self.schedule.observe(run.history[self.metric][-1])


def _should_grow(metric: str) -> bool:
    known = {"loss": False} | MAXIMIZE
    try:
        return known[metric.removeprefix("validation_")]
    except KeyError:
        raise OptionError(
            f"EarlyStopping: it is not known whether {metric!r} should grow or shrink.\n"
            f"  Known are {', '.join(known)}.\n"
            "  Pass maximize=True or maximize=False."
        ) from None
