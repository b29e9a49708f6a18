"""tinygrad on the CPU (it needs clang), the whole step under its TinyJit."""

from __future__ import annotations

from functools import cache

import numpy as np
from tinygrad import Context, Tensor, TinyJit
from tinygrad.nn.optim import SGD, Adam, Optimizer

from benchmarks.contenders import Classifier, Step
from benchmarks.network import Array, Network, Rule, shuffled

TITLE = "tinygrad"
PACKAGES = ("tinygrad",)

Layers = list[tuple[Tensor, Tensor]]


def build(network: Network, rule: Rule) -> tuple[Layers, Optimizer]:
    """The network with its first weights, and its optimizer."""
    layers = [(Tensor(weights), Tensor(biases)) for weights, biases in network.weights()]
    parameters = [tensor for layer in layers for tensor in layer]
    if rule.name == "sgd":
        return layers, SGD(parameters, rule.learning_rate, rule.momentum)
    return layers, Adam(parameters, rule.learning_rate, rule.beta1, rule.beta2, rule.epsilon)


def logits_of(layers: Layers, x: Tensor) -> Tensor:
    """The forward pass."""
    for weights, biases in layers[:-1]:
        x = (x @ weights + biases).relu()
    weights, biases = layers[-1]
    return x @ weights + biases


def compiled(layers: Layers, optimizer: Optimizer) -> Step:
    """A step for one batch size: traced at its second call, replayed from its third."""

    @TinyJit
    def advance(x: Tensor, labels: Tensor) -> Tensor:
        optimizer.zero_grad()
        loss = logits_of(layers, x).sparse_categorical_crossentropy(labels).backward()
        return loss.realize(*optimizer.schedule_step())

    def step(x: Array, labels: Array) -> Tensor:
        with Context(TRAINING=1):
            return advance(Tensor(x).realize(), Tensor(labels).realize())

    return step


def training(network: Network, rule: Rule) -> Step:
    """The step from the first weights on."""
    return compiled(*build(network, rule))


def learn(network: Network, rule: Rule, epochs: int, x: Array, labels: Array) -> Classifier:
    """The usual loop; the odd batch at the end gets a program of its own."""
    layers, optimizer = build(network, rule)
    step_of = cache(lambda size: compiled(layers, optimizer))
    rng = np.random.default_rng(network.seed)
    for _ in range(epochs):
        for batch, targets in shuffled(x, labels, network.batch, rng):
            step_of(len(batch))(batch, targets)
    return lambda samples: logits_of(layers, Tensor(samples)).argmax(axis=1).numpy()
