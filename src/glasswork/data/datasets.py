"""The datasets that have a name, and the one door to them and to files."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from difflib import get_close_matches
from os import PathLike, fspath
from pathlib import Path
from types import MappingProxyType

import numpy as np

from ..errors import DataError, OptionError
from ..limits import WORDS, checked, path_of
from ..randomness import RandomSource
from .dataset import Dataset, Task
from .files import read_dataset
from .generated import circles, line, moons, spirals

__all__ = ["DATASETS", "digits", "load"]


def digits() -> Dataset:
    """Handwritten digits, 8×8 pixels each: the test part of UCI's Optical Recognition set.

    1,797 pictures by 13 people, who wrote nothing of the training part. A pixel counts the dark
    points in a square of 4×4 of the scanned picture, 0 to 16; here it is divided by 16.
    `digits.txt`, beside this file, tells whose they are and how the file was made.

    Examples
    --------
    >>> digits()
    <Dataset digits: classification, 1,797 samples, 64 features, 10 classes>
    >>> for row in (digits().x[0].reshape(8, 8) > 0.4).astype(int):
    ...     print("".join("-#"[dark] for dark in row))
    ---##---
    --####--
    --#--##-
    --#--##-
    --#--##-
    --#--##-
    --#-##--
    ---##---
    """
    with np.load(Path(__file__).with_name("digits.npz"), allow_pickle=False) as stored:
        pixels, y = stored["x"], stored["y"]
    x = np.empty((len(y), 64), np.float32)
    x[np.argsort(y, kind="stable")] = pixels.T.reshape(-1, 64)  # they lie class by class
    return Dataset(
        name="digits",
        x=x / 16,
        y=y.astype(np.int64),
        task="classification",
        classes=tuple("0123456789"),
        features=tuple(f"pixel {row},{column}" for row in range(8) for column in range(8)),
        image_shape=(8, 8),
        description="Handwritten digits of 8×8 pixels, each from 0 (white) to 1 (black)",
        license="CC BY 4.0",
        source="E. Alpaydin, C. Kaynak (1998), UCI Machine Learning Repository, 10.24432/C50P49",
    )


DATASETS: Mapping[str, Callable[..., Dataset]] = MappingProxyType(
    {
        "digits": lambda rng: digits(),
        "moons": moons,
        "spirals": spirals,
        "circles": circles,
        "line": line,
    }
)


def load(
    name_or_path: str | PathLike[str],
    rng: RandomSource = None,
    *,
    target: int | str | None = None,
    task: Task | None = None,
    categories: Collection[str] = (),
) -> Dataset:
    """A built-in dataset by its name, or one from files by their path.

    A name comes first: write ./digits for a folder that is called digits.

    Parameters
    ----------
    name_or_path : str or path
        A name in `DATASETS`, or a path for `read_dataset`.
    rng : None, int or numpy.random.Generator
        What the generated datasets are drawn with, see `glasswork.randomness.generator`.
    target, task, categories
        For files: as in `read_dataset`.

    Raises
    ------
    DataError
        If there is nothing of that name, or a file cannot be used.
    OptionError
        If one of the last three is given for a built-in dataset.

    Examples
    --------
    >>> load("digits")
    <Dataset digits: classification, 1,797 samples, 64 features, 10 classes>
    >>> sorted(DATASETS)
    ['circles', 'digits', 'line', 'moons', 'spirals']
    """
    path_of("load", name_or_path, "the dataset")
    name = fspath(name_or_path)  # "./digits" is a path
    if name in DATASETS:
        named = len(checked("load", "categories", categories, WORDS))
        if named or target is not None or task is not None:
            raise OptionError(
                f"target, task and categories are for files, and {name} is a built-in dataset.\n"
                f"  They are {target!r}, {task!r} and {categories!r}.\n"
                f"  Leave them out, or write ./{name} for a file of that name."
            )
        return DATASETS[name](rng=rng)
    if not Path(name).exists():
        close = get_close_matches(name, DATASETS, n=1)
        hint = f"Did you mean {close[0]}?" if close else "Pass a name or the path of a file."
        raise DataError(
            f"no dataset and no file is called {name!r}.\n"
            f"  Built in are {', '.join(DATASETS)}.\n"
            f"  {hint}"
        )
    return read_dataset(name, target=target, task=task, categories=categories)
