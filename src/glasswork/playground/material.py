"""What a network learns from: points, how it sees them, and the plane that they are drawn on."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..data import DATASETS, Dataset, Scaling, digits
from ..errors import OptionError
from ..nn import Module, Sequential, Standardize
from ..train.evaluate import predict
from .features import SHOWN, Features
from .state import State

__all__ = ["Material", "Part", "Plane", "prepare"]

Array = NDArray[Any]

CELLS = 72  # of the plane, along each side
ROOM = 0.1  # around the points, as a share of their extent


class Part(NamedTuple):
    """Samples as they stand, as the network sees them, and their targets as the loss takes them."""

    raw: Array
    x: Array
    y: Array


class Plane(NamedTuple):
    """Where points are drawn.

    Attributes
    ----------
    axes : tuple of int
        The columns of a raw sample that are drawn to the right and up; of a sample with one
        column, its target is drawn up.
    extent : tuple of float
        Left, right, bottom, top.
    grid : array
        What the network sees in each cell, from the top row down, (cells, features); of samples
        with one column, in each cell from left to right.
    """

    axes: tuple[int, ...]
    extent: tuple[float, float, float, float]
    grid: Array


class Material(NamedTuple):
    """What a network learns from.

    Attributes
    ----------
    dataset : Dataset
        Where it comes from.
    front : Sequential
        What makes x of raw samples.
    train, test : Part
        What is learnt, and what is kept back.
    inputs : list of str
        What the features that the network sees are called.
    outputs : int
        How many numbers the network gives: one for two classes.
    scaling : Scaling or None
        What was done to target values.
    plane : Plane or None
        None for pictures.
    """

    dataset: Dataset
    front: Sequential
    train: Part
    test: Part
    inputs: list[str]
    outputs: int
    scaling: Scaling | None
    plane: Plane | None

    @property
    def is_binary(self) -> bool:
        """Whether there are two classes."""
        return len(self.dataset.classes) == 2


def prepare(state: State, upload: Dataset | None = None) -> Material:
    """The points of a state, parted and brought into the form that a network takes.

    Raises
    ------
    OptionError
        If the state asks for an upload, and there is none.
    """
    dataset = _dataset(state, upload)
    x_train, x_test, y_train, y_test = dataset.parts(state.test, state.seed)
    front, inputs = _front(dataset, x_train, state)
    scaling = None
    if dataset.task == "regression" and state.data == "upload":
        scaling = Scaling.of(y_train)
        y_train, y_test = scaling(y_train), scaling(y_test)
    elif len(dataset.classes) == 2:
        y_train, y_test = (y[:, None].astype(np.float32) for y in (y_train, y_test))
    train, test = (
        Part(raw, predict(front, raw), y) for raw, y in ((x_train, y_train), (x_test, y_test))
    )
    outputs = 1 if len(dataset.classes) == 2 else dataset.outputs
    plane = None if dataset.image_shape else _plane(dataset, x_train, front, state)
    return Material(dataset, front, train, test, inputs, outputs, scaling, plane)


def _dataset(state: State, upload: Dataset | None) -> Dataset:
    if state.data == "digits":
        return digits()
    if state.data != "upload":
        return DATASETS[state.data](samples=state.samples, noise=state.noise, rng=state.seed)
    if upload is None:
        raise OptionError("the data is an upload, and no file has been uploaded yet")
    return upload


def _front(dataset: Dataset, x: Array, state: State) -> tuple[Sequential, list[str]]:
    """What stands before the network, and what it calls its inputs."""
    if dataset.image_shape:
        return Sequential(), list(dataset.features)
    layers: list[Module] = [Standardize.of(x)]
    if dataset.inputs > 2:
        return Sequential(*layers), _names(dataset)
    chosen = [name for name in state.features if dataset.inputs == 2 or "x2" not in name]
    chosen = chosen or ["x1"]
    if chosen != ["x1", "x2"][: dataset.inputs]:
        layers.append(Features(chosen))
    return Sequential(*layers), [SHOWN[name] for name in chosen]


def _names(dataset: Dataset) -> list[str]:
    return list(dataset.features or (f"column {i}" for i in range(dataset.inputs)))


def _plane(dataset: Dataset, x: Array, front: Module, state: State) -> Plane:
    if dataset.inputs == 1:
        left, right = _extent(dataset.x[:, 0])
        grid = np.linspace(left, right, CELLS, dtype=np.float32)[:, None]
        return Plane((0,), (left, right, *_extent(dataset.y[:, 0])), predict(front, grid))
    axes = tuple(min(axis, dataset.inputs - 1) for axis in state.axes)
    left, right = _extent(dataset.x[:, axes[0]])
    bottom, top = _extent(dataset.x[:, axes[1]])
    cells = np.tile(np.median(x, axis=0), (CELLS * CELLS, 1)).astype(np.float32)
    up, along = np.meshgrid(
        np.linspace(top, bottom, CELLS), np.linspace(left, right, CELLS), indexing="ij"
    )
    cells[:, axes[0]], cells[:, axes[1]] = along.ravel(), up.ravel()
    return Plane(axes, (left, right, bottom, top), predict(front, cells, batch_size=len(cells)))


def _extent(values: Array) -> tuple[float, float]:
    """From where to where, with some room."""
    low, high = float(values.min()), float(values.max())
    room = ROOM * (high - low) or 1.0
    return low - room, high + room
