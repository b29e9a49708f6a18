"""Frames: what the page draws, as bytes.

A frame is the length of its header as a 32-bit number, the header as JSON, filled up with spaces to
a multiple of four, and arrays one after the other. All is little-endian.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..functional import sigmoid, softmax
from .material import CELLS
from .training import Training

__all__ = ["Wishes", "frame", "packed"]

Array = NDArray[Any]

THUMB = slice(1, None, 3)  # every third cell of the plane: 24 of them


class Wishes(NamedTuple):
    """What frames should carry."""

    gradients: bool = False
    thumbs: bool = True


def frame(training: Training, wishes: Wishes, sent: tuple[int, int], **more: Any) -> bytes:
    """What there is to draw now.

    Parameters
    ----------
    sent : tuple of int
        Of how many points of the curve the page knows, and how many steps are between them.
    more : JSON
        What else to say in the header.
    """
    step, loss, test_loss, score, test_score = training.point()
    regression = training.material.dataset.task == "regression"
    start, every = sent
    start = start if every == training.every else 0
    scores = ("r2", "test_r2") if regression else ("accuracy", "test_accuracy")
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
        **dict(zip(scores, (score, test_score), strict=True)),
        "history": {"from": start},
        **more,
    }
    arrays = {"curve": np.array(training.curve[start:], np.float32).reshape(-1, 5)}
    arrays |= _parameters(training, wishes.gradients)
    arrays |= _pictures(training) if wishes.thumbs else {}
    return packed(header, arrays)


def packed(
    header: Mapping[str, Any], arrays: Mapping[str, Array | tuple[Array, float, float]]
) -> bytes:
    """A header and arrays as one message."""
    described, parts = [], []
    for name, given in arrays.items():
        array, low, high = given if isinstance(given, tuple) else (given, None, None)
        array = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
        kind = f"{array.dtype.kind}{array.dtype.itemsize}"
        described.append({"name": name, "dtype": kind, "shape": array.shape})
        described[-1] |= {"low": low, "high": high} if low is not None else {}
        parts.append(array.tobytes())
    text = json.dumps(_finite({**header, "arrays": described}), allow_nan=False).encode()
    text += b" " * (-len(text) % 4)
    return b"".join([len(text).to_bytes(4, "little"), text, *parts])


def _finite(value: Any) -> Any:
    """JSON has no word for NaN: it becomes null."""
    if isinstance(value, float):
        return value if np.isfinite(value) else None
    if isinstance(value, dict):
        return {name: _finite(part) for name, part in value.items()}
    return [_finite(part) for part in value] if isinstance(value, list | tuple) else value


def _parameters(training: Training, gradients: bool) -> dict[str, Array]:
    found = {}
    for place, linear in enumerate(training.linears):
        found[f"weights.{place}"], found[f"biases.{place}"] = linear.weights.els, linear.biases.els
        if gradients:
            found[f"gradients.{place}"] = linear.weights.grad
    return found


def _pictures(training: Training) -> dict[str, Any]:
    """What each unit gives over the plane; of digits, its weights or what it gives for each."""
    plane = training.material.plane
    if plane is None:
        return _of_digits(training)
    *hidden, last = training.outputs(plane.grid)
    outputs = probabilities(training, last)
    if training.material.dataset.inputs == 1:
        fit = values(training, last)[:, 0]
        flat = [
            np.broadcast_to(h.T[:, None, THUMB], (h.shape[1], 24, 24)) for h in [*hidden, outputs]
        ]
        return {"fit": fit, "thumbs": _joined(flat)}
    thumbs = [_cells(given)[:, THUMB, THUMB] for given in [*hidden, outputs]]
    return _boundary(training, last, outputs) | {"thumbs": _joined(thumbs)}


def _boundary(training: Training, last: Array, outputs: Array) -> dict[str, Any]:
    if training.material.dataset.task == "regression":
        return {"boundary": _scaled(_cells(values(training, last))[0])}
    if outputs.shape[1] == 1:
        return {"boundary": _scaled(_cells(outputs)[0], 0.0, 1.0)}
    classes = _cells(outputs).argmax(axis=0).astype(np.uint8)
    return {"boundary": classes, "confidence": _scaled(_cells(outputs).max(axis=0), 0.0, 1.0)}


def _of_digits(training: Training) -> dict[str, Any]:
    part = training.material.train
    *hidden, last = training.outputs(part.x)
    kinds = [part.y == k for k in range(10)]
    means = {
        f"by_class.{place}": np.stack([given[kind].mean(axis=0) for kind in kinds], axis=1)
        for place, given in enumerate([*hidden, probabilities(training, last)])
        if place
    }
    weights = training.linears[0].weights.els
    reach = float(np.abs(weights).max()) or 1.0
    return means | {"thumbs": _scaled(weights.T.reshape(-1, 8, 8), -reach, reach)}


def probabilities(training: Training, last: Array) -> Array:
    """What the last layer says: probabilities of classes, or values as they are."""
    if training.material.dataset.task == "regression":
        return last
    return sigmoid(last) if last.shape[1] == 1 else softmax(last)


def values(training: Training, last: Array) -> Array:
    """Values in their own unit."""
    scaling = training.material.scaling
    return last if scaling is None else scaling.inverse(last)


def _cells(given: Array) -> Array:
    """One plane for each unit."""
    return given.T.reshape(-1, CELLS, CELLS)


def _joined(layers: list[Array]) -> tuple[Array, float, float]:
    """All units in their order, each layer from its lowest to its highest."""
    return np.concatenate([_scaled(layer)[0] for layer in layers]), 0.0, 1.0


def _scaled(
    array: Array, low: float | None = None, high: float | None = None
) -> tuple[Array, float, float]:
    """Bytes from 0 for low to 255 for high."""
    array = np.nan_to_num(array)
    low = float(array.min()) if low is None else low
    high = float(array.max()) if high is None else high
    shares = (array - low) / ((high - low) or 1.0)
    return np.rint(255 * shares).clip(0, 255).astype(np.uint8), low, high
