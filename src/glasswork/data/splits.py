"""Splits: some samples kept back, to test on what was not learnt."""

from __future__ import annotations

from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import OptionError, ShapeError
from ..limits import ANY, checked
from ..ops.checks import as_array
from ..randomness import RandomSource, generator
from .rows import as_rows, rows_at

__all__ = ["split"]

Array = NDArray[Any]


def split(
    *arrays: ArrayLike,
    test: float = 0.2,
    stratify: ArrayLike | None = None,
    rng: RandomSource = None,
) -> tuple[Array, ...]:
    """Part the rows of arrays into a training part and a test part, in a random order.

    With `stratify` each class has its share of both parts, right to within one sample: the samples
    are lined up class by class, in a random order within each, and test samples are taken from that
    line at equal distances.

    Parameters
    ----------
    *arrays : array_like
        Arrays with one row per sample, the same samples in each.
    test : float or int
        The size of the test part: a share between 0 and 1, rounded to whole samples, or a number of
        samples. Both parts hold one sample at least.
    stratify : array_like, optional
        The class of each sample, usually y.
    rng : None, int or numpy.random.Generator
        Where the order comes from, see `glasswork.randomness.generator`.

    Returns
    -------
    tuple of arrays
        Training part and test part of the first array, of the second, and so on.

    Raises
    ------
    ShapeError
        If the arrays differ in length, or stratify is not one class per sample.
    DataError
        If there are no samples.
    OptionError
        If test leaves no samples in one part.

    Examples
    --------
    >>> x, y = np.arange(20.0).reshape(10, 2), np.repeat([0, 1], 5)
    >>> x_train, x_test, y_train, y_test = split(x, y, test=0.4, stratify=y, rng=0)
    >>> x_train.shape, x_test.shape, y_test.tolist()
    ((6, 2), (4, 2), [0, 1, 1, 0])
    """
    found = as_rows("split", arrays)
    samples = len(found[0])
    rng = generator(rng)
    order = rng.permutation(samples)
    chosen = _evenly(_by_class(order, stratify), _test_samples(test, samples))
    tested = np.isin(order, chosen)
    train_rows, test_rows = order[~tested], order[tested]
    return tuple(rows_at(array, rows) for array in found for rows in (train_rows, test_rows))


def _by_class(order: NDArray[np.intp], classes: ArrayLike | None) -> NDArray[np.intp]:
    """The rows in `order`, lined up class by class; as they are when there are no classes."""
    if classes is None:
        return order
    labels = as_array(classes, "split: stratify")
    if labels.shape != order.shape:
        raise ShapeError(
            "split: stratify is not one class per sample.\n"
            f"  Its shape is {labels.shape}, and the number of samples is {len(order)}.\n"
            "  Pass the labels as an array of one axis, such as y or y.ravel()."
        )
    return order[np.argsort(labels[order], kind="stable")]


def _evenly(line: NDArray[np.intp], count: int) -> NDArray[np.intp]:
    """`count` entries of the line, at equal distances."""
    return line[(2 * np.arange(count) + 1) * len(line) // (2 * count)]


def _test_samples(test: Any, samples: int) -> int:
    """How many samples the test part has."""
    checked("split", "test", test, ANY)
    if isinstance(test, Integral):
        count = int(test)
    else:
        count = min(max(round(test * samples), 1), samples - 1) if 0 < test < 1 else 0
    if 0 < count < samples:
        return count
    raise OptionError(
        f"a test part of {test!r} leaves one of the two parts empty.\n"
        f"  The number of samples is {samples}.\n"
        "  Give two at least, and of them a share between 0 and 1 or a number below theirs."
    )
