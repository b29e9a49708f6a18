"""What the page is told of a new network: its layers, its data, and the state that it is of."""

from __future__ import annotations

from typing import Any

from .material import Material, Part
from .session import Session
from .training import Training

__all__ = ["ready"]

SAMPLES = 20  # pictures that are shown


def ready(session: Session) -> dict[str, Any]:
    """The message that a network is there."""
    training = session.training
    return {
        "type": "ready",
        "state": session.state.as_json(),
        "query": session.state.query(),
        "network": _network(training),
        "data": _data(training.material),
        "summary": repr(training.model),
    }


def _network(training: Training) -> dict[str, Any]:
    material, linears = training.material, training.linears
    names = [f"hidden{i}" for i in range(1, len(linears))] + ["output"]
    last = "sigmoid" if material.is_binary else "softmax"
    if material.dataset.task == "regression":
        last = "identity"
    activations = [training.state.activation] * (len(linears) - 1) + [last]
    return {
        "layers": [
            {"name": name, "units": linear.output_neurons, "activation": activation}
            for name, linear, activation in zip(names, linears, activations, strict=True)
        ],
        "inputs": material.inputs,
        "outputs": list(material.dataset.classes) or ["value"],
        "parameters": sum(p.size for p in training.model.parameters()),
    }


def _data(material: Material) -> dict[str, Any]:
    dataset = material.dataset
    told = {"name": dataset.name, "task": dataset.task, "classes": list(dataset.classes)}
    if material.plane is None:
        raw, y = material.test.raw[:SAMPLES], material.test.y[:SAMPLES]
        pairs = zip(raw.round(4).tolist(), y.tolist(), strict=True)
        return told | {
            "samples": [{"pixels": pixels, "target": target} for pixels, target in pairs]
        }
    return told | {
        "extent": material.plane.extent,
        "train": _points(material, material.train),
        "test": _points(material, material.test),
    }


def _points(material: Material, part: Part) -> dict[str, Any]:
    y = part.y if material.scaling is None else material.scaling.inverse(part.y)
    targets = y.reshape(len(y)).round(4)
    if material.dataset.task == "classification":
        targets = targets.astype(int)
    up = targets[:, None] if part.raw.shape[1] == 1 else part.raw[:, material.plane.axes[1:]]
    points = part.raw[:, material.plane.axes[:1]], up
    return {
        "points": [
            [round(float(a[0]), 4), round(float(b[0]), 4)] for a, b in zip(*points, strict=True)
        ],
        "targets": targets.tolist(),
    }
