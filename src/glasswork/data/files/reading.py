"""Files of samples: .csv, .tsv, .parquet, .npy, .npz and IDX, each plain or gzipped."""

from __future__ import annotations

from collections.abc import Collection
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import DataError, OptionError, ShapeError
from ...limits import WORDS, checked, path_of
from ..dataset import Dataset, Task
from ..rows import as_float32
from ..targets import find_targets
from .arrays import names_in_npz, read_npy, read_npz
from .idx import read_idx_parts, read_idx_samples
from .streams import Parts, kind_of, title_of
from .tables import table_of
from .tabular import is_table, read_numbers, read_table

__all__ = ["read_dataset", "read_samples"]

Array = NDArray[Any]

# What the arrays of a .npz file may be called, in small letters, and which part each is.
NPZ_PARTS = {
    "x": "x",
    "y": "y",
    "x_train": "x",
    "y_train": "y",
    "x_test": "x_test",
    "y_test": "y_test",
}


def read_dataset(
    path: str | PathLike[str],
    *,
    target: int | str | None = None,
    task: Task | None = None,
    categories: Collection[str] = (),
) -> Dataset:
    r"""Samples and targets from a file, or from a folder of IDX files.

    - .csv, .tsv: a line per sample, a column per feature and one of targets; the first line may
      name them; pandas (extra `tables`) reads those in which cells are empty, or features are words
    - .parquet: the same, with pandas
    - .npy: the same as an array of two axes
    - .npz: x and y, or x_train and y_train, maybe with x_test and y_test; or one array as in .npy
    - IDX: the file of pictures, its labels beside it, or the folder that holds both; the files of a
      test part, if there are any, become x_test and y_test

    Bytes (uint8) are pixels and are divided by 255; other numbers stay as they are. All become
    float32, and the axes after the first become one. Of tables with named or typed columns, words
    become codes, and what is missing NaN: `columns` of the dataset tells of each what was decided,
    and the layers of `glasswork.nn` that take such rows are Missing, Standardize and Categories.
    Targets are classes when they are words,
    booleans, or whole numbers that repeat; other numbers are values (see `find_targets` in
    targets.py).

    Parameters
    ----------
    path : path
        The file or the folder.
    target : int or str, optional
        The column of targets in a table, by its place or its name; the last one by default.
    task : "classification" or "regression", optional
        What the targets are, when it should not be told from them.
    categories : collection of str
        Names of columns of a table that hold categories, though they look like numbers.

    Raises
    ------
    DataError
        If something cannot be read, or there are no targets.
    MissingExtraError
        If a table needs pandas, and it is not installed.
    ShapeError
        If the parts do not fit together.
    OptionError
        If there is no such column, or no table to look for it in.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp(), "either.csv")
    >>> _ = path.write_text("a,b,either\n0,0,0\n0,1,1\n1,0,1\n1,1,0\n")
    >>> read_dataset(path)
    <Dataset either: classification, 4 samples, 2 features, 2 classes>
    """
    path = path_of("read_dataset", path)
    checked("read_dataset", "categories", categories, WORDS)
    if is_table(path):
        return read_table(path, target, task, categories)
    if len(categories):
        raise OptionError(
            f"categories are {', '.join(categories)}, and {path} has no columns with names.\n"
            "  Leave them out, or pass a table."
        )
    x, y, x_test, y_test = _read(path, target)
    if y is None:
        raise DataError(
            f"{path} has samples x and no targets y.\n  Save both with numpy.savez(path, x=…, y=…)."
        )
    found = find_targets(path, y if y_test is None else _joined(path, y, y_test), task)
    return Dataset(
        name=title_of(path),
        x=_as_features(path, x),
        y=found.y[: len(y)],
        task=found.task,
        classes=found.classes,
        image_shape=x.shape[1:] if x.ndim > 2 else None,
        x_test=None if x_test is None else _as_features(path, x_test),
        y_test=None if y_test is None else found.y[len(y) :],
        source=str(path),
    )


def read_samples(
    path: str | PathLike[str], inputs: int, *, target: int | str | None = None
) -> Array:
    r"""Samples for a network of `inputs` input neurons, from any file that `read_dataset` reads.

    Targets are left out: y of a .npz file, and the column of targets of a table that has one column
    more than the network has inputs. An array of just `inputs` numbers is one sample.

    Parameters
    ----------
    path : path
        The file. Of a .npz file x is read, of an IDX pair the file of pictures.
    inputs : int
        Features per sample.
    target : int or str, optional
        The column of targets, which is then there; by default the last one, if there is one.

    Returns
    -------
    array
        float32 (samples, inputs), in the scale of `read_dataset`.

    Raises
    ------
    DataError
        If the file cannot be read.
    ShapeError
        If its samples have another number of features.
    OptionError
        If there is no such column, or no table to look for it in.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp(), "two.csv")
    >>> _ = path.write_text("1,2\n3,4\n")
    >>> read_samples(path, inputs=2)
    array([[1., 2.],
           [3., 4.]], dtype=float32)
    """
    path = path_of("read_samples", path)
    x = read_numbers(path, target, inputs) if is_table(path) else _read(path, target, inputs).x
    one = target is None and x.size == inputs
    x = _as_features(path, x.reshape(1, -1) if one else x)
    if x.shape[1] != inputs:
        raise ShapeError(
            f"{path} has {x.shape[1]:,} features per sample, and the network takes {inputs:,}.\n"
            f"  The number of samples is {len(x):,}.\n"
            "  Pass samples of the kind that the network was trained on."
        )
    return x


def _read(path: Path, target: int | str | None, inputs: int | None = None) -> Parts:
    """The parts of a file; those of a network's samples, without labels, when `inputs` is given."""
    kind = kind_of(path)
    if kind == "npy":
        return table_of(path, read_npy(path), target, inputs)
    names = names_in_npz(path) if kind == "npz" else []
    if len(names) == 1 and names[0].lower() not in NPZ_PARTS:
        return table_of(path, read_npz(path, names)[names[0]], target, inputs)
    if target is not None:
        raise OptionError(
            f"target is {target!r}, and {path} is not a table.\n"
            "  Leave it out: the file says itself which its targets are."
        )
    if kind == "npz":
        return _npz_parts(path, names)
    return Parts(read_idx_samples(path)) if inputs is not None else read_idx_parts(path)


def _npz_parts(path: Path, names: list[str]) -> Parts:
    named = {NPZ_PARTS[name.lower()]: name for name in names if name.lower() in NPZ_PARTS}
    if "x" not in named:
        raise DataError(
            f"{path} has no array x or x_train.\n"
            f"  There are {', '.join(names) or 'none'}.\n"
            "  Save with numpy.savez(path, x=…, y=…)."
        )
    arrays = read_npz(path, named.values())
    return Parts(**{part: arrays[name] for part, name in named.items()})


def _joined(path: Path, y: Array, y_test: Array) -> Array:
    if y.shape[1:] != y_test.shape[1:]:
        raise ShapeError(
            f"{path}: y and y_test differ in more than their length.\n"
            f"  Their shapes are {y.shape} and {y_test.shape}.\n"
            "  Save targets of one kind."
        )
    return np.concatenate([y, y_test])


def _as_features(path: Path, x: Array) -> Array:
    numbers = as_float32(path, x.reshape(len(x), -1))
    if x.dtype == np.uint8:
        numbers /= 255
    return numbers
