"""Checkpoints: a training kept in a folder, from which it goes on bit for bit as if never ended."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import islice
from numbers import Integral
from pathlib import Path
from time import perf_counter
from typing import Any

from ..data import Batches
from ..errors import DataError, GlassworkError, OptionError, StateError
from ..limits import path_of
from ..nn.module import Module
from ..saving.files import remove_leftovers
from ..saving.states import read_state, write_state
from ..tensor import Tensor
from . import fingerprint, generators
from .callbacks import Callback, Run
from .feed import Feed
from .trace import Trace

__all__ = ["CHECKPOINT", "TRACE", "Checkpoints", "Every", "keep"]

CHECKPOINT, TRACE = "checkpoint.safetensors", "trace.csv"

Every = int | timedelta | None


def keep(
    run: Run,
    folder: str | os.PathLike[str] | None,
    every: Every,
    resume: bool,
    *,
    sources: Mapping[str, object],
    options: Mapping[str, str],
) -> None:
    """Add the callbacks that keep a training in a folder, if there is one; resume what it has.

    Parameters
    ----------
    run : Run
        A training that is to begin.
    folder, every, resume
        See `fit`.
    sources : mapping
        What the training is made of, by name: it may hold generators, and must be the same when
        the training is resumed.
    options : mapping
        What else must be the same.

    Raises
    ------
    OptionError
        If there is a checkpoint and it is not to be resumed, or an argument is none.
    StateError
        If the checkpoint is of another training.
    DataError, OSError
        If it cannot be read.
    """
    if folder is None:
        return
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    remove_leftovers(place)
    run.callbacks = [*run.callbacks, Trace(place / TRACE)]
    keeper = Checkpoints(run, place / CHECKPOINT, every, sources=sources, options=options)
    if resume and keeper.path.exists():
        keeper.resume(run)
    run.callbacks = [*run.callbacks, keeper]


class Checkpoints(Callback):
    """Write all that a training rests on to a file, and bring it back.

    It comes after all other callbacks. What it keeps: the parameters, which of them are learned,
    and the buffers; the optimizer with its schedule; the state of every generator, now and as the
    epoch began; the place in the epoch and what the epoch has come to; the history; and the state
    of each callback.
    """

    def __init__(
        self,
        run: Run,
        path: Path,
        every: Every,
        *,
        sources: Mapping[str, object],
        options: Mapping[str, str],
    ) -> None:
        self.path = path
        self._every = every
        callbacks = {f"callbacks.{i}": callback for i, callback in enumerate(run.callbacks)}
        self._sources = {**sources, **callbacks}
        before = generators.states(self._sources)  # looking at samples may draw
        self._made_of = {name: fingerprint.words_of(thing) for name, thing in sources.items()}
        self._made_of |= options
        generators.restore(self._sources, before)
        self._found: dict[str, Any] | None = None
        self._saved = perf_counter()

    def resume(self, run: Run) -> None:
        """Read the checkpoint; if it is of this training, bring the run to where it was."""
        found = read_state(self.path)
        try:
            fingerprint.check(str(self.path.parent), found["made_of"], self._made_of)
            _check_callbacks(found["callbacks"], _stateful(run.callbacks))
            place = [int(found[name]) for name in ("epoch", "batch", "steps")]
            _check_epochs(place[0], run.epochs)
            rate, seconds = float(found["learning_rate"]), float(found["seconds"])
            _check_tensors(found["tensors"], here := self._tensors(run))
            run.optimizer.load_state_dict(found["optimizer"])
            for name, tensor in here.items():
                tensor.els = found["tensors"][name]
                tensor.requires_grad = name in found["learned"]
            run.history.restore(found["history"])
            run.tally.load_state_dict(found["tally"])
        except GlassworkError:
            raise
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise DataError(
                f"{self.path}: the file is no checkpoint.\n  {type(error).__name__}: {error}\n"
                "  It was written by another program or version: pass another folder."
            ) from error
        run.epoch, run.batch, run.steps = place
        run.learning_rate, run.began = rate, perf_counter() - seconds
        self._found, run.resumed = found, True

    def on_start(self, run: Run) -> None:
        if self._found is None:
            self._opening = generators.states(self._sources)
            self._save(run, epoch=0, batch=0)
            return
        for name, callback in _stateful(run.callbacks).items():
            if name in self._found["callbacks"]:
                callback.load_state_dict(self._found["callbacks"][name])
        known = self._found["generators"]
        self._opening = known["opening"]
        generators.restore(self._sources, self._opening)
        if run.batch:
            run.rest = _after(run.data, run.batch)
        generators.restore(self._sources, known["now"])
        self._found = None

    def on_batch(self, run: Run) -> None:
        if self._is_due(run.steps):
            self._save(run, run.epoch - 1, run.batch)

    def on_epoch(self, run: Run) -> None:
        self._opening = generators.states(self._sources)
        is_over = run.epoch >= run.epochs or run.history.stopped is not None
        if is_over or self._every is None:
            self._save(run, run.epoch, batch=0)

    def on_end(self, run: Run) -> None:
        if run.paused:
            self._save(run, max(run.epoch - 1, 0), run.batch)

    def _is_due(self, steps: int) -> bool:
        if isinstance(self._every, timedelta):
            return perf_counter() - self._saved >= self._every.total_seconds()
        return self._every is not None and steps % self._every == 0

    def _save(self, run: Run, epoch: int, batch: int) -> None:
        tensors = self._tensors(run)
        states = {name: each.state_dict() for name, each in _stateful(run.callbacks).items()}
        now = generators.states(self._sources)
        state = {
            "made_of": self._made_of,
            "epoch": epoch,
            "batch": batch,
            "steps": run.steps,
            "seconds": perf_counter() - run.began,
            "learning_rate": run.learning_rate,
            "tensors": {name: tensor.els for name, tensor in tensors.items()},
            "learned": [name for name, tensor in tensors.items() if tensor.requires_grad],
            "optimizer": run.optimizer.state_dict(),
            "generators": {"opening": self._opening, "now": now},
            "history": run.history.as_dict(),
            "tally": run.tally.state_dict(),
            "callbacks": {name: each for name, each in states.items() if each},
        }
        write_state(self.path, state)
        self._saved = perf_counter()

    def _tensors(self, run: Run) -> dict[str, Tensor]:
        """Parameters and buffers of the model and the loss, and what else the optimizer moves."""
        modules = {k: part for k, part in self._sources.items() if isinstance(part, Module)}
        found: dict[str, Tensor] = {}
        for name, module in modules.items():
            named = [*module.named_parameters(), *module.named_buffers()]
            found |= {f"{name}.{path}": tensor for path, tensor in named}
        known = {id(tensor) for tensor in found.values()}
        others = [tensor for tensor in run.optimizer.parameters if id(tensor) not in known]
        return found | {f"other.{place}": tensor for place, tensor in enumerate(others)}


def _stateful(callbacks: Sequence[Callback]) -> dict[str, Callback]:
    """The callbacks by names that tell those of one class apart."""
    named: dict[str, Callback] = {}
    for callback in callbacks:
        kind, count = type(callback).__name__, 1
        while f"{kind} {count}" in named:
            count += 1
        named[f"{kind} {count}"] = callback
    return named


def _after(data: Feed, batches: int) -> Iterator[tuple[Any, ...]]:
    """The batches of an epoch without the first ones, from which has been learnt."""
    if isinstance(data, Batches):
        return data.after(batches)
    rest = iter(data)
    for _ in islice(rest, batches):
        pass
    return rest


def check_keeping(folder: str | os.PathLike[str] | None, every: object, resume: bool) -> None:
    """Raise unless checkpoints can be kept so, or none are asked for."""
    if folder is None:
        _check_nothing_is_asked(every, resume)
    else:
        _check(path_of("fit", folder, "checkpoint"), every, resume)


def _check_nothing_is_asked(every: object, resume: bool) -> None:
    if every is not None or resume:
        raise OptionError(
            f"fit: every is {every!r} and resume is {resume}, without a folder for checkpoints.\n"
            "  Pass checkpoint=folder too."
        )


def _check(folder: Path, every: object, resume: bool) -> None:
    is_count = isinstance(every, Integral) and int(every) >= 1
    is_time = isinstance(every, timedelta) and every >= timedelta(0)
    if every is not None and not is_count and not is_time:
        raise OptionError(
            f"fit: every is {every!r}.\n"
            "  Pass a number of steps from 1 up, a datetime.timedelta, or None for each epoch."
        )
    if folder.exists() and not folder.is_dir():
        raise OptionError(f"fit: checkpoint is {folder}, a file.\n  Pass a folder of its own.")
    if not resume and (folder / CHECKPOINT).exists():
        raise OptionError(
            f"fit: {folder} holds a checkpoint already.\n"
            "  Pass resume=True to go on from it, or another folder: nothing is overwritten."
        )


def _check_epochs(learnt: int, epochs: int) -> None:
    if learnt > epochs:
        raise OptionError(
            f"fit: epochs is {epochs}, and this training has {learnt} already.\n"
            "  Pass as many, or more."
        )


def _check_tensors(stored: Mapping[str, Any], here: Mapping[str, Tensor]) -> None:
    """Refuse tensors of other names, shapes or dtypes, which only a damaged file can have."""
    found = {name: (array.shape, array.dtype) for name, array in stored.items()}
    if found != {name: (tensor.shape, tensor.dtype) for name, tensor in here.items()}:
        raise ValueError(f"It holds {', '.join(found)}; here are {', '.join(here)}.")


def _check_callbacks(states: Mapping[str, Any], here: Mapping[str, Callback]) -> None:
    if missing := [name.rpartition(" ")[0] for name in states if name not in here]:
        raise StateError(
            f"fit: the checkpoint has the state of {', '.join(missing)}, which is not here.\n"
            "  Nothing has been changed. Pass the callbacks that there were."
        )
