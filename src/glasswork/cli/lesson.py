"""A lesson: the parts of a dataset as a network sees them, and what it is to make of them."""

from __future__ import annotations

from typing import Any, NamedTuple

from numpy.typing import NDArray

from ..data import Dataset, Scaling, one_hot
from ..errors import OptionError
from ..nn import MAE, MSE, CrossEntropy, Huber, Loss
from ..randomness import RandomSource
from ..train.evaluate import Metric
from ..train.metrics import accuracy, r_squared, rmse

__all__ = ["LOSSES", "SCALINGS", "Lesson", "prepare"]

Array = NDArray[Any]

LOSSES: dict[str, type[Loss]] = {
    "cross-entropy": CrossEntropy,
    "mse": MSE,
    "mae": MAE,
    "huber": Huber,
}
SCALINGS = "auto", "standard", "none"


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
        The test part as it was before scaling.
    inputs, outputs : Scaling or None
        What was done to the features, and to target values.
    loss : str
        One of `LOSSES`.
    metrics, raw_metrics : dict
        What is told of the network, and of one that takes and gives what is not scaled.
    """

    train: Part
    test: Part
    raw_test: Part
    inputs: Scaling | None
    outputs: Scaling | None
    loss: str
    metrics: dict[str, Metric]
    raw_metrics: dict[str, Metric]


def prepare(
    dataset: Dataset, loss: str | None, test: float | None, scaling: str, rng: RandomSource
) -> Lesson:
    """Keep a test part back, scale what should be scaled, and choose what is measured.

    Parameters
    ----------
    loss : str, optional
        By default cross-entropy for classes and mse for values. Any other loss has classes learned
        as rows of zeros with a single 1.
    test : float, optional
        The share that is kept back, 0.2 by default, of a dataset without a test part of its own.
    scaling : str
        "standard" brings features, and target values, to the mean 0 and the deviation 1 on the
        training part; "auto" does so with everything but pictures.

    Raises
    ------
    OptionError
        If there is a test part already, test leaves no samples, or the loss is for classes only.
    """
    regression = dataset.task == "regression"
    loss = loss or ("mse" if regression else "cross-entropy")
    train, raw_test = _parts(dataset, loss, test, rng)
    scaled = scaling == "standard" or (scaling == "auto" and dataset.image_shape is None)
    inputs = Scaling.of(train.x) if scaled else None
    outputs = Scaling.of(train.y) if scaled and regression else None

    def seen(part: Part) -> Part:
        x = part.x if inputs is None else inputs(part.x)
        return Part(x, part.y if outputs is None else outputs(part.y))

    def raw_rmse(yhat: Array, y: Array) -> float:
        return rmse(yhat, y) if outputs is None else rmse(outputs.inverse(yhat), outputs.inverse(y))

    told: dict[str, Metric] = {"accuracy": accuracy}
    if regression:
        told = {"rmse": rmse, "r_squared": r_squared}
    return Lesson(
        train=seen(train),
        test=seen(raw_test),
        raw_test=raw_test,
        inputs=inputs,
        outputs=outputs,
        loss=loss,
        metrics=told | ({"rmse": raw_rmse} if regression else {}),
        raw_metrics=told,
    )


def _parts(dataset: Dataset, loss: str, test: float | None, rng: RandomSource) -> tuple[Part, Part]:
    if dataset.x_test is not None and test is not None:
        raise OptionError(
            f"--test is {test}, and {dataset.name} has a test part of its own.\n  Leave it out."
        )
    x_train, x_test, y_train, y_test = dataset.parts(0.2 if test is None else test, rng)
    if loss == "cross-entropy":
        if dataset.task == "regression":
            raise OptionError(
                f"--loss is cross-entropy, and the targets of {dataset.name} are values.\n"
                f"  Pass one of {', '.join(set(LOSSES) - {loss})}."
            )
    elif dataset.task == "classification":
        y_train, y_test = (one_hot(y, dataset.outputs) for y in (y_train, y_test))
    return Part(x_train, y_train), Part(x_test, y_test)
