"""A lesson: the parts of a dataset as a network sees them, and what it is to make of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..data import Dataset, Scaling, one_hot
from ..errors import OptionError
from ..nn import MAE, MSE, CrossEntropy, Huber, Loss, Module, Sequential
from ..randomness import RandomSource
from ..tensor import Tensor
from ..train.evaluate import Metric, predict
from ..train.metrics import accuracy, f1, mae, r_squared, rmse
from ..train.networks import layers_before

__all__ = ["LOSSES", "LOSSES_FOR", "Lesson", "prepare"]

Array = NDArray[Any]

LOSSES: dict[str, type[Loss]] = {
    "cross-entropy": CrossEntropy,
    "mse": MSE,
    "mae": MAE,
    "huber": Huber,
}
LOSSES_FOR = {"classification": ("cross-entropy", "mse"), "regression": ("mse", "mae", "huber")}


class Part(NamedTuple):
    """Samples with their targets."""

    x: Array
    y: Array


class Lesson(NamedTuple):
    """What a network learns in one run.

    Attributes
    ----------
    train, test : Part
        As the network sees them.
    raw_test : Part
        The test part as it stands in the dataset.
    layers : tuple of Module
        What was done to the features, and is to stand before the network.
    outputs : Scaling or None
        What was done to target values.
    loss : Loss
        What is made small.
    metrics : dict
        What is told of the network.
    raw_loss, raw_metrics
        The same numbers, and more of them for a table, of a network that takes and gives what is
        not scaled.
    trivial : str
        The prediction to compare with, which knows no feature.
    baseline : dict
        What `raw_metrics` say of it.
    """

    train: Part
    test: Part
    raw_test: Part
    layers: tuple[Module, ...]
    outputs: Scaling | None
    loss: Loss
    metrics: dict[str, Metric]
    raw_loss: Callable[[Tensor, Array], Tensor]
    raw_metrics: dict[str, Metric]
    trivial: str
    baseline: dict[str, float]


def prepare(
    dataset: Dataset, loss: str, test: float | None, scaling: str, rng: RandomSource
) -> Lesson:
    """Keep a test part back, scale what should be scaled, and choose what is measured.

    Parameters
    ----------
    loss : str
        One of `LOSSES`; with mse, classes are learned as rows of zeros with a single 1.
    test : float, optional
        The share that is kept back, 0.2 by default, of a dataset without a test part of its own.
    scaling : "standard" or "none"
        "standard" brings features and target values to mean 0 and deviation 1, as measured on the
        training part. What is missing in a table is filled, and its words become columns, anyway.

    Raises
    ------
    OptionError
        If there is a test part already, test leaves no samples, or the loss is for other targets.
    """
    regression = dataset.task == "regression"
    if loss not in LOSSES_FOR[dataset.task]:
        what = "values" if regression else "classes"
        raise OptionError(
            f"--loss is {loss}, and the targets of {dataset.name} are {what}.\n"
            f"  Pass {' or '.join(LOSSES_FOR[dataset.task])}."
        )
    train, raw_test = _parts(dataset, test, rng, as_rows=not regression and loss == "mse")
    layers = layers_before(dataset, train.x, scaling)
    outputs = Scaling.of(train.y) if scaling == "standard" and regression else None

    criterion = LOSSES[loss]()

    def seen(part: Part) -> Part:
        x = predict(Sequential(*layers), part.x) if layers else part.x
        return Part(x, part.y if outputs is None else outputs(part.y))

    def raw_loss(yhat: Tensor, y: Array) -> Tensor:
        if outputs is not None:
            yhat, y = Tensor(outputs(yhat.els)), outputs(y)
        cost: Tensor = criterion(yhat, y)
        return cost

    def raw_rmse(yhat: Array, y: Array) -> float:
        return rmse(yhat, y) if outputs is None else rmse(outputs.inverse(yhat), outputs.inverse(y))

    told: dict[str, Metric] = (
        {"rmse": rmse, "r_squared": r_squared} if regression else {"accuracy": accuracy}
    )
    more: dict[str, Metric] = {}
    if dataset.columns:
        more = {"mae": mae} if regression else {"f1": f1}
    trivial, constant = _trivial(dataset, train.y)
    guesses = np.broadcast_to(constant, (len(raw_test.y), dataset.outputs))
    return Lesson(
        train=seen(train),
        test=seen(raw_test),
        raw_test=raw_test,
        layers=layers,
        outputs=outputs,
        loss=criterion,
        metrics=told | ({"rmse": raw_rmse} if regression else {}),
        raw_loss=raw_loss,
        raw_metrics=told | more,
        trivial=trivial,
        baseline={name: metric(guesses, raw_test.y) for name, metric in (told | more).items()},
    )


def _trivial(dataset: Dataset, y: Array) -> tuple[str, Array]:
    """The prediction that knows the targets y and no feature, in words and as a row of outputs."""
    if dataset.task == "regression":
        return "always the mean", y.mean(axis=0)
    labels = y if y.ndim == 1 else y.argmax(axis=1)
    commonest = np.bincount(labels, minlength=dataset.outputs).argmax()
    row = one_hot([commonest], dataset.outputs)[0]
    return f"always {dataset.classes[commonest]}, the commonest class", row


def _parts(
    dataset: Dataset, test: float | None, rng: RandomSource, as_rows: bool
) -> tuple[Part, Part]:
    if dataset.x_test is not None and test is not None:
        raise OptionError(
            f"--test is {test}, and {dataset.name} has a test part of its own.\n  Leave it out."
        )
    x_train, x_test, y_train, y_test = dataset.parts(0.2 if test is None else test, rng)
    if as_rows:
        y_train, y_test = (one_hot(y, dataset.outputs) for y in (y_train, y_test))
    return Part(x_train, y_train), Part(x_test, y_test)
