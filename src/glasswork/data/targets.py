"""Targets: classes counted from 0 up, or values."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple, get_args

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from ..errors import DataError, OptionError
from ..limits import COUNT, checked
from ..ops.checks import as_array, as_dtype, check_real
from .dataset import Task
from .rows import as_float32

__all__ = ["Targets", "find_targets", "one_hot"]

Array = NDArray[Any]

MOST_CLASSES = 100


class Targets(NamedTuple):
    """Targets as a Dataset wants them; see its Shapes."""

    task: Task
    y: Array
    classes: tuple[str, ...]


def find_targets(where: Path | str, values: Array, task: Task | None = None) -> Targets:
    """Tell classes from values.

    Text and booleans are classes. Whole numbers are when there are at most 100 different ones, each
    found twice or more on average: so digits and species are, ages and prices are not. All else is
    values. Classes take the numbers from 0 up in sorted order.

    Parameters
    ----------
    where : path or str
        What an error calls the data.
    values : array
        One target per sample, or several, one in each column.
    task : "classification" or "regression", optional
        Says which it is instead of the rule.

    Raises
    ------
    DataError
        If values are text or not finite, or classes are not one whole number or word each.
    OptionError
        If task is neither word.

    Examples
    --------
    >>> find_targets("iris", np.array(["setosa", "virginica", "setosa"]))
    Targets(task='classification', y=array([0, 1, 0]), classes=('setosa', 'virginica'))
    >>> find_targets("heights", np.array([1.7, 1.8])).y
    array([[1.7],
           [1.8]], dtype=float32)
    """
    if task not in (None, *get_args(Task)):
        raise OptionError(f"task is {task!r}.\n  Pass {' or '.join(map(repr, get_args(Task)))}.")
    columns = values.reshape(len(values), -1)
    distinct, labels = np.unique(columns, return_inverse=True)
    whole = values.dtype.kind in "iuf" and bool(np.all(_is_whole(distinct)))
    countable = columns.shape[1] == 1 and (whole or values.dtype.kind in "bU")
    if task is None:
        few = len(distinct) <= min(MOST_CLASSES, len(columns) // 2)
        task = "classification" if countable and (few or not whole) else "regression"
    if task == "regression":
        return Targets(task, as_float32(f"the target of {where}", columns), ())
    if not countable:
        raise DataError(
            f"the targets of {where} are no classes.\n"
            f"  Their dtype is {values.dtype}, their shape {values.shape}, and the first is"
            f" {values.flat[0]}.\n"
            "  Give one whole number or word for each sample, or make the task regression."
        )
    names = distinct.astype(np.int64) if whole else distinct
    return Targets(task, labels.reshape(-1).astype(np.int64), tuple(map(str, names)))


def one_hot(labels: ArrayLike, classes: int, dtype: DTypeLike = np.float32) -> Array:
    """Rows of zeros with a single 1, in the place of each sample's class.

    Parameters
    ----------
    labels : array_like of int
        The class of each sample, from 0 up.
    classes : int
        How many there are.
    dtype : dtype
        Of the result.

    Shapes
    ------
    labels : (samples,)   result : (samples, classes)

    Raises
    ------
    DataError
        If a label is not a whole number from 0 to classes − 1.

    Examples
    --------
    >>> one_hot([2, 0], 3)
    array([[0., 0., 1.],
           [1., 0., 0.]], dtype=float32)
    """
    found, kind = as_array(labels, "labels"), as_dtype(dtype, "one_hot")
    check_real(kind, "one_hot: the numbers")
    checked("one_hot", "classes", classes, COUNT)
    if found.dtype.kind not in "iu" or not np.all((found >= 0) & (found < classes)):
        raise DataError(
            f"one_hot: the labels are not classes from 0 to {classes - 1}.\n"
            f"  They are {found!r}.\n"
            "  Number the classes from 0 up: np.unique(labels, return_inverse=True)."
        )
    rows: Array = np.eye(classes, dtype=kind)[found]
    return rows


def _is_whole(numbers: Array) -> NDArray[np.bool_]:
    """Which numbers are whole, and so small that the next one differs by 1."""
    whole: NDArray[np.bool_] = (np.abs(numbers) < 2.0**53) & (numbers == np.round(numbers))
    return whole
