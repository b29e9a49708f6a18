"""Layers for tables: what a row needs before weights can meet it, learned from the rows at hand.

Each is made by its `of` from training rows, has no parameters, and is saved with the model, which
so takes rows as they stand: with holes (NaN), in any units, and with codes in place of words.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Literal, Self, get_args

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from .. import functional as F
from ..errors import OptionError, ShapeError
from ..limits import COUNT, MAPPING, NAMES, WHOLE, checked
from .module import Module
from .parameter import Buffer, float_dtype

__all__ = ["Categories", "Missing", "Standardize"]

Array = NDArray[Any]
Middle = Literal["mean", "median"]


class Columns(Module):
    """What the layers here share: rows of `features` columns, learned from and taken."""

    def __init__(self, features: int, named: Collection[int] = ()) -> None:
        self.features = checked(type(self).__name__, "features", features, COUNT)
        self._check(named)

    def _check(self, named: Collection[int]) -> None:
        if strange := [column for column in named if column not in range(self.features)]:
            raise OptionError(
                f"{type(self).__name__}: there is no column {strange[0]!r} in a row of"
                f" {self.features}.\n  Pass whole numbers from 0 to {self.features - 1}."
            )

    @classmethod
    def _rows(cls, x: ArrayLike) -> Array:
        """Training rows in float64."""
        rows = np.asarray(getattr(x, "els", x))
        if rows.ndim != 2 or not rows.size or rows.dtype.kind not in "biuf":
            raise ShapeError(
                f"{cls.__name__}: these are no rows of numbers.\n"
                f"  They are {rows.shape} {rows.dtype}.\n"
                "  Pass an array of one training row or more, (samples, features)."
            )
        return rows.astype(np.float64)

    def _taken(self, x: Any, dtype: np.dtype[Any]) -> Any:
        """The rows in this dtype, if they have as many columns as the layer takes."""
        if len(x.shape) != 2 or x.shape[1] != self.features:
            raise ShapeError(
                f"the input is {x.shape}, not (batch, {self.features}).\n"
                "  Pass rows with the columns that the layer was made for, in their order."
            )
        return x if x.dtype == dtype else x.astype(dtype)


class Missing(Columns):
    """The middle of its column in place of each missing number: yᵢⱼ = xᵢⱼ, or mⱼ where xᵢⱼ is NaN.

    Parameters
    ----------
    features : int
        Columns of a row.
    indicators : sequence of int
        The columns that get another one, behind all others: 1 where a number is missing, else 0.
    dtype : dtype
        Of what comes out. The input is taken in it.

    Attributes
    ----------
    middle : Buffer
        m, from 0.

    Shapes
    ------
    x : (batch, features)   m : (features,)   y : (batch, features + number of indicators)

    Raises
    ------
    OptionError
        If features is no such number, or indicators are no columns.
    DtypeError
        If dtype is none of floats.
    ShapeError
        If x is not (batch, features).

    Examples
    --------
    >>> x = np.array([[1.0, 20.0], [np.nan, 40.0], [3.0, 90.0]], np.float32)
    >>> layer = Missing.of(x, indicators=True)
    >>> layer(x).els
    array([[ 1., 20.,  0.],
           [ 2., 40.,  1.],
           [ 3., 90.,  0.]], dtype=float32)
    """

    def __init__(
        self, features: int, indicators: Sequence[int] = (), dtype: DTypeLike = np.float32
    ) -> None:
        super().__init__(features, checked("Missing", "indicators", indicators, WHOLE))
        self.indicators = tuple(indicators)
        self.middle = Buffer(np.zeros(features, float_dtype("Missing", dtype)))

    @classmethod
    def of(
        cls,
        x: ArrayLike,
        middle: Middle = "median",
        indicators: bool = False,
        dtype: DTypeLike = np.float32,
    ) -> Self:
        """The layer that learned the middle of each column of x from the numbers that are there.

        Parameters
        ----------
        x : array_like
            Training rows. A column of nothing but NaN has the middle 0.
        middle : "median" or "mean"
            What a missing number becomes.
        indicators : bool
            Whether each column in which a number is missing gets an indicator.
        dtype : dtype
            Of the layer.

        Raises
        ------
        ShapeError, OptionError
            If x is no rows of numbers, or middle is neither word.
        """
        if middle not in get_args(Middle):
            raise OptionError(f"Missing: middle is {middle!r}.\n  Pass 'median' or 'mean'.")
        rows = cls._rows(x)
        missing = np.isnan(rows)
        told = np.flatnonzero(missing.any(axis=0)).tolist() if indicators else ()
        layer = cls(rows.shape[1], told, dtype)
        there = ~missing.all(axis=0)
        middle_of: Any = np.nanmedian if middle == "median" else np.nanmean
        middles = np.zeros(rows.shape[1])
        middles[there] = middle_of(rows[:, there], axis=0)
        layer.middle.els = middles.astype(layer.dtype)
        return layer

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of what comes out."""
        return self.middle.dtype

    def forward(self, x: Any) -> Any:
        x = self._taken(x, self.dtype)
        missing = F.isnan(x)
        y = F.where(missing, self.middle, x)
        if not self.indicators:
            return y
        told = missing[:, list(self.indicators)].astype(y.dtype)
        return F.concatenate([y, told], axis=1)


class Standardize(Columns):
    """Each column in units of its deviation from its mean: yᵢⱼ = (xᵢⱼ - mⱼ) / dⱼ.

    Parameters
    ----------
    features : int
        Columns of a row.
    dtype : dtype
        Of what comes out. The input is taken in it.

    Attributes
    ----------
    mean, deviation : Buffer
        m and d, from 0 and 1.

    Shapes
    ------
    x, y : (batch, features)   m, d : (features,)

    Raises
    ------
    OptionError
        If features is no such number.
    DtypeError
        If dtype is none of floats.
    ShapeError
        If x is not (batch, features).

    Examples
    --------
    >>> x = np.array([[1.0, 200.0], [3.0, 600.0]])
    >>> Standardize.of(x)(x).els
    array([[-1., -1.],
           [ 1.,  1.]], dtype=float32)
    """

    def __init__(self, features: int, dtype: DTypeLike = np.float32) -> None:
        super().__init__(features)
        dtype = float_dtype("Standardize", dtype)
        self.mean = Buffer(np.zeros(features, dtype))
        self.deviation = Buffer(np.ones(features, dtype))

    @classmethod
    def of(cls, x: ArrayLike, spare: Collection[int] = (), dtype: DTypeLike = np.float32) -> Self:
        """The layer that learned mean and deviation of each column of x: √(Σ (x - m)² / n).

        What is missing is not counted. A column that never changes keeps the deviation 1, and
        becomes 0. x, dtype and errors are those of `Missing.of`.

        Parameters
        ----------
        spare : collection of int
            The columns that stay as they are, such as codes for `Categories`.
        """
        rows = cls._rows(x)
        layer = cls(rows.shape[1], dtype)
        layer._check(spare)
        there = ~np.isnan(rows)
        count = np.maximum(there.sum(axis=0), 1)
        mean = np.where(there, rows, 0).sum(axis=0) / count
        variance = np.square(np.where(there, rows - mean, 0)).sum(axis=0) / count
        first = np.where(there, rows, np.inf).min(axis=0)
        constant = first == np.where(there, rows, -np.inf).max(axis=0)
        deviation = np.where(constant | (variance == 0), 1, np.sqrt(variance))
        mean[list(spare)], deviation[list(spare)] = 0, 1
        layer.mean.els = mean.astype(layer.dtype)
        layer.deviation.els = deviation.astype(layer.dtype)
        return layer

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of what comes out."""
        return self.mean.dtype

    def forward(self, x: Any) -> Any:
        return (self._taken(x, self.dtype) - self.mean) / self.deviation


class Categories(Columns):
    """A column for each word in place of a column of their codes: yᵢₖ = 1 if xᵢ is k, else 0.

    The code of a word is its place in the vocabulary; -1, or any other number, stands for a word
    that is unknown, whose columns are all 0. So are those of words that no training row had.

    Parameters
    ----------
    features : int
        Columns of a row.
    vocabulary : mapping from int to sequence of str
        For each column of codes the words that they stand for. The other columns come first in a
        row that comes out, and then those of the words.

    Attributes
    ----------
    known : Buffer
        1 for each word that a training row had, else 0; from 1.

    Shapes
    ------
    x : (batch, features)   known : (words,)   y : (batch, features - columns of codes + words)

    Raises
    ------
    OptionError
        If there is no feature, the vocabulary has other columns, or one of them has no word.
    ShapeError
        If x is not (batch, features).

    Examples
    --------
    >>> x = np.array([[0, 7.5], [1, 8.5], [-1, 9.5]])
    >>> Categories(2, {0: ["red", "green"]})(x).els
    array([[7.5, 1. , 0. ],
           [8.5, 0. , 1. ],
           [9.5, 0. , 0. ]])
    """

    def __init__(self, features: int, vocabulary: Mapping[int, Sequence[str]]) -> None:
        super().__init__(features, checked("Categories", "vocabulary", vocabulary, MAPPING))
        for words in vocabulary.values():
            checked("Categories", "a vocabulary", words, NAMES)
        if empty := [column for column, words in vocabulary.items() if not len(words)]:
            raise OptionError(
                f"Categories: the vocabulary of column {empty[0]} is empty.\n"
                "  Pass one word at least for each column, or leave the column out."
            )
        self.vocabulary = {column: tuple(words) for column, words in vocabulary.items()}
        sizes = [len(words) for words in self.vocabulary.values()]
        self._others = [column for column in range(features) if column not in self.vocabulary]
        self._columns = np.repeat(list(self.vocabulary), sizes).astype(np.intp)
        self._codes = np.concatenate([[], *map(np.arange, sizes)]).astype(np.float32)
        self.known = Buffer(np.ones(sum(sizes), np.float32))

    @classmethod
    def of(cls, x: ArrayLike, vocabulary: Mapping[int, Sequence[str]]) -> Self:
        """The layer that learned which words there are in the training rows x."""
        rows = cls._rows(x)
        layer = cls(rows.shape[1], vocabulary)
        met = (rows[:, layer._columns] == layer._codes).any(axis=0)
        layer.known.els = met.astype(layer.known.dtype)
        return layer

    def forward(self, x: Any) -> Any:
        x = self._taken(x, x.dtype if x.dtype.kind == "f" else self.known.dtype)
        words = (x[:, self._columns] == self._codes).astype(x.dtype) * self.known
        return F.concatenate([x[:, self._others], words], axis=1) if self._others else words
