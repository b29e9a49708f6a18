"""Training by batches: epochs of steps, until nothing improves any more."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from contextlib import ExitStack
from time import perf_counter
from typing import Any

import numpy as np
from sklearn.exceptions import ConvergenceWarning

from ..compiler import compile
from ..data import Batches
from ..nn import BatchNorm, Module, penalty
from ..optim import Optimizer
from ..train import History, Run
from ..train.loggers import told
from .heads import Head
from .samples import Samples
from .solvers import after_epoch, lowered

__all__ = ["Course", "Objective", "training_step"]

OFTEN = 400  # steps, which make up for the time that writing a program takes


class Objective:
    """What is made small: the loss of a batch, and α/2 ‖W‖² over the weight of its samples."""

    def __init__(self, network: Module, head: Head, alpha: float) -> None:
        self.network, self.head, self.alpha = network, head, alpha
        self.decaying = [p for p in network.parameters() if p.decay and p.requires_grad]

    def __call__(self, x: Any, truth: Any, weights: Any = None) -> Any:
        cost = self.head.cost(self.network(x), truth, weights)
        if not (self.alpha and self.decaying):
            return cost
        total: Any = len(truth) if weights is None else weights.sum()
        return cost + penalty(self.decaying, l2=self.alpha) / total


def training_step(objective: Callable[..., Any], optimizer: Optimizer) -> Callable[..., Any]:
    """One step, as a function of the arrays of a batch; it gives the loss from before the step."""

    def step(x: Any, truth: Any, weights: Any = None) -> Any:
        cost = objective(x, truth, weights)
        optimizer.zero_grad()
        cost.backward()
        optimizer.step()
        return cost

    return step


class Course:
    """The training of an estimator, whose attributes tell how it went.

    Parameters
    ----------
    estimator : Estimator
        With its network and optimizer made.
    samples, held_out : Samples
        What is learnt from, and, perhaps, what is not.
    head : Head
        What the outputs are for.
    random_state : RandomState
        Where the order of the samples comes from.
    """

    def __init__(
        self,
        estimator: Any,
        *,
        samples: Samples,
        held_out: Samples | None,
        head: Head,
        random_state: np.random.RandomState,
    ) -> None:
        self.estimator, self.samples, self.held_out = estimator, samples, held_out
        self.random_state = random_state
        self.network, self.optimizer = estimator.network_, estimator._optimizer
        alpha = 0.0 if estimator.solver == "adamw" else float(estimator.alpha)
        self.objective = Objective(self.network, head, alpha)
        self.step = training_step(self.objective, self.optimizer)
        self.batch_size = _batch_size(estimator.batch_size, len(samples.codes))
        self.best = self.network.state_dict() if estimator.early_stopping else None

    def run(self, epochs: int, warn: bool) -> None:
        """Go through so many epochs, unless it ends before; warn of it if it does not."""
        own, run = self.estimator, self._opened(epochs)
        if self._pays_to_compile(epochs):
            self.step = compile(self.step)
        order = np.arange(len(self.samples.codes))
        with ExitStack() as at_end:
            if self.best is not None:
                at_end.callback(self._restore)
            for callback in run.callbacks:
                at_end.callback(callback.on_end, run)
                callback.on_start(run)
            try:
                for run.epoch in range(1, epochs + 1):
                    if own.shuffle:
                        order = order[self.random_state.permutation(len(order))]
                    self._epoch(run, order)
                    if self._is_over(run):
                        return
            except KeyboardInterrupt:
                warnings.warn("Training interrupted by user.", stacklevel=5)
                return
        if warn:
            warnings.warn(
                f"Stochastic Optimizer: Maximum iterations ({epochs}) reached and the optimization "
                "hasn't converged yet.",
                ConvergenceWarning,
                stacklevel=5,
            )

    def _opened(self, epochs: int) -> Run:
        """What callbacks are told, before anything has been done."""
        own = self.estimator
        listening = told(type(own).__name__, own.callbacks)
        own.history_, own.n_iter_ = History(), 0
        held_out = ["validation_loss", "validation_score"] if self.held_out is not None else []
        own.history_.open(["loss", "learning_rate", *held_out])
        return Run(self.network, self.optimizer, own.history_, listening, epochs, None)

    def _epoch(self, run: Run, order: np.ndarray) -> None:
        """One pass over the samples, and what is written down of it."""
        own, began = self.estimator, perf_counter()
        run.learning_rate = self.optimizer.current_learning_rate
        own.loss_ = self._learn(run, order)
        own.n_iter_ += 1
        own.t_ += len(order)
        own.loss_curve_.append(own.loss_)
        numbers = {"loss": own.loss_, "learning_rate": run.learning_rate}
        self._tell(f"Iteration {own.n_iter_}, loss = {own.loss_:.8f}")
        if self.held_out is not None:
            loss, score = own._judged(self.held_out, self.objective.head)
            own.validation_loss_curve_.append(loss)
            own.validation_scores_.append(score)
            numbers |= {"validation_loss": loss, "validation_score": score}
            self._tell(f"Validation score: {score:f}")
        run.history.add(numbers, perf_counter() - began)
        self._compare()
        after_epoch(own)
        for callback in run.callbacks:
            callback.on_epoch(run)

    def _learn(self, run: Run, order: np.ndarray) -> float:
        """Make a step with each batch; the loss, for which each batch counts by its samples."""
        total, size = 0.0, self.batch_size
        if not self.network.training:
            self.network.train()
        one_left = len(order) % size == 1 < size and _needs_company(self.network)
        batches = Batches(order, batch_size=size, shuffle=False, drop_last=one_left)
        run.batches = len(batches)
        for run.batch, (rows,) in enumerate(batches, start=1):
            batch = self.samples.arrays_at(rows)
            if len(batch) > 2 and not batch[2].any():
                continue  # nothing in this batch counts
            run.steps, run.arrays = run.steps + 1, batch
            run.batch_loss = self.step(*batch).item()
            total += run.batch_loss * len(rows)
            for callback in run.callbacks:
                callback.on_batch(run)
        return total / (len(order) - one_left)

    def _pays_to_compile(self, epochs: int) -> bool:
        """Whether the step is to be a program: if asked for, or often used and all our own."""
        asked = self.estimator.compile
        if asked is not None:
            return bool(asked)
        parts = [*(m for _, m in self.network.named_modules()), self.objective.head.loss]
        is_ours = all(_is_ours(part) for part in [*parts, self.optimizer])
        return is_ours and epochs * len(self.samples.codes) >= OFTEN * self.batch_size

    def _compare(self) -> None:
        """Count the epochs without an improvement by `tol`, of the score or else of the loss."""
        own = self.estimator
        if own.early_stopping:
            score = own.validation_scores_[-1]
            is_no_better = score < own.best_validation_score_ + own.tol
            if score > own.best_validation_score_:
                own.best_validation_score_ = score
                self.best = self.network.state_dict()
        else:
            is_no_better = own.loss_ > own.best_loss_ - own.tol
            own.best_loss_ = min(own.best_loss_, own.loss_)
        own._no_improvement_count = own._no_improvement_count + 1 if is_no_better else 0

    def _is_over(self, run: Run) -> bool:
        """Whether to stop; an adaptive learning rate is lowered first."""
        own = self.estimator
        if run.history.stopped is not None:
            return True
        if own._no_improvement_count <= own.n_iter_no_change:
            return False
        watched = "Validation score" if own.early_stopping else "Training loss"
        reason = (
            f"{watched} did not improve more than tol={own.tol:f} for {own.n_iter_no_change} "
            "consecutive epochs."
        )
        if lowered(own):
            own._no_improvement_count = 0
            self._tell(f"{reason} Setting learning rate to {self.optimizer.learning_rate:f}")
            return False
        self._tell(f"{reason} Stopping.")
        run.stop(reason)
        return True

    def _restore(self) -> None:
        self.network.load_state_dict(self.best or {})

    def _tell(self, line: str) -> None:
        if self.estimator.verbose:
            sys.stdout.write(f"{line}\n")


def _batch_size(asked: int | str, samples: int) -> int:
    if asked == "auto":
        return min(200, samples)
    if int(asked) > samples:
        warnings.warn(
            f"Got `batch_size` less than 1 or larger than sample size ({samples}). "
            "It is going to be clipped",
            stacklevel=6,
        )
    return min(int(asked), samples)


def _is_ours(part: object) -> bool:
    """Whether this is the library's own, and so does the same in each step."""
    return type(part).__module__.startswith("glasswork.")


def _needs_company(network: Module) -> bool:
    """Whether a batch of one sample, which has no variance, cannot be learnt from."""
    return any(isinstance(module, BatchNorm) for _, module in network.named_modules())
