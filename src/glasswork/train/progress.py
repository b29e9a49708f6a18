"""Progress: a line for each epoch, and on a terminal a bar that moves with the batches."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TextIO

from .bars import bar
from .callbacks import Callback, Run
from .history import Table

if TYPE_CHECKING:
    from tqdm import tqdm

__all__ = ["Progress"]


class Progress(Callback):
    """Print the numbers of each epoch, and draw a bar while it runs.

    The bar needs tqdm (in the extra `app`) and a terminal; without one of them there are only the
    lines, so that what goes to a file is a plain table.

    Parameters
    ----------
    lines : text stream, optional
        Where the numbers go; standard output by default.
    bar : text stream, optional
        Where the bar is drawn; standard error by default.
    held_out : str
        What to call the validation data.

    Examples
    --------
    >>> from glasswork.nn import MSE, Linear, initializers
    >>> from glasswork.optim import SGD
    >>> from glasswork.train import fit
    >>> model, x = Linear(1, 1, initializer=initializers.zeros), np.ones((4, 1))
    >>> told = [Progress()]
    >>> _ = fit(model, MSE(), SGD(model.parameters(), 0.1), (x, x), 2, callbacks=told)
    ... # doctest: +ELLIPSIS
    epoch       loss  learning rate  seconds
        1      1.000         0.1000     ...
        2     0.3600         0.1000     ...
    """

    def __init__(
        self, lines: TextIO | None = None, bar: TextIO | None = None, held_out: str = "validation"
    ) -> None:
        self._held_out = held_out
        self._lines = lines
        self._stream = bar
        self._bar: tqdm[Any] | None = None

    def on_start(self, run: Run) -> None:
        total = None if run.batches is None else run.epochs * run.batches
        self._bar = bar(self._stream or sys.stderr, total, done=run.steps)
        self._table = Table(run.history.columns, self._held_out)
        self._print(self._table.heading())

    def on_batch(self, run: Run) -> None:
        if self._bar is not None:
            self._bar.set_description(f"epoch {run.epoch}/{run.epochs}", refresh=False)
            self._bar.update()

    def on_epoch(self, run: Run) -> None:
        history = run.history
        self._print(self._table.row(len(history), history.last(), history.seconds[-1]))

    def on_end(self, run: Run) -> None:
        if self._bar is not None:
            self._bar.close()

    def _print(self, line: str) -> None:
        if self._bar is not None:
            self._bar.clear()
        with suppress(BrokenPipeError):  # the training goes on without whoever read the lines
            print(line, file=self._lines, flush=True)
        if self._bar is not None:
            self._bar.refresh()
