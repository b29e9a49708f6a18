"""Dataset: samples, what is to be learnt of them, and where they come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from numpy.typing import NDArray

from ..errors import DataError, ShapeError
from ..randomness import RandomSource
from .columns import Column, vocabulary_of
from .rows import as_rows
from .splits import split

__all__ = ["Dataset", "Task"]

Array = NDArray[Any]
Task = Literal["classification", "regression"]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Dataset:
    """Samples x with their targets y, ready to be learnt.

    Parameters
    ----------
    name : str
        What it is called.
    x, y : array
        The samples and their targets: all of them, or those of the training part when there is a
        test part.
    task : "classification" or "regression"
        Whether y holds classes, as numbers from 0 up, or values.
    classes : tuple of str
        The name of each class, two at least; empty in regression.
    features : tuple of str
        The name of each feature, where they have names.
    columns : tuple of Column
        Of a table, what was decided of each of its columns. Where there are some, x may hold NaN
        for a number that is missing, and codes of words; see `vocabulary`.
    image_shape : tuple of int, optional
        Rows and columns of a picture, when the features are its pixels.
    x_test, y_test : array, optional
        A test part that the dataset is published with.
    description, license, source : str
        What it holds, who may use it, and where it was found.

    Shapes
    ------
    x : (samples, features), float32
    y : (samples,) in classification, int64; (samples, outputs) in regression, float32

    Raises
    ------
    ShapeError
        If x and y differ in length, or the test part in features or targets.
    DataError
        If there are no samples, fewer than two classes, or one of x_test and y_test is missing.

    Examples
    --------
    >>> import numpy as np
    >>> x, y = np.zeros((5, 2), np.float32), np.array([0, 1, 0, 1, 0])
    >>> dataset = Dataset(name="five", x=x, y=y, task="classification", classes=("no", "yes"))
    >>> dataset
    <Dataset five: classification, 5 samples, 2 features, 2 classes>
    """

    name: str
    x: Array
    y: Array
    task: Task
    classes: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    image_shape: tuple[int, ...] | None = None
    x_test: Array | None = None
    y_test: Array | None = None
    description: str = ""
    license: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        as_rows(f"Dataset {self.name}", [self.x, self.y])
        if self.task == "classification" and len(self.classes) < 2:
            raise DataError(
                f"Dataset {self.name}: {'only one' if self.classes else 'no'} class.\n"
                f"  classes is {self.classes}.\n"
                "  Give samples of two at least, or take another column of targets."
            )
        self._check_test_part()

    def _check_test_part(self) -> None:
        if self.x_test is None and self.y_test is None:
            return
        if self.x_test is None or self.y_test is None:
            raise DataError(
                f"Dataset {self.name}: of x_test and y_test one is missing.\n"
                "  Give both or neither."
            )
        as_rows(f"Dataset {self.name}, test part", [self.x_test, self.y_test])
        if self.x_test.shape[1:] != self.x.shape[1:] or self.y_test.shape[1:] != self.y.shape[1:]:
            raise ShapeError(
                f"Dataset {self.name}: the test part differs in more than its length.\n"
                f"  x is {self.x.shape} and x_test {self.x_test.shape},"
                f" y is {self.y.shape} and y_test {self.y_test.shape}.\n"
                "  Give both parts the same features and targets."
            )

    @property
    def inputs(self) -> int:
        """Features per sample: the input neurons of a network for it."""
        return int(self.x.shape[1])

    @property
    def outputs(self) -> int:
        """Classes, or target values per sample: the output neurons of a network for it."""
        return len(self.classes) if self.task == "classification" else int(self.y.shape[1])

    @property
    def vocabulary(self) -> dict[int, tuple[str, ...]]:
        """The words of each feature that is a category, for `glasswork.nn.Categories`."""
        return vocabulary_of(self.columns)

    def parts(
        self, test: float = 0.2, rng: RandomSource = None
    ) -> tuple[Array, Array, Array, Array]:
        """The arrays x_train, x_test, y_train, y_test.

        The test part is the one that the dataset is published with. When it has none, `test` and
        `rng` part it as in `split`, stratified in classification.

        Examples
        --------
        >>> from ..data import digits
        >>> [part.shape for part in digits().parts(test=0.2, rng=0)]
        [(1438, 64), (359, 64), (1438,), (359,)]
        """
        if self.x_test is not None and self.y_test is not None:
            return self.x, self.x_test, self.y, self.y_test
        classes = self.y if self.task == "classification" else None
        x_train, x_test, y_train, y_test = split(
            self.x, self.y, test=test, stratify=classes, rng=rng
        )
        return x_train, x_test, y_train, y_test

    def __len__(self) -> int:
        """Samples in x."""
        return len(self.x)

    def __repr__(self) -> str:
        tested = f" and {len(self.x_test):,} to test" if self.x_test is not None else ""
        outputs = "target" if self.task == "regression" else "class"
        return (
            f"<Dataset {self.name}: {self.task}, {_count(len(self), 'sample')}{tested}, "
            f"{_count(self.inputs, 'feature')}, {_count(self.outputs, outputs)}>"
        )


def _count(number: int, noun: str) -> str:
    plural = "" if number == 1 else "es" if noun.endswith("s") else "s"
    return f"{number:,} {noun}{plural}"
