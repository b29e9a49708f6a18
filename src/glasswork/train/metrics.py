"""Metrics: what is told to people about predictions, where a loss is what is learnt from.

Each is a function of predictions ŷ and targets y that gives one number, in float64 whatever the
network's dtype. Tensors and arrays are taken alike. In equations ŷₛ and yₛ belong to sample s of n.

Of classes, ŷ may be

- scores (samples, classes), logits or probabilities: the class with the highest score is meant, the
  first of them when they are equal;
- floats (samples,) or (samples, 1), logits of class 1: class 1 is meant above 0, class 0 otherwise;
- whole numbers (samples,), the classes themselves;

and y whole numbers (samples,) or (samples, 1), or class probabilities (samples, classes).
"""

from __future__ import annotations

from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError, OptionError, ShapeError
from ..limits import COUNT, checked, one_of
from ..ops.checks import as_array, as_numbers
from ..tensor import Tensor

__all__ = [
    "Average",
    "accuracy",
    "confusion_matrix",
    "f1",
    "mae",
    "precision",
    "r_squared",
    "recall",
    "rmse",
    "top_k",
]

Array = NDArray[Any]
Counts = NDArray[np.int64]
Average = Literal["macro", "micro", "binary"]

MAXIMIZE = {  # which of them should grow
    **dict.fromkeys(("accuracy", "top_k", "precision", "recall", "f1", "r_squared"), True),
    **dict.fromkeys(("mae", "rmse"), False),
}


def accuracy(yhat: Any, y: Any) -> float:
    """The share of samples whose class is predicted: (number of ŷₛ = yₛ) / n.

    Parameters
    ----------
    yhat, y : array_like
        Predicted and true classes, in any form that `glasswork.train.metrics` lists.

    Raises
    ------
    ShapeError
        If the numbers of samples differ.
    DataError
        If there are no samples, or y holds no classes.

    Examples
    --------
    >>> accuracy([[0.1, 0.9], [0.8, 0.2], [0.6, 0.4]], [1, 0, 1])
    0.6666666666666666
    """
    predicted, true = _classes("accuracy", yhat, y)
    return float(np.mean(predicted == true))


def top_k(yhat: Any, y: Any, k: int = 5) -> float:
    """The share of samples whose class is among the k with the highest scores.

    Of equal scores the first comes first, so that k = 1 is `accuracy`.

    Parameters
    ----------
    yhat, y : array_like
        Scores of shape (samples, classes), and true classes.
    k : int
        From 1 up; from the number of classes on, every sample counts.

    Raises
    ------
    OptionError
        If k is less than 1.
    ShapeError
        If yhat does not hold scores of two classes or more, or the numbers of samples differ.
    DataError
        If there are no samples, or y holds no classes.

    Examples
    --------
    >>> top_k([[0.5, 0.3, 0.2], [0.1, 0.7, 0.2]], [1, 0], k=2)
    0.5
    """
    k = checked("top_k", "k", k, COUNT)
    scores = _elements(yhat)
    if scores.ndim < 2 or scores.shape[-1] < 2:
        raise ShapeError(
            "top_k: the predictions are no scores.\n"
            f"  Their shape is {scores.shape}.\n"
            "  Pass a score for each class, of the shape (samples, classes)."
        )
    _, true = _classes("top_k", scores, y)
    ranked = np.argsort(-scores, axis=-1, kind="stable")[..., :k]
    return float(np.mean((ranked.reshape(len(true), -1) == true[:, None]).any(axis=-1)))


def confusion_matrix(yhat: Any, y: Any, classes: int | None = None) -> Counts:
    """How many samples of each class are predicted to be of each: Cᵢⱼ = number of yₛ = i, ŷₛ = j.

    Rows are true classes and columns predicted ones, so that the diagonal is what is right.

    Parameters
    ----------
    yhat, y : array_like
        Predicted and true classes, in any form that `glasswork.train.metrics` lists.
    classes : int, optional
        How many there are; when left out, as many as there are scores, or the highest class found.

    Raises
    ------
    ShapeError
        If the numbers of samples differ.
    DataError
        If there are no samples, y holds no classes, or a class is beyond `classes`.

    Examples
    --------
    >>> confusion_matrix([0, 1, 1, 2], [0, 1, 2, 2])
    array([[1, 0, 0],
           [0, 1, 0],
           [0, 1, 1]])
    """
    predicted, true = _classes("confusion_matrix", yhat, y)
    highest = int(max(predicted.max(), true.max()))
    if classes is None:
        shape = _elements(yhat).shape
        classes = max(highest + 1, shape[-1] if len(shape) > 1 else 0)
    if highest >= checked("confusion_matrix", "classes", classes, COUNT):
        raise DataError(
            f"confusion_matrix: class {highest} is beyond the {classes} classes from 0 up.\n"
            "  Number the classes from 0 up, or pass the right number of them."
        )
    return np.bincount(true * classes + predicted, minlength=classes**2).reshape(classes, classes)


def precision(yhat: Any, y: Any, average: Average = "macro") -> float:
    """Of what is predicted to be of a class, the share that is: TP / (TP + FP).

    TP, FP and FN are the samples rightly said, wrongly said and wrongly not said to be of the
    class. A class that is never predicted has precision 0, though 0/0 is not a number.

    Parameters
    ----------
    yhat, y : array_like
        Predicted and true classes, in any form that `glasswork.train.metrics` lists.
    average : "macro", "micro" or "binary"
        How the classes make one number: the mean of theirs, over the classes found in y or in ŷ;
        the ratio of their sums, which is then the accuracy; or that of class 1 of two alone.

    Raises
    ------
    OptionError
        If average is none of them, or "binary" with more than two classes.
    ShapeError, DataError
        As in `accuracy`.

    Examples
    --------
    >>> precision([1, 1, 1, 0], [1, 1, 0, 1], average="binary")
    0.6666666666666666
    """
    hits, said, _ = _counts("precision", yhat, y, average)
    return _mean_ratio(hits, said)


def recall(yhat: Any, y: Any, average: Average = "macro") -> float:
    """Of what is of a class, the share that is predicted to be: TP / (TP + FN).

    The terms and the errors are those of `precision`. A class that is only predicted, and never
    true, has recall 0, though 0/0 is not a number.

    Examples
    --------
    >>> recall([1, 0, 0, 0], [1, 1, 0, 1], average="binary")
    0.3333333333333333
    """
    hits, _, real = _counts("recall", yhat, y, average)
    return _mean_ratio(hits, real)


def f1(yhat: Any, y: Any, average: Average = "macro") -> float:
    """The harmonic mean of precision and recall: 2 TP / (2 TP + FP + FN).

    The terms and the errors are those of `precision`.   (van Rijsbergen, 1979, with β = 1)

    Examples
    --------
    >>> f1([1, 0, 0, 0], [1, 1, 0, 1], average="binary")
    0.5
    """
    hits, said, real = _counts("f1", yhat, y, average)
    return _mean_ratio(2 * hits, said + real)


def mae(yhat: Any, y: Any) -> float:
    """Mean absolute error: (1/n) Σ |ŷₛ − yₛ|, over all outputs of all samples.

    Parameters
    ----------
    yhat, y : array_like
        Predicted and true values, of equal shape.

    Raises
    ------
    ShapeError
        If the shapes differ, even where NumPy would broadcast them.
    DataError
        If there are no values.

    Examples
    --------
    >>> mae([1.0, 2.0, 4.0], [1.0, 3.0, 2.0])
    1.0
    """
    predicted, true = _values("mae", yhat, y)
    return float(np.mean(np.abs(predicted - true)))


def rmse(yhat: Any, y: Any) -> float:
    """Root of the mean square error: √((1/n) Σ (ŷₛ − yₛ)²), over all outputs of all samples.

    Arguments and errors are those of `mae`; the unit is that of y.

    Examples
    --------
    >>> rmse([1.0, 2.0, 4.0], [1.0, 4.0, 0.0])
    2.581988897471611
    """
    predicted, true = _values("rmse", yhat, y)
    return float(np.sqrt(np.mean((predicted - true) ** 2)))


def r_squared(yhat: Any, y: Any) -> float:
    """Coefficient of determination: R² = 1 − Σ (ŷₛ − yₛ)² / Σ (yₛ − ȳ)², the mean over the outputs.

    1 is perfect, 0 is no better than always saying the mean ȳ, and there is no lowest value. Where
    all yₛ are equal, which makes the divisor 0, it is 1 if every ŷₛ is right and 0 if not; for a
    single sample it is not a number.

    Arguments and errors are those of `mae`.

    Examples
    --------
    >>> r_squared([1.0, 2.0, 4.0], [1.0, 3.0, 5.0])
    0.75
    """
    predicted, true = _values("r_squared", yhat, y)
    if len(true) < 2:
        return float("nan")
    missed = ((predicted - true) ** 2).sum(axis=0)
    spread = ((true - true.mean(axis=0)) ** 2).sum(axis=0)
    constant = np.ptp(true, axis=0) == 0
    ratio = np.where(constant, missed > 0, missed / np.where(constant, 1, spread))
    return float(np.mean(1 - ratio))


def _elements(values: Any) -> Array:
    return values.els if isinstance(values, Tensor) else as_array(values, "what is measured")


def _classes(metric: str, yhat: Any, y: Any) -> tuple[Counts, Counts]:
    """The predicted and the true class of each sample."""
    predicted, true = _elements(yhat), _elements(y)
    if predicted.ndim > 1 and predicted.shape[-1] > 1:
        predicted = predicted.argmax(axis=-1)
    elif predicted.dtype.kind == "f":
        predicted = predicted > 0
    if true.ndim > 1 and true.shape[-1] > 1:
        true = true.argmax(axis=-1)
    if predicted.size != true.size:
        raise ShapeError(
            f"{metric}: the numbers of predictions and of targets differ.\n"
            f"  The predictions are {_elements(yhat).shape}, the targets {_elements(y).shape}.\n"
            "  Pass one prediction for each target."
        )
    _check_some(metric, true)
    return _whole(metric, predicted), _whole(metric, true)


def _whole(metric: str, classes: Array) -> Counts:
    found = classes.reshape(-1)
    if found.dtype.kind in "biuf" and np.all((found >= 0) & (found == np.floor(found))):
        return found.astype(np.int64)
    raise DataError(
        f"{metric}: these are no classes.\n"
        f"  They are {found!r}.\n"
        "  Pass whole numbers from 0 up: np.unique(labels, return_inverse=True) makes them."
    )


def _counts(metric: str, yhat: Any, y: Any, average: str) -> tuple[Counts, Counts, Counts]:
    """How often each class is hit, is said, and is real; or one such count of what is averaged."""
    checked(metric, "average", average, one_of(*get_args(Average)))
    matrix = confusion_matrix(yhat, y)
    if average == "binary" and len(matrix) > 2:
        raise OptionError(
            f"{metric}: average is 'binary', and there are {len(matrix)} classes.\n"
            "  Pass average='macro' or 'micro'."
        )
    counts = np.stack([matrix.diagonal(), matrix.sum(axis=0), matrix.sum(axis=1)])
    if average == "macro":
        counts = counts[:, counts.any(axis=0)]
    else:
        counts = counts[:, average == "binary" :].sum(axis=1, keepdims=True)
    return counts[0], counts[1], counts[2]


def _mean_ratio(part: Counts, whole: Counts) -> float:
    return float(np.mean(part / np.maximum(whole, 1)))  # 0/0 is 0: no part of nothing


def _values(metric: str, yhat: Any, y: Any) -> tuple[Array, Array]:
    """Predictions and targets in float64."""
    predicted, true = (as_numbers(_elements(part), metric) for part in (yhat, y))
    if predicted.shape != true.shape:
        raise ShapeError(
            f"{metric}: the predictions and the targets differ in shape.\n"
            f"  The predictions are {predicted.shape}, the targets {true.shape}.\n"
            "  Give both one shape: y[:, None] makes a column of (samples,)."
        )
    _check_some(metric, true)
    return predicted.astype(np.float64), true.astype(np.float64)


def _check_some(metric: str, values: Array) -> None:
    if values.size == 0:
        raise DataError(f"{metric}: there are no samples.\n  Pass one at least.")
