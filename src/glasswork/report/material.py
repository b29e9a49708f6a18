"""What a report is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..compiler.program import Program
from ..data import Dataset
from ..data.columns import features_of
from ..nn import Loss, Module
from ..train import History, predict

__all__ = ["Material", "figures", "number", "title"]

Array = NDArray[Any]
SHOWN = {
    "accuracy": ("accuracy", "{:.2%}"),
    "f1": ("F1", "{:.4f}"),
    "loss": ("loss", "{:.4g}"),
    "mae": ("MAE", "{:.4g}"),
    "rmse": ("RMSE", "{:.4g}"),
    "r_squared": ("R²", "{:.4f}"),
}


def figures(found: Mapping[str, float | None]) -> dict[str, str]:
    """Metrics as they are told: by their usual names, with as many digits as they deserve.

    What is not a number, which JSON knows as null, is undefined.

    Examples
    --------
    >>> figures({"loss": 0.123456, "accuracy": 0.975, "r_squared": float("nan")})
    {'loss': '0.1235', 'accuracy': '97.50%', 'R²': 'undefined'}
    """
    told = ((*SHOWN.get(name, (name, "{:.4g}")), value) for name, value in found.items())
    return {
        name: "undefined" if value is None or np.isnan(value) else shape.format(value)
        for name, shape, value in told
    }


def number(value: float) -> str:
    """A number with the digits that matter, as in a table.

    Examples
    --------
    >>> number(0.0123456), number(6.0), number(316612.3)
    ('0.01235', '6', '316,612')
    """
    return f"{value:,.0f}" if 1e3 <= abs(value) < 1e9 else f"{value:.4g}"


def title(name: str) -> str:
    """What a column of a history is called."""
    return SHOWN[name][0] if name in SHOWN else name.replace("_", " ")


@dataclass(frozen=True, eq=False, kw_only=True)
class Material:
    """A training, with all that is told of it.

    Attributes
    ----------
    dataset : Dataset
        What it was about.
    samples : pair of int
        To learn from, and to test on.
    model : Module
        Takes samples as they stand in the dataset.
    network, criterion : Module, Loss
        What learned, from samples as they were prepared for it, and what it made small.
    loss : str
        What that is called.
    history : History
        Of the training.
    x, y : array
        The test part, as it stands in the dataset; classes as numbers.
    result, baseline : mapping
        The metrics of the network, and of a prediction that knows no feature.
    trivial : str
        What that predicts.
    program : Program or None
        The step, if it was compiled.
    arrays : sequence of array
        A batch, as it was prepared for the network.
    options, versions : mapping
        How it was trained.
    command : str
        What was said to train it.
    interrupted : bool
        Whether it was ended before its end.
    """

    dataset: Dataset
    samples: tuple[int, int]
    model: Module
    network: Module
    criterion: Loss
    loss: str
    history: History
    x: Array
    y: Array
    result: Mapping[str, float]
    baseline: Mapping[str, float]
    trivial: str
    options: Mapping[str, Any]
    versions: Mapping[str, str]
    command: str
    program: Program | None = None
    arrays: Sequence[Array] = ()
    interrupted: bool = False
    outputs: Array = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "outputs", predict(self.model, self.x))

    @property
    def names(self) -> list[str]:
        """The name of each feature."""
        given = [c.name for c in features_of(self.dataset.columns)] or list(self.dataset.features)
        return given or [f"feature {place}" for place in range(self.dataset.inputs)]

    def cell(self, feature: int, value: float) -> str:
        """A feature's value as the table had it: a number, or a word."""
        words = self.dataset.vocabulary.get(feature)
        if np.isnan(value) or (words and not 0 <= value < len(words)):
            return "missing" if np.isnan(value) else "another word"
        return (words[int(value)] or "missing") if words else number(value)
