"""What the page is told of a new network: its layers, its data, and the state that it is of."""

from __future__ import annotations

from typing import Any

from .material import Material, Part, columns_of
from .plane import Plane
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
    material = training.material
    return {
        "layers": [
            {"name": name, "units": linear.output_neurons, "activation": activation}
            for linear, (name, activation) in zip(training.linears, training.names, strict=True)
        ],
        "inputs": material.inputs,
        "outputs": list(material.dataset.classes) or ["value"],
        "parameters": sum(parameter.size for parameter in training.model.parameters()),
    }


def _data(material: Material) -> dict[str, Any]:
    dataset, plane = material.dataset, material.plane
    told: dict[str, Any] = {
        "name": dataset.name,
        "task": dataset.task,
        "classes": list(dataset.classes),
        "columns": columns_of(dataset),
        "choices": material.choices,
        "rows": len(material.train.x),
    }
    if plane is None:
        raw, y = material.test.raw[:SAMPLES], material.test.y[:SAMPLES]
        pairs = zip(raw.tolist(), y.tolist(), strict=True)
        return told | {"samples": [{"pixels": pixels, "target": y} for pixels, y in pairs]}
    parts = {"train": material.train, "test": material.test}
    told |= {name: _points(material, plane, part) for name, part in parts.items()}
    return told | {"axes": plane.axes, "extent": plane.extent}


def _points(material: Material, plane: Plane, part: Part) -> dict[str, Any]:
    targets = material.values(part.y).reshape(len(part.y)).astype(float)
    points = plane.points(part.raw, targets).astype(float)
    return {"points": points.round(4).tolist(), "targets": targets.round(4).tolist()}
