"""What a network learns from: samples as they stand, and as it sees them."""

from __future__ import annotations

import dataclasses
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..data import DATASETS, Dataset, Scaling
from ..errors import OptionError
from ..nn import Missing, Sequential
from ..randomness import generator
from ..train.evaluate import predict
from ..train.networks import layers_before
from .features import SHOWN, Features
from .plane import Plane, plane_of
from .state import State

__all__ = ["Material", "Part", "columns_of", "prepare"]

Array = NDArray[Any]


class Part(NamedTuple):
    """Samples as they stand, as the network sees them, and their targets as the loss takes them."""

    raw: Array
    x: Array
    y: Array


class Material(NamedTuple):
    """What a network learns from.

    Attributes
    ----------
    dataset : Dataset
        Where it comes from.
    front : Sequential
        What makes x of raw samples: it stands before the network in what is exported.
    train, test : Part
        What is learnt, and what is kept back.
    inputs : list of str
        What the features that the network sees are called.
    choices : list of str
        Which features can be made of the coordinates: none where there are more than two.
    outputs : int
        How many numbers the network gives: one for two classes.
    scaling : Scaling or None
        What was done to target values.
    plane : Plane or None
        Where the samples are drawn; None for pictures.
    """

    dataset: Dataset
    front: Sequential
    train: Part
    test: Part
    inputs: list[str]
    choices: list[str]
    outputs: int
    scaling: Scaling | None
    plane: Plane | None

    @property
    def is_binary(self) -> bool:
        """Whether there are two classes."""
        return len(self.dataset.classes) == 2

    @property
    def is_regression(self) -> bool:
        """Whether values are learnt."""
        return self.dataset.task == "regression"

    def values(self, y: Array) -> Array:
        """Targets, or what the network says of them, in their own unit."""
        return y if self.scaling is None else self.scaling.inverse(y)


def prepare(state: State, upload: Dataset | None = None) -> Material:
    """The samples of a state, parted and brought into the form that a network takes.

    Raises
    ------
    OptionError
        If the state asks for an upload, and there is none.
    """
    dataset = _dataset(state, upload)
    x_train, x_test, y_train, y_test = dataset.parts(state.test, state.seed)
    front, inputs, choices = _front(dataset, x_train, state)
    scaling = None
    if dataset.task == "regression" and state.data == "upload":
        scaling = Scaling.of(y_train)
        y_train, y_test = scaling(y_train), scaling(y_test)
    elif len(dataset.classes) == 2:
        y_train, y_test = (y[:, None].astype(np.float32) for y in (y_train, y_test))
    return Material(
        dataset=dataset,
        front=front,
        train=Part(x_train, predict(front, x_train), y_train),
        test=Part(x_test, predict(front, x_test), y_test),
        inputs=inputs,
        choices=choices,
        outputs=1 if len(dataset.classes) == 2 else dataset.outputs,
        scaling=scaling,
        plane=None if dataset.image_shape else plane_of(dataset, x_train, front, state.axes),
    )


def _dataset(state: State, upload: Dataset | None) -> Dataset:
    """All samples, or of those of a file as many as are wanted."""
    if state.data == "digits":
        return DATASETS["digits"](rng=state.seed)
    if state.data != "upload":
        return DATASETS[state.data](samples=state.samples, noise=state.noise, rng=state.seed)
    if upload is None:
        raise OptionError("the data is an upload, and no file has been sent yet")
    rows = generator(state.seed).permutation(len(upload))[: state.samples]
    return dataclasses.replace(upload, x=upload.x[rows], y=upload.y[rows])


def _front(dataset: Dataset, x: Array, state: State) -> tuple[Sequential, list[str], list[str]]:
    """What stands before the network, what it calls its inputs, and what could be chosen."""
    if dataset.image_shape:
        return Sequential(), list(dataset.features), []
    layers = layers_before(dataset, x, "standard")
    names = _names(dataset, Sequential(*layers))
    choices = [name for name in SHOWN if len(names) == 2 or "x2" not in name]
    if len(names) > 2 or dataset.vocabulary:
        choices = []
    usual = ["x1", "x2"][: len(names)]
    chosen = [name for name in state.features if name in choices] or usual
    if chosen == usual:
        return Sequential(*layers), names, choices
    return Sequential(*layers, Features(chosen)), [SHOWN[name] for name in chosen], choices


def columns_of(dataset: Dataset) -> list[str]:
    """What the columns of a sample are called, in a table without a header too."""
    return list(dataset.features or (f"column {i + 1}" for i in range(dataset.inputs)))


def _names(dataset: Dataset, layers: Sequential) -> list[str]:
    """What comes out of the layers before a network is called."""
    if not dataset.columns:
        return ["x₁", "x₂"][: dataset.inputs]
    names = columns_of(dataset)
    words = dataset.vocabulary
    missing = [layer.indicators for layer in layers if isinstance(layer, Missing)]
    kept = [name for column, name in enumerate(names) if column not in words]
    kept += [f"{names[column]} missing" for indicators in missing for column in indicators]
    return kept + [f"{names[column]}: {word}" for column, of in words.items() for word in of]
