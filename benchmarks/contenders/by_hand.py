"""The floor: a training step as a careful person writes it in NumPy, for this network only.

It is fast by what it leaves out. No call allocates (each has its `out`), the parameters are one
flat vector, so that a learning rule is a few calls for the whole network, nobody computes the
gradient of the samples, and a product with a row of ones sums over the batch.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from benchmarks.contenders import Chain, Classifier, Step
from benchmarks.network import Array, Network, Rule
from benchmarks.rules import learner

TITLE = "NumPy by hand"
PACKAGES = ("numpy",)


def predicting(network: Network) -> Classifier:
    """The forward pass over buffers that are made once."""
    weights, biases = zip(*network.weights(), strict=True)
    outputs = outputs_of(network)
    forward = forward_pass(weights, biases, outputs)

    def classify(x: Array) -> Array:
        forward(x)
        return outputs[-1].argmax(axis=1)

    return classify


def training(network: Network, rule: Rule) -> Step:
    """A step over buffers that are made once."""
    flat = np.concatenate([part.ravel() for layer in network.weights() for part in layer])
    gradient = np.empty_like(flat)
    outputs = outputs_of(network)
    weights, biases = layers_of(flat, network.sizes)
    forward = forward_pass(weights, biases, outputs)
    cross_entropy = loss_of(outputs[-1])
    backward = backward_pass(weights, *layers_of(gradient, network.sizes), outputs)
    update = learner([flat], rule).update

    def step(x: Array, labels: Array) -> float:
        forward(x)
        loss = cross_entropy(labels)
        backward(x)
        update([gradient])
        return loss

    return step


def outputs_of(network: Network) -> list[Array]:
    """Where the outputs of each layer go."""
    return [np.empty((network.batch, size), np.float32) for size in network.sizes[1:]]


def layers_of(flat: Array, sizes: tuple[int, ...]) -> tuple[list[Array], list[Array]]:
    """Weights and biases of each layer as views of one flat vector."""
    weights, biases, start = [], [], 0
    for n, m in pairwise(sizes):
        end = start + (n + 1) * m
        block = flat[start:end].reshape(n + 1, m)
        weights.append(block[:-1])
        biases.append(block[-1])
        start = end
    return weights, biases


def forward_pass(
    weights: Sequence[Array], biases: Sequence[Array], outputs: Sequence[Array]
) -> Callable[[Array], None]:
    """A function of the samples that fills the outputs, the last of them with logits."""
    *hidden, last = zip(weights, biases, outputs, strict=True)

    def forward(x: Array) -> None:
        for w, b, output in hidden:
            np.dot(x, w, output)
            np.add(output, b, output)
            np.maximum(output, 0, out=output)
            x = output
        w, b, output = last
        np.dot(x, w, output)
        np.add(output, b, output)

    return forward


def loss_of(logits: Array) -> Callable[[Array], float]:
    """A function of the labels: the mean loss; the logits become its gradient, (p − y) / batch."""
    batch, classes = logits.shape
    rows = np.eye(classes, dtype=np.float32) / batch
    targets = np.empty_like(logits)
    top, total, logarithm = (np.empty((batch, 1), np.float32) for _ in range(3))
    ones, weights = np.ones((classes, 1), np.float32), np.full((batch, 1), 1 / batch, np.float32)

    def cross_entropy(labels: Array) -> float:
        np.maximum.reduce(logits, 1, None, top, True)
        np.subtract(logits, top, logits)
        rows.take(labels, 0, targets, "clip")
        target = np.vdot(targets, logits)
        np.exp(logits, logits)
        np.dot(logits, ones, total)
        np.log(total, logarithm)
        np.multiply(total, batch, total)
        np.divide(logits, total, logits)
        np.subtract(logits, targets, logits)
        return np.vdot(weights, logarithm) - target

    return cross_entropy


def backward_pass(
    weights: list[Array],
    weights_gradients: list[Array],
    biases_gradients: list[Array],
    outputs: list[Array],
) -> Callable[[Array], None]:
    """A function of the samples that fills the gradients, from that of the last output on down."""
    batch = len(outputs[0])
    ones = np.ones(batch, np.float32)
    outer = np.multiply if batch == 1 else np.dot  # BLAS is slow where the inner size is 1
    first, *later = zip(weights_gradients, biases_gradients, strict=True)
    layers = [
        (h, w.T, *gradients, np.empty_like(h), np.empty_like(h))
        for h, w, gradients in zip(outputs[:-1], weights[1:], later, strict=True)
    ][::-1]

    def backward(x: Array) -> None:
        delta = outputs[-1]
        for h, w_transposed, w_gradient, b_gradient, below, slope in layers:
            outer(h.T, delta, w_gradient)
            np.dot(ones, delta, b_gradient)
            np.dot(delta, w_transposed, below)
            np.sign(h, slope)
            np.multiply(below, slope, below)
            delta = below
        w_gradient, b_gradient = first
        outer(x.T, delta, w_gradient)
        np.dot(ones, delta, b_gradient)

    return backward


def chain(x: Array, factor: Array, length: int) -> Chain:
    """The raw calls: those of the operation, and those of its rule."""
    ones = np.ones_like(x)

    def power(value: Array) -> Array:
        for _ in range(length):
            value = value * factor
        return value

    def differentiate() -> Array:
        power(x)
        return power(ones)

    return Chain(lambda: power(x), differentiate)
