"""Loggers: callbacks that pass the numbers of a training on to files and other programs."""

from __future__ import annotations

import csv
import io
import json
import os
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from importlib import import_module
from math import isfinite
from typing import Any, Protocol

from ..errors import MissingExtraError, OptionError, seen
from ..limits import COUNT, checked
from .callbacks import Callback, Run
from .journal import Journal, Keeper

__all__ = ["CSVLogger", "JSONLogger", "LogTo", "Logger", "Logging", "TensorBoardLogger", "told"]

Row = Mapping[str, Any]


class Logging(Protocol):
    """An object that can be told numbers by their names, as a run of Weights & Biases can."""

    def log(self, row: dict[str, Any], /) -> object:
        """Take one row of numbers."""


class Logger(Callback):
    """What each epoch came to, and the loss of some batches, go to `log`, which a subclass defines.

    A row of an epoch has "epoch", "step" (how many batches there were until then), the numbers of
    the history, and "seconds". A row of a batch has "step" and "batch_loss".

    Parameters
    ----------
    every : int, optional
        After how many batches the loss of one is told; by default none is.

    Raises
    ------
    OptionError
        If every is not a whole number from 1 up.

    Examples
    --------
    >>> from glasswork.nn import MSE, Linear, initializers
    >>> from glasswork.optim import SGD
    >>> from glasswork.train import fit
    >>> class Printed(Logger):
    ...     def log(self, row):
    ...         print(row["step"], row["batch_loss"])
    >>> class Loss(Printed):
    ...     def on_epoch(self, run):
    ...         pass
    >>> model, x = Linear(1, 1, initializer=initializers.zeros), np.ones((4, 1))
    >>> _ = fit(model, MSE(), SGD(model.parameters(), 0.25), (x, x), 2, callbacks=[Loss(every=1)])
    1 1.0
    2 0.0
    """

    def __init__(self, every: int | None = None) -> None:
        if every is not None:
            checked(type(self).__name__, "every", every, COUNT)
        self.every = every

    @abstractmethod
    def log(self, row: dict[str, Any]) -> None:
        """Take one row of numbers."""

    def on_batch(self, run: Run) -> None:
        if self.every is not None and run.steps % self.every == 0:
            self.log({"step": run.steps, "batch_loss": run.batch_loss})

    def on_epoch(self, run: Run) -> None:
        history = run.history
        row = {"epoch": len(history), "step": run.steps, **history.last()}
        self.log(row | {"seconds": history.seconds[-1]})


class FileLogger(Keeper, Logger):
    """One whose rows become lines of a file, which are added to those that are there.

    A training that is resumed from a checkpoint cuts off what was written after the checkpoint, so
    that no row is there twice.
    """

    def __init__(self, path: str | os.PathLike[str], every: int | None = None) -> None:
        super().__init__(every)
        self.path = path

    def on_start(self, run: Run) -> None:
        self._journal = Journal(self.path, self.heading(run))

    def log(self, row: dict[str, Any]) -> None:
        self._journal.add(self.line(row))
        self._journal.flush()

    def heading(self, run: Run) -> str:
        """The first line of an empty file."""
        return ""

    @abstractmethod
    def line(self, row: Row) -> str:
        """A row as a line."""


class CSVLogger(FileLogger):
    """A table in a .csv file, with a line for each epoch. It also opens in a spreadsheet.

    Parameters
    ----------
    path : str or path
        The file. The lines of a file with the same columns stay.

    Raises
    ------
    OptionError, OSError
        When the training starts: if the file has other columns, or cannot be written.

    Examples
    --------
    >>> logger = CSVLogger("losses.csv")  # of fit(…, callbacks=[logger])
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        super().__init__(path)

    def heading(self, run: Run) -> str:
        return self.line(dict.fromkeys(["epoch", "step", *run.history.columns, "seconds"]))

    def line(self, row: Row) -> str:
        text = io.StringIO()
        cells = [name if value is None else value for name, value in row.items()]
        csv.writer(text, lineterminator="").writerow(cells)
        return text.getvalue()


class JSONLogger(FileLogger):
    """JSON Lines: an object on each line, that other programs can read while it grows.

    JSON has no NaN and no infinity: they are written as null.

    Parameters
    ----------
    path : str or path
        The file. The lines that are there stay.
    every : int, optional
        After how many batches the loss of one is told; by default none is.

    Raises
    ------
    OSError
        When the training starts, if the file cannot be written.

    Examples
    --------
    >>> JSONLogger("losses.jsonl").line({"step": 3, "batch_loss": float("nan")})
    '{"step": 3, "batch_loss": null}'
    """

    def line(self, row: Row) -> str:
        return json.dumps({name: x if isfinite(x) else None for name, x in row.items()})


class TensorBoardLogger(Logger):
    """Event files for TensorBoard. It needs tensorboardX (the extra `tensorboard`).

    Parameters
    ----------
    folder : str or path
        A folder for this training: `tensorboard --logdir` of the one above it shows several.
    every : int, optional
        After how many batches the loss of one is told; by default none is.

    Raises
    ------
    MissingExtraError
        If tensorboardX is not installed.
    """

    def __init__(self, folder: str | os.PathLike[str], every: int | None = None) -> None:
        super().__init__(every)
        try:
            self._open = import_module("tensorboardX").SummaryWriter
        except ImportError as error:
            purpose = "writing for TensorBoard"
            raise MissingExtraError.of("tensorboard", "tensorboardX", purpose) from error
        self.folder = folder

    def on_start(self, run: Run) -> None:
        """Open a file; TensorBoard forgets what older ones say of the steps that come again."""
        self._writer = self._open(
            os.fspath(self.folder),
            purge_step=run.steps + 1,
            filename_suffix=f".{run.steps}",  # else two files of one second would be one
        )

    def on_end(self, run: Run) -> None:
        self._writer.close()

    def log(self, row: dict[str, Any]) -> None:
        for name in row.keys() - {"step"}:
            self._writer.add_scalar(name, row[name], row["step"])

    def state_dict(self) -> dict[str, Any]:
        self._writer.flush()
        return {}


class LogTo(Logger):
    """Pass each row to an object that has a method `log`, as a run of Weights & Biases does.

    `fit` makes one of every callback that is such an object. Rows told after the last checkpoint
    are told again by a training that is resumed: "step" says which they are.

    Parameters
    ----------
    target : object
        Its `log` takes a dict.
    every : int, optional
        After how many batches the loss of one is told; by default none is.

    Examples
    --------
    >>> class Memory:
    ...     def log(self, row):
    ...         print(row)
    >>> LogTo(Memory()).log({"epoch": 1, "loss": 0.5})
    {'epoch': 1, 'loss': 0.5}
    """

    def __init__(self, target: Logging, every: int | None = None) -> None:
        super().__init__(every)
        if not _can_be_told(target):
            raise OptionError(f"LogTo: {seen(target)} has no method log.\n  Pass what has one.")
        self.target = target

    def log(self, row: dict[str, Any]) -> None:
        self.target.log(row)


def told(asker: str, callbacks: Any) -> list[Callback]:
    """The callbacks, and in the place of an object that has only a method `log`, one for it.

    Raises
    ------
    OptionError
        If they are no list, or one of them is neither; `asker` is who wants them.
    """
    if not isinstance(callbacks, Sequence) or not all(map(_can_be_told, callbacks)):
        raise OptionError(
            f"{asker}: callbacks is {callbacks!r}.\n"
            "  Pass a list of instances of glasswork.train.Callback: callbacks=[EarlyStopping()]."
        )
    return [each if isinstance(each, Callback) else LogTo(each) for each in callbacks]


def _can_be_told(thing: object) -> bool:
    return isinstance(thing, Callback) or callable(getattr(thing, "log", None))
