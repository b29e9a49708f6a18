"""A closer look: one multiply-add with its numbers, and what is seen in a drawn digit."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..derivatives import gradients
from ..tensor import Tensor
from .training import Training

__all__ = ["drawn", "unit"]


def unit(training: Training, layer: int, number: int, row: int) -> dict[str, Any]:
    """What one unit makes of a training row: Σ xᵢwᵢ + b, and the gradients of that row's loss."""
    material, linear = training.material, training.linears[layer]
    values, loss = _through(training, row)
    x, z, a = values[layer]
    d_weights, d_biases = gradients(loss, [linear.weights, linear.biases])
    weights = linear.weights.els[:, number]
    names = material.inputs
    if layer:
        names = [f"{training.names[layer - 1][0]}.{i + 1}" for i in range(len(weights))]
    return {
        "names": names,
        "inputs": x[0].tolist(),
        "weights": weights.tolist(),
        "products": (x[0] * weights).tolist(),
        "bias": linear.biases.els[number].item(),
        "sum": z[0, number].item(),
        "activation": training.names[layer][1],
        "output": a[0, number].item(),
        "gradients": d_weights.els[:, number].tolist(),
        "d_bias": d_biases.els[number].item(),
        "loss": loss.item(),
    }


def _through(training: Training, row: int) -> tuple[list[tuple[Any, Any, Any]], Tensor]:
    """What goes into each layer for a row, its sums and what it gives; and the loss."""
    part = training.material.train
    x: Any = Tensor(part.x[row : row + 1])
    values = []
    for linear, activation in training.layers.pairs:
        sums = linear(x)
        given = activation(sums)
        values.append((x.els, sums.els, given.els))
        x = given
    before, sums, _ = values[-1]
    values[-1] = before, sums, training.said(sums)
    return values, training.loss(x, part.y[row : row + 1])


def drawn(training: Training, pixels: Any) -> dict[str, Any]:
    """What the network says of a picture, and how much each pixel speaks for it."""
    x = Tensor(np.asarray(pixels, np.float32)[None], requires_grad=True)
    scores = training.layers(x)[-1]
    said = training.said(scores.els)[0]
    best = int(said.argmax())
    (saliency,) = gradients(scores[0, best], [x])
    return {
        "pixels": x.els[0].tolist(),
        "probabilities": said.tolist(),
        "saliency": saliency.els[0].tolist(),
        "class": best,
    }
