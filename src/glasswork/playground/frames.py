"""Frames: what there is to draw of a network now."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .plane import CELLS
from .training import Training
from .wire import Picture, packed, scaled

__all__ = ["Wishes", "frame"]

Array = NDArray[Any]

EACH_THIRD = slice(1, None, 3)  # of the cells of the plane
THUMB = len(range(CELLS)[EACH_THIRD])


class Wishes(NamedTuple):
    """What frames should carry."""

    gradients: bool = False
    thumbs: bool = True


def frame(training: Training, wishes: Wishes, known: tuple[int, int], **more: Any) -> bytes:
    """What there is to draw now, as one message.

    Parameters
    ----------
    known : tuple of int
        Of how many points of the curve the page knows, none at first, and how many steps were from
        one to the next.
    more : JSON
        What else to say in the header.
    """
    step, loss, test_loss, score, test_score = training.point()
    of = "r2" if training.material.is_regression else "accuracy"
    points, every = known
    start = points if every == training.every else 0
    header = {
        "type": "frame",
        "step": step,
        "epoch": training.epoch,
        "batches": len(training.batches),
        "rate": training.optimizer.current_learning_rate,
        "loss": loss,
        "test_loss": test_loss,
        "accuracy": None,
        "test_accuracy": None,
        of: score,
        f"test_{of}": test_score,
        "history": {"from": start},
        **more,
    }
    arrays: dict[str, Array | Picture] = {
        "curve": np.array(training.curve[start:], np.float32).reshape(-1, 5)
    }
    arrays |= _parameters(training, wishes.gradients)
    arrays |= _pictures(training, wishes.thumbs, first=not points)
    return packed(header, arrays)


def _parameters(training: Training, gradients: bool) -> dict[str, Array]:
    found: dict[str, Any] = {}
    for place, linear in enumerate(training.linears):
        found[f"weights.{place}"], found[f"biases.{place}"] = linear.weights.els, linear.biases.els
        if gradients:
            found[f"gradients.{place}"] = linear.weights.grad
    return found


def _pictures(training: Training, thumbs: bool, first: bool) -> dict[str, Array | Picture]:
    """The plane, and what each unit makes of it; what the features are, in a first frame."""
    plane = training.material.plane
    if plane is None:
        return _of_digits(training) if thumbs else {}
    *hidden, last = training.outputs(plane.grid)
    said = training.said(last)
    drawn = _fit(said) if len(plane.axes) == 1 else _boundary(training, said)
    if thumbs:
        spoken = scaled(_thumb(said), *_reach(training))
        drawn["thumbs"] = _stacked([*map(_around_zero, hidden), spoken])
    if first:
        drawn["inputs"] = _around_zero(plane.grid)
    return drawn


def _reach(training: Training) -> tuple[float, float]:
    """What is lowest and highest: of probabilities, or of the values that are learnt."""
    if not training.material.is_regression:
        return 0.0, 1.0
    targets = training.material.values(training.material.train.y)
    return float(targets.min()), float(targets.max())


def _fit(said: Array) -> dict[str, Array | Picture]:
    """The value, the probability or the class along the line."""
    return {"fit": said[:, 0] if said.shape[1] == 1 else said.argmax(axis=1)}


def _boundary(training: Training, said: Array) -> dict[str, Array | Picture]:
    """The value, the probability, or the class and how sure it is, over the plane."""
    cells = said.T.reshape(-1, CELLS, CELLS)
    if len(cells) == 1:
        return {"boundary": scaled(cells[0], *_reach(training))}
    classes = cells.argmax(axis=0).astype(np.uint8)
    sure = scaled(cells.max(axis=0), 0.0, 1.0)
    return {"boundary": Picture(classes, 0.0, 255.0), "confidence": sure}


def _stacked(pictures: list[Picture]) -> Picture:
    """The pictures of all units, in their order."""
    return Picture(np.concatenate([picture.cells for picture in pictures]), 0.0, 1.0)


def _around_zero(given: Array) -> Picture:
    """What the units of a layer, or all features, give, so that 0 is in the middle."""
    reach = float(np.abs(np.nan_to_num(given)).max()) or 1.0
    return scaled(_thumb(given), -reach, reach)


def _thumb(given: Array) -> Array:
    """What units give in every third cell; along a line it is the same in each row."""
    cells = given.T.reshape(given.shape[1], -1, CELLS)
    rows = cells[:, EACH_THIRD] if cells.shape[1] == CELLS else cells
    shape = (given.shape[1], THUMB, THUMB)
    return np.broadcast_to(rows[:, :, EACH_THIRD], shape)


def _of_digits(training: Training) -> dict[str, Array | Picture]:
    """The weights of first units as pictures; what later units give for each digit, on average."""
    part = training.material.train
    *hidden, last = training.outputs(part.x)
    kinds = [part.y == digit for digit in range(len(training.material.dataset.classes))]
    drawn: dict[str, Array | Picture] = {
        f"by_class.{place}": np.stack([given[kind].mean(axis=0) for kind in kinds], axis=1)
        for place, given in enumerate([*hidden, training.said(last)])
        if place
    }
    shape = training.material.dataset.image_shape or ()
    weights = training.linears[0].weights.els.T.reshape(-1, *shape)
    reach = float(np.abs(weights).max())
    return drawn | {"thumbs": scaled(weights, -reach, reach)}
