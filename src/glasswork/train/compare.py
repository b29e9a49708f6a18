"""Two trainings side by side: where they part."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from itertools import zip_longest
from typing import NamedTuple

from ..errors import DataError
from ..limits import path_of
from .checkpoints import TRACE

__all__ = ["Difference", "diff"]

MEANINGS = {
    "batch": "Other samples, or in another order.",
    "loss": "The same batch and the same values before it: the forward pass differs, by what it\n"
    "  draws or how it rounds.",
    "": "The same batch, the same loss: the gradient or the step of the optimizer differs.",
}


class Difference(NamedTuple):
    """Where two runs part.

    Attributes
    ----------
    step : int or None
        The first step in which they differ, 0 for the first values; None if there is none.
    tensors : tuple of str
        What differs then, the first one first: "batch", "loss", and parameters and buffers by
        their paths.
    steps : pair of int
        How many steps each run has.

    Examples
    --------
    >>> print(Difference(37, ("0.weights", "0.biases"), (100, 100)))
    The runs part at step 37: 0.weights
      The same batch, the same loss: the gradient or the step of the optimizer differs.
      In the same step: 0.biases
    """

    step: int | None
    tensors: tuple[str, ...]
    steps: tuple[int, int]

    @property
    def tensor(self) -> str | None:
        """The first thing that differs in the first step that does."""
        return self.tensors[0] if self.tensors else None

    def __str__(self) -> str:
        one, other = self.steps
        if self.step is None:
            length = f"{one}" if one == other else f"{min(one, other)} that both have"
            return f"The runs are the same in all steps: {length}."
        first, *others = self.tensors
        known = (
            "The values before the first step differ."
            if self.step == 0
            else MEANINGS.get(first, MEANINGS[""])
        )
        lines = [f"The runs part at step {self.step}: {first}", f"  {known}"]
        return "\n".join(lines + ([f"  In the same step: {', '.join(others)}"] if others else []))


def diff(run_a: str | os.PathLike[str], run_b: str | os.PathLike[str]) -> Difference:
    """Tell the first step, and the first tensor, in which two trainings part.

    Parameters
    ----------
    run_a, run_b : str or path
        Folders that `fit` was given as `checkpoint`, or that `glasswork train` has written.

    Returns
    -------
    Difference
        Print it, or look at `step` and `tensor`.

    Raises
    ------
    DataError
        If one of them keeps no trace, or the models have other parameters.

    Examples
    --------
    >>> from glasswork.nn import MSE, Linear
    >>> from glasswork.optim import SGD
    >>> from glasswork.train import fit
    >>> x = np.linspace(-1, 1, 8)[:, None]
    >>> for name, seed in (("a", 1), ("b", 2)):
    ...     model = Linear(1, 1, rng=0)
    ...     _ = fit(model, MSE(), SGD(model.parameters(), 0.1), (x, 3 * x), epochs=2,
    ...             batch_size=4, rng=seed, checkpoint=name)
    >>> print(diff("a", "b"))
    The runs part at step 1: batch
      Other samples, or in another order.
      In the same step: loss, weights, biases
    """
    rows_a, rows_b = _rows(run_a), _rows(run_b)
    columns, others = next(rows_a), next(rows_b)
    if columns != others:
        raise DataError(
            "diff: the runs are of models with other parameters.\n"
            f"  {os.fspath(run_a)}: {', '.join(columns[3:])}\n"
            f"  {os.fspath(run_b)}: {', '.join(others[3:])}\n"
            "  Compare two runs of one model."
        )
    step: int | None = None
    tensors: tuple[str, ...] = ()
    lengths = [-1, -1]
    for one, other in zip_longest(rows_a, rows_b):
        lengths = [n + (row is not None) for n, row in zip(lengths, (one, other), strict=True)]
        if step is None and one and other and one != other:
            cells = zip(columns[1:], one[1:], other[1:], strict=True)
            step, tensors = lengths[0], tuple(name for name, a, b in cells if a != b)
    return Difference(step, tensors, (lengths[0], lengths[1]))


def _rows(run: str | os.PathLike[str]) -> Iterator[list[str]]:
    """The cells of each line of a trace: first the names of its columns."""
    path, problem = path_of("diff", run, "a run") / TRACE, "it is empty"
    try:
        with path.open(encoding="utf-8", newline="") as text:
            whole = (line for line in text if line.endswith("\n"))  # a kill may leave half a one
            for row in csv.reader(whole):
                problem = ""
                yield row
    except OSError as error:
        problem = str(error.strerror)
    if problem:
        raise DataError(
            f"diff: {os.fspath(run)} keeps no trace of a training.\n"
            f"  {path}: {problem}.\n"
            "  Pass a folder that fit(…, checkpoint=folder) or `glasswork train` has written."
        )
