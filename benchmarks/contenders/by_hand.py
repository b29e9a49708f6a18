"""The floor: a training step as a careful person writes it in NumPy, for this network only.

It is fast by what it leaves out. No call allocates (each has its `out`), the parameters are one
flat vector, so that a learning rule is a few calls for the whole network, and nobody computes the
gradient of the samples. Activations are features × batch: below those of a hidden layer stands a
row of ones, and one product takes weights and biases, forwards and back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import accumulate, pairwise

import numpy as np

from benchmarks.contenders import Chain, Classifier, Step
from benchmarks.network import Array, Network, Rule
from benchmarks.rules import learner

TITLE = "NumPy by hand"
PACKAGES = ("numpy",)
STRIP = 2**17  # parameters that a rule moves at a time, so that they stay in the cache

Layers = tuple[Array, Array, list[Array]]
"""Weights and biases of the first layer; of each later one both, the biases as the last column."""


def predicting(network: Network) -> Classifier:
    """The forward pass."""
    hidden, logits = outputs_of(network)
    forward = forward_pass(layers_of(parameters_of(network), network.sizes), hidden, logits)

    def classify(x: Array) -> Array:
        forward(x)
        return logits.argmax(axis=0)

    return classify


def training(network: Network, rule: Rule) -> Step:
    """A step over buffers that are made once."""
    rate = 1.0
    if rule.name == "sgd":  # where the gradient begins, its learning rate costs nothing
        rate, rule = rule.learning_rate, replace(rule, learning_rate=1.0)
    flat = parameters_of(network)
    gradient = np.empty_like(flat)
    hidden, logits = outputs_of(network)
    layers = layers_of(flat, network.sizes)
    forward = forward_pass(layers, hidden, logits)
    cross_entropy = loss_of(logits, rate)
    backward = backward_pass(layers[2], layers_of(gradient, network.sizes), hidden, logits)
    update, gradients = learner(strips_of(flat), rule).update, strips_of(gradient)

    def step(x: Array, labels: Array) -> float:
        forward(x)
        loss = cross_entropy(labels)
        backward(x)
        update(gradients)
        return loss

    return step


def outputs_of(network: Network) -> tuple[list[Array], Array]:
    """Where the activations of each hidden layer go, above a row of ones; and the logits."""
    *hidden, last = network.sizes[1:]
    ones = [np.ones((size + 1, network.batch), np.float32) for size in hidden]
    return ones, np.empty((last, network.batch), np.float32)


def parameters_of(network: Network) -> Array:
    """The first weights in one vector."""
    flat = np.empty(sum((n + 1) * m for n, m in pairwise(network.sizes)), np.float32)
    weights, biases, later = layers_of(flat, network.sizes)
    (w, b), *others = network.weights()
    weights[...], biases[:, 0] = w.T, b
    for layer, (w, b) in zip(later, others, strict=True):
        layer[:, :-1], layer[:, -1] = w.T, b
    return flat


def layers_of(flat: Array, sizes: tuple[int, ...]) -> Layers:
    """The layers as views of one vector."""
    n, m, *others = sizes
    blocks = [n * m, m, *((inputs + 1) * outputs for inputs, outputs in pairwise(sizes[1:]))]
    weights, biases, *later = np.split(flat, list(accumulate(blocks))[:-1])
    later = [block.reshape(size, -1) for block, size in zip(later, others, strict=True)]
    return weights.reshape(m, n), biases.reshape(m, 1), later


def strips_of(flat: Array) -> list[Array]:
    """The vector in parts of about equal size."""
    return np.array_split(flat, max(1, flat.size // STRIP))


def forward_pass(layers: Layers, hidden: list[Array], logits: Array) -> Callable[[Array], None]:
    """A function of the samples that fills the activations and the logits."""
    weights, biases, later = layers
    activations = [h[:-1] for h in hidden]
    first, *outputs = [*activations, logits]
    steps = list(zip(activations, hidden, later, outputs, strict=True))

    def forward(x: Array) -> None:
        np.dot(weights, x.T, first)
        np.add(first, biases, first)
        for activation, h, layer, output in steps:
            np.maximum(activation, 0, out=activation)
            np.dot(layer, h, output)

    return forward


def loss_of(logits: Array, rate: float) -> Callable[[Array], float]:
    """A function of the labels: the mean loss. The logits become its gradient, times `rate`."""
    classes, batch = logits.shape
    columns = np.eye(classes, dtype=np.float32) * np.float32(rate / batch)
    targets = np.empty_like(logits)
    top, total, logarithm = (np.empty(batch, np.float32) for _ in range(3))
    ones, weights = np.ones(classes, np.float32), np.full(batch, 1 / batch, np.float32)

    def cross_entropy(labels: Array) -> float:
        np.maximum.reduce(logits, 0, None, top)
        np.subtract(logits, top, logits)
        columns.take(labels, 1, targets, "clip")
        target = np.vdot(targets, logits) / rate
        np.exp(logits, logits)
        np.dot(ones, logits, total)
        np.log(total, logarithm)
        np.multiply(total, batch / rate, total)
        np.divide(logits, total, logits)
        np.subtract(logits, targets, logits)
        return np.vdot(weights, logarithm) - target

    return cross_entropy


def backward_pass(
    later: list[Array], gradients: Layers, hidden: list[Array], logits: Array
) -> Callable[[Array], None]:
    """A function of the samples that fills the gradients, from that of the logits on down."""
    batch = logits.shape[1]
    ones = np.ones((batch, 1), np.float32)
    outer = np.multiply if batch == 1 else np.dot  # BLAS is slow where the inner size is 1
    weights_gradient, biases_gradient, later_gradients = gradients
    steps = [
        (h.T, gradient, layer[:, :-1].T, h[:-1], np.empty_like(h[:-1]), np.empty_like(h[:-1]))
        for h, gradient, layer in zip(hidden, later_gradients, later, strict=True)
    ][::-1]

    def backward(x: Array) -> None:
        delta = logits
        for h_transposed, gradient, weights_transposed, activation, below, slope in steps:
            outer(delta, h_transposed, gradient)
            np.dot(weights_transposed, delta, below)
            np.sign(activation, slope)
            np.multiply(below, slope, below)
            delta = below
        outer(delta, x, weights_gradient)
        np.dot(delta, ones, biases_gradient)

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
