"""The training loop."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Sized
from contextlib import ExitStack
from functools import partial
from itertools import islice
from math import isfinite
from os import PathLike
from time import perf_counter
from typing import Any

from ..data import Batches
from ..errors import OptionError, seen
from ..limits import ABOVE_ZERO, COUNT, FLAG, Limits, checked, things
from ..nn.module import Module
from ..optim import Optimizer
from ..randomness import RandomSource
from ..threads import threads_for
from .callbacks import Callback, Run
from .checkpoints import Every, check_keeping, keep
from .evaluate import LOSS, Loss, Metrics, Tally, evaluate, named
from .feed import Data, Feed, feed
from .history import History
from .loggers import Logging, told
from .replay import Replay
from .step import TrainingStep, gradient_norms_of, largest_product

__all__ = ["fit"]

Numbers = dict[str, float]

HISTORY = things("a History", lambda value: isinstance(value, History))


def fit(
    model: Module,
    loss: Loss,
    optimizer: Optimizer,
    data: Data,
    epochs: int,
    *,
    validation: Data | None = None,
    metrics: Metrics = (),
    callbacks: Sequence[Callback | Logging] = (),
    batch_size: int = 32,
    rng: RandomSource = None,
    clip_norm: float | None = None,
    clip_values: float | None = None,
    gradient_norms: bool = False,
    history: History | None = None,
    compile: bool = True,
    threads: int | None = None,
    checkpoint: str | PathLike[str] | None = None,
    every: Every = None,
    resume: bool = False,
) -> History:
    """Train a model: the article's loop, with what it comes to written down.

    An epoch goes through all batches: for each of them the gradients are forgotten, the loss is
    taken forward and back, and the optimizer makes a step. Then the model is evaluated on the
    validation data, in eval mode and without recording. Penalties (L1, L2) are options of the
    optimizer, and not in the losses that are written down.

    Parameters
    ----------
    model : Module
        Takes x. It is in training mode afterwards.
    loss : callable
        loss(model(x), y) is one number. Written down is its mean, each batch counting by its
        samples.
    optimizer : Optimizer
        Moves parameters of the model.
    data : tuple of arrays, Batches, or any iterable of tuples
        x and y, and what else the loss takes after y. An iterable is gone through once an epoch.
    epochs : int
        How often, from 1 up.
    validation : as data, optional
        What is not learnt from.
    metrics : functions of (ŷ, y), or a mapping from names to them
        Each is called once an epoch with all predictions: those made while training, which the
        parameters of many steps had a part in, and those for the validation data.
    callbacks : sequence of Callback
        What else is done, in their order; see `glasswork.train.callbacks`. An object that is none
        but has a method `log` is told the numbers of each epoch, see `LogTo`.
    batch_size : int
        How arrays are cut. Batches keep their own size.
    rng : None, int or Generator
        Where the order of arrays comes from. Batches keep their own.
    clip_norm, clip_values : float, optional
        Limits of the gradient, of its norm and of its elements; see `clip_gradient_norm`.
    gradient_norms : bool
        Whether to write down the norm of the gradient before clipping, that of all parameters
        together and that of each: the mean over the batches.
    history : History, optional
        One to go on with: its epochs stay, and it is what is returned. It also keeps the epochs of
        a training that Ctrl-C ended.
    compile : bool
        Whether the step is run as the NumPy program that it amounts to; see
        `glasswork.compile`. A step that cannot be compiled runs as it is, and a warning says why.
    threads : int, optional
        How many NumPy's matrix products use. By default one in a small network, where several would
        only wait for each other (if threadpoolctl is installed, see `glasswork.threads`), and else
        as many as BLAS takes.
    checkpoint : str or path, optional
        A folder, made if need be, that keeps what the training rests on, so that it can go on after
        whatever ends it, and a trace of all steps for `glasswork.diff`.
    every : int or datetime.timedelta, optional
        After how many steps, or how much time, a checkpoint is written, besides one before the
        first step and one at the end. By default after each epoch.
    resume : bool
        Whether to go on from the checkpoint, if there is one: pass all else as it was. What comes
        of it is the same, bit for bit, as of a training that never ended. More epochs may follow.

    Returns
    -------
    History
        For each epoch "loss", each metric, the same with "validation_" before it, "learning_rate"
        as the epoch began, and, when asked for, "gradient_norm" and "gradient_norm.0.weights".
        It ends early, and says so in `stopped`, when a callback asks for it, or before anything is
        learnt from a loss that is infinite or not a number: then `stopped` names the step, the op
        and the module in which such a number first arose.

    Raises
    ------
    OptionError, DataError, ShapeError
        Before anything is changed: if an argument is not as above, there are no samples, they
        differ in number, or something does not fit.
    StateError
        Before anything is changed: if the checkpoint is of another training.
    OSError
        If a checkpoint cannot be written; the one before it is still there.

    Examples
    --------
    >>> from glasswork.nn import MSE, Linear
    >>> from glasswork.optim import SGD
    >>> x = np.linspace(-1, 1, 20)[:, None]
    >>> model = Linear(1, 1, rng=0)
    >>> optimizer = SGD(model.parameters(), learning_rate=0.5)
    >>> history = fit(model, MSE(), optimizer, (x, 3 * x), epochs=50, rng=0)
    >>> round(model.weights.item(), 3)
    3.0
    """
    batches = feed("fit, data", data, batch_size, shuffle=True, rng=rng)
    held_out = None if validation is None else feed("fit, validation", validation, batch_size)
    measured = named(metrics)
    _check(model, loss, optimizer)
    epochs = checked("fit", "epochs", epochs, COUNT)
    _check_each(FLAG, gradient_norms=gradient_norms, compile=compile, resume=resume)
    _check_each(ABOVE_ZERO, clip_norm=clip_norm, clip_values=clip_values)
    _check_each(COUNT, threads=threads)
    check_keeping(checkpoint, every, resume)
    listening = told("fit", callbacks)
    if held_out is not None:  # what does not fit is found before anything is learnt
        evaluate(model, loss, list(islice(held_out, 1)), measured)
    elif measured and isinstance(batches, Batches):
        evaluate(model, loss, [batches.rows(batches.first)], measured)
    norms = gradient_norms_of(model) if gradient_norms else {}
    columns = _columns(measured, held_out is not None, norms)
    history = _opened(history, columns)
    run = Run(model, optimizer, history, listening, epochs, _length(batches), batches)
    run.tally = Tally(loss, measured)
    parts = {"model": model, "loss": loss, "optimizer": optimizer}
    sources = {**parts, "data": batches, "validation": held_out}
    options = {
        "clipping": f"{clip_norm}, {clip_values}",
        "columns": ", ".join(columns),
        "computation": f"{'compiled' if compile else 'eager'}, threads: {threads or 'chosen'}",
    }
    keep(run, checkpoint, every, resume, sources=sources, options=options)
    step = TrainingStep(
        model,
        loss,
        optimizer,
        clip_norm=clip_norm,
        clip_values=clip_values,
        norms=gradient_norms,
        compile=compile,
    )
    run.step = step
    test = None if held_out is None else partial(evaluate, model, loss, held_out, measured)
    with threads_for(largest_product(model, getattr(batches, "batch_size", None)), threads):
        _train(run, step, Replay(model, loss, optimizer, batches, step), test)
    return history


def _train(
    run: Run, step: TrainingStep, replay: Replay, test: Callable[[], Numbers] | None
) -> None:
    """All epochs that are still to come."""
    with ExitStack() as at_end:
        for callback in run.callbacks:
            callback.on_start(run)
            at_end.callback(callback.on_end, run)
        while run.goes_on:
            numbers = _learn(run, step, replay) | {"learning_rate": run.learning_rate}
            if run.paused:
                break
            if test is not None:
                numbers |= {f"validation_{name}": number for name, number in test().items()}
            run.history.add(numbers, perf_counter() - run.began)
            for callback in run.callbacks:
                callback.on_epoch(run)
            run.batch = 0


def _learn(run: Run, step: TrainingStep, replay: Replay) -> Numbers:
    """One epoch: the article's loop."""
    run.model.train()
    replay.remember(run)
    batches = run.open_epoch()
    for run.arrays in batches:
        cost, yhat, norms = step(*run.arrays)
        run.batch, run.steps = run.batch + 1, run.steps + 1
        run.batch_loss = cost.item()
        run.tally.add(run.batch_loss, yhat, run.arrays[1:], norms)
        if not isfinite(run.batch_loss):
            run.stop(replay.explain(run))
            break
        for callback in run.callbacks:
            callback.on_batch(run)
        if run.paused:
            break
    return run.tally.numbers()


def _columns(metrics: Iterable[str], validated: bool, norms: Iterable[str]) -> list[str]:
    """The names of what is written down of an epoch, in the order in which it is shown."""
    names = ["loss", *metrics]
    tested = [f"validation_{name}" for name in names] if validated else []
    return [*names, *tested, "learning_rate", *norms]


def _length(batches: Feed) -> int | None:
    return len(batches) if isinstance(batches, Sized) else None


def _opened(history: History | None, columns: list[str]) -> History:
    """The history that the training writes, with these columns."""
    opened = History() if history is None else history
    checked("fit", "history", opened, HISTORY)
    opened.stopped = None
    opened.open(columns)
    return opened


def _check_each(limits: Limits, **given: object) -> None:
    """Check arguments that are all of one kind, if they are passed."""
    for name, value in given.items():
        if value is not None:
            checked("fit", name, value, limits)


def _check(model: Any, loss: object, optimizer: Any) -> None:
    if not (isinstance(model, Module) and LOSS.admit(loss) and isinstance(optimizer, Optimizer)):
        given = ", ".join(seen(thing) for thing in (model, loss, optimizer))
        raise OptionError(
            "fit: the first three are a Module, a loss and an Optimizer.\n"
            f"  They are: {given}.\n"
            "  Pass objects, neither names nor classes: fit(model, MSE(),"
            " SGD(model.parameters(), 0.1), …)."
        )
    if not {id(p) for p in model.parameters()} & {id(p) for p in optimizer.parameters}:
        raise OptionError(
            "fit: the optimizer moves no parameter of the model, which would learn nothing.\n"
            f"  It moves {len(optimizer.parameters)}; the model has {len(model.parameters())}.\n"
            "  Make it from this model's: SGD(model.parameters(), learning_rate=0.1)."
        )
