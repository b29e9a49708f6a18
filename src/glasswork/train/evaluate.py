"""Evaluation: what a network comes to on data that it does not learn from."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from statistics import fmean
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..data import Batches
from ..errors import DataError, OptionError, seen
from ..limits import FLAG, TEXT, checked, things
from ..nn.changes import changes, take_back
from ..nn.module import MODULE, Module
from ..ops.checks import as_array
from ..tape import recording
from ..tensor import Tensor
from .bars import watched
from .feed import Data, feed

__all__ = [
    "LOSS", "Loss", "Metric", "Metrics", "Tally", "cost_of", "evaluate", "named", "output_of",
    "predict",
]  # fmt: skip

Array = NDArray[Any]
Loss = Callable[..., Tensor]
Metric = Callable[[Any, Any], float]
Metrics = Sequence[Metric] | Mapping[str, Metric]

LOSS = things(
    "an object such as MSE(), or a function",
    lambda value: callable(value) and not isinstance(value, type),
)
OURS = re.compile("loss|learning_rate|(validation_|gradient_norm).*|<lambda>")


def evaluate(
    model: Module,
    loss: Loss,
    data: Data,
    metrics: Metrics = (),
    batch_size: int = 256,
    *,
    progress: bool = False,
) -> dict[str, float]:
    """The loss and the metrics of a model on some data: in eval mode, and nothing is recorded.

    Parameters
    ----------
    model : Module
        Takes x; its modes are afterwards what they were.
    loss : callable
        loss(model(x), y) is one number. The result is the mean over the samples.
    data : tuple of arrays, Batches, or any iterable of tuples
        x and y, and what else the loss takes.
    metrics : functions of (ŷ, y), or a mapping from names to them
        Each is called once, with all predictions.
    batch_size : int
        How arrays are cut. Batches keep their own size.
    progress : bool
        Whether to draw a bar on a terminal; it needs tqdm, in the extra `app`.

    Returns
    -------
    dict
        "loss" and each metric by its name.

    Raises
    ------
    OptionError
        If data or metrics are none of the above, or a metric has no name of its own.
    DataError, ShapeError
        If there are no samples, or something does not fit.

    Examples
    --------
    >>> from glasswork.nn import MSE, Linear
    >>> model = Linear(2, 1, rng=0)
    >>> list(evaluate(model, MSE(), (np.ones((4, 2)), np.ones((4, 1)))))
    ['loss']
    """
    checked("evaluate", "model", model, MODULE)
    checked("evaluate", "loss", loss, LOSS)
    checked("evaluate", "progress", progress, FLAG)
    tally = Tally(loss, named(metrics))
    with evaluating(model):
        for x, *targets in watched(feed("evaluate, data", data, batch_size), progress):
            yhat = output_of(model, x)
            tally.add(cost_of(loss, yhat, targets).item(), yhat, targets)
    return tally.numbers()


def predict(model: Module, x: ArrayLike, batch_size: int = 256, *, progress: bool = False) -> Array:
    """What a model says of the samples x: in eval mode, and nothing is recorded.

    Parameters
    ----------
    model : Module
        Its modes are afterwards what they were.
    x : array_like
        One sample per row.
    batch_size : int
        How many samples go through the model at once.
    progress : bool
        Whether to draw a bar on a terminal; it needs tqdm, in the extra `app`.

    Returns
    -------
    array
        The outputs, one row per sample.

    Raises
    ------
    DataError, ShapeError
        If there are no samples, or they do not fit the model.

    Examples
    --------
    >>> from glasswork.nn import Linear
    >>> predict(Linear(3, 2, rng=0), np.ones((1000, 3))).shape
    (1000, 2)
    """
    checked("predict", "model", model, MODULE)
    checked("predict", "progress", progress, FLAG)
    with evaluating(model):
        rows = Batches(as_array(x, "predict: x"), batch_size=batch_size, shuffle=False)
        return np.concatenate([output_of(model, batch).els for (batch,) in watched(rows, progress)])


def output_of(model: Module, x: Any) -> Tensor:
    """model(x); OptionError if that is no tensor."""
    yhat = model(x)
    if not isinstance(yhat, Tensor):
        raise OptionError(
            f"the model gives {_kind(yhat)}, and no tensor.\n"
            "  Let its forward return one: neither its elements (.els) nor several in a tuple.\n"
            "  Without return it gives None."
        )
    return yhat


def cost_of(loss: Loss, yhat: Any, targets: Sequence[Any]) -> Tensor:
    """loss(yhat, *targets); OptionError if that is no tensor of one number."""
    cost = loss(yhat, *targets)
    if not isinstance(cost, Tensor):
        raise OptionError(
            f"the loss is {_kind(cost)}, and no tensor.\n"
            "  Let it return one that is made of the prediction. Without return it gives None."
        )
    if cost.size != 1:
        raise OptionError(
            f"the loss is {cost.shape}, and no single number.\n"
            "  Let it return a mean or a sum: reduction='mean'."
        )
    return cost


def _kind(thing: object) -> str:
    """What this is; not its value, which may not be there yet."""
    if thing is None:
        return "None"
    return "an array" if hasattr(thing, "dtype") else f"a {type(thing).__name__}"


class Tally:
    """What the batches of an epoch have come to until now."""

    def __init__(self, loss: Loss | None = None, metrics: Mapping[str, Metric] = {}) -> None:
        self._summed = getattr(loss, "reduction", "mean") == "sum"
        self._metrics = metrics
        self.clear()

    def clear(self) -> None:
        """Begin a new epoch."""
        self._loss = 0.0
        self._samples = 0
        self._predictions: list[Array] = []
        self._targets: list[Array] = []
        self._further: dict[str, list[float]] = {}

    def add(
        self, loss: float, yhat: Tensor, targets: Sequence[Any], further: Mapping[str, float] = {}
    ) -> None:
        """Count one batch: its loss, its predictions for the metrics, and further numbers."""
        samples = len(yhat)
        self._samples += samples
        self._loss += loss if self._summed else loss * samples
        if self._metrics:
            self._predictions.append(yhat.els)
            self._targets.append(np.asarray(targets[0]))
        for name, number in further.items():
            self._further.setdefault(name, []).append(number)

    def numbers(self) -> dict[str, float]:
        """The mean loss of a sample, each metric, and the means of the further numbers."""
        if not self._samples:
            raise DataError("train: the data have no batch.\n  Pass one at least.")
        numbers = {"loss": self._loss / self._samples}
        if self._metrics:
            yhat, y = np.concatenate(self._predictions), np.concatenate(self._targets)
            found = {name: metric(yhat, y) for name, metric in self._metrics.items()}
            numbers |= {name: _number(name, value) for name, value in found.items()}
        return numbers | {name: fmean(found) for name, found in self._further.items()}

    def state_dict(self) -> dict[str, Any]:
        """All of it, for a checkpoint."""
        return {
            "loss": self._loss,
            "samples": self._samples,
            "predictions": _joined(self._predictions),
            "targets": _joined(self._targets),
            "further": {name: np.array(found) for name, found in self._further.items()},
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from where a tally was."""
        self._loss, self._samples = state["loss"], state["samples"]
        self._predictions, self._targets = list(state["predictions"]), list(state["targets"])
        self._further = {name: found.tolist() for name, found in state["further"].items()}


def named(metrics: Metrics) -> dict[str, Metric]:
    """The metrics by their names: their own, or those that they are given.

    Examples
    --------
    >>> from glasswork.train import accuracy
    >>> list(named([accuracy])), list(named({"hits": accuracy}))
    (['accuracy'], ['hits'])
    """
    _check(metrics)
    if isinstance(metrics, Mapping):
        pairs = list(metrics.items())
    else:
        pairs = [(getattr(metric, "__name__", "<lambda>"), metric) for metric in metrics]
    found: dict[str, Metric] = {}
    for name, metric in pairs:
        checked("metrics", "a name", name, TEXT)
        if name in found or OURS.fullmatch(name):
            raise OptionError(
                f"metrics: {metric!r} has no name of its own.\n"
                f"  It is called {name!r}.\n"
                "  Pass a mapping: metrics={'top 3': partial(top_k, k=3)}."
            )
        found[name] = metric
    return found


def _check(metrics: object) -> None:
    given = metrics.values() if isinstance(metrics, Mapping) else metrics
    if not isinstance(given, Collection) or not all(map(callable, given)):
        raise OptionError(
            "metrics: these are no functions in a list or a mapping.\n"
            f"  They are {metrics!r}.\n"
            "  Pass functions in a list, such as [glasswork.train.accuracy]."
        )


def _number(name: str, value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError) as error:
        raise OptionError(
            f"metrics: {name} gave no single number.\n"
            f"  It gave {seen(value)}.\n"
            "  Call it with what glasswork.train.predict gives, when the training is over."
        ) from error


def _joined(parts: Sequence[Array]) -> list[Array]:
    """The same rows in one array, or none."""
    return [np.concatenate(parts)] if parts else []


@contextmanager
def evaluating(model: Module, record: bool = False) -> Iterator[None]:
    """A block in which the model is in eval mode, and nothing is recorded, unless `record`."""
    modes = [(module, module.training) for _, module in model.named_modules()]
    before = changes()
    model.eval()
    latest = changes()
    try:
        with recording(record):
            yield
    finally:
        for module, training in modes:
            object.__setattr__(module, "training", training)
        take_back(before, latest)
