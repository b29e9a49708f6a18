"""The training loop."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Sized
from contextlib import ExitStack
from functools import partial
from itertools import islice
from math import hypot, isfinite
from numbers import Integral
from time import perf_counter

from ..errors import OptionError
from ..nn.module import Module
from ..optim import Optimizer, clip_gradient_norm, clip_gradient_values, gradient_norm
from ..randomness import RandomSource
from .callbacks import Callback, Run
from .evaluate import Loss, Metrics, Tally, evaluate, named
from .feed import Data, Feed, feed
from .history import History

__all__ = ["fit"]

Numbers = dict[str, float]


def fit(
    model: Module,
    loss: Loss,
    optimizer: Optimizer,
    data: Data,
    epochs: int,
    *,
    validation: Data | None = None,
    metrics: Metrics = (),
    callbacks: Sequence[Callback] = (),
    batch_size: int = 32,
    rng: RandomSource = None,
    clip_norm: float | None = None,
    clip_values: float | None = None,
    gradient_norms: bool = False,
    history: History | None = None,
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
        What else is done, in their order; see `glasswork.train.callbacks`.
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

    Returns
    -------
    History
        For each epoch "loss", each metric, the same with "validation_" before it, "learning_rate"
        as the epoch began, and, when asked for, "gradient_norm" and "gradient_norm.0.weights".
        It ends early, and says so in `stopped`, when a callback asks for it or the loss is
        infinite or not a number.

    Raises
    ------
    OptionError, DataError, ShapeError
        Before anything is changed: if an argument is not as above, there are no samples, they
        differ in number, or something does not fit.

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
    _check(model, optimizer, epochs, callbacks)
    if held_out is not None:  # what does not fit is found before anything is learnt
        evaluate(model, loss, list(islice(held_out, 1)), measured)
    history = History() if history is None else history
    history.stopped = None
    norms = _norms(model) if gradient_norms else {}
    history.open(_columns(measured, held_out is not None, norms))
    tend = partial(_tend_gradients, model, optimizer, clip_norm, clip_values, gradient_norms)
    run = Run(model, optimizer, history, callbacks, epochs, _length(batches))
    with ExitStack() as at_end:
        for callback in callbacks:
            at_end.callback(callback.on_end, run)
            callback.on_start(run)
        for run.epoch in range(1, epochs + 1):
            began = perf_counter()
            rate = {"learning_rate": optimizer.current_learning_rate}
            numbers = rate | _learn(run, loss, batches, Tally(loss, measured), tend)
            if held_out is not None:
                tested = evaluate(model, loss, held_out, measured)
                numbers |= {f"validation_{name}": number for name, number in tested.items()}
            history.add(numbers, perf_counter() - began)
            if not isfinite(numbers["loss"]):
                run.stop("the loss is not a finite number")
            for callback in callbacks:
                callback.on_epoch(run)
            if run.history.stopped is not None:
                break
    return history


def _learn(
    run: Run, loss: Loss, batches: Feed, tally: Tally, tend_gradients: Callable[[], Numbers]
) -> Numbers:
    """One epoch: the article's loop."""
    model, optimizer = run.model.train(), run.optimizer
    for run.batch, (x, *targets) in enumerate(batches, start=1):
        optimizer.zero_grad()
        yhat = model(x)
        cost = loss(yhat, *targets)
        cost.backward()
        norms = tend_gradients()
        optimizer.step()
        run.batch_loss = cost.item()
        tally.add(run.batch_loss, yhat, targets, norms)
        for callback in run.callbacks:
            callback.on_batch(run)
    return tally.numbers()


def _tend_gradients(
    model: Module,
    optimizer: Optimizer,
    clip_norm: float | None,
    clip_values: float | None,
    wanted: bool,
) -> Numbers:
    """Clip the gradients; their norms before that, when they are wanted."""
    norms = _norms(model) if wanted else {}
    if clip_values is not None:
        clip_gradient_values(optimizer.parameters, clip_values)
    if clip_norm is not None:
        clip_gradient_norm(optimizer.parameters, clip_norm)
    return norms


def _norms(model: Module) -> Numbers:
    learned = ((path, p) for path, p in model.named_parameters() if p.requires_grad)
    norms = {f"gradient_norm.{path}": gradient_norm([p]) for path, p in learned}
    return {"gradient_norm": hypot(*norms.values()), **norms}


def _columns(metrics: Iterable[str], validated: bool, norms: Iterable[str]) -> list[str]:
    """The names of what is written down of an epoch, in the order in which it is shown."""
    names = ["loss", *metrics]
    tested = [f"validation_{name}" for name in names] if validated else []
    return [*names, *tested, "learning_rate", *norms]


def _length(batches: Feed) -> int | None:
    return len(batches) if isinstance(batches, Sized) else None


def _check(model: Module, optimizer: Optimizer, epochs: object, callbacks: object) -> None:
    if not isinstance(epochs, Integral) or epochs < 1:
        raise OptionError(f"fit: epochs is {epochs!r}.\n  Pass a whole number from 1 up.")
    if not {id(p) for p in model.parameters()} & {id(p) for p in optimizer.parameters}:
        raise OptionError(
            "fit: the optimizer moves no parameter of the model, which would learn nothing.\n"
            f"  It moves {len(optimizer.parameters)}; the model has {len(model.parameters())}.\n"
            "  Make it from this model's: SGD(model.parameters(), learning_rate=0.1)."
        )
    if not isinstance(callbacks, Sequence) or not all(isinstance(c, Callback) for c in callbacks):
        raise OptionError(
            f"fit: callbacks is {callbacks!r}.\n"
            "  Pass a list of instances of glasswork.train.Callback: callbacks=[EarlyStopping()]."
        )
