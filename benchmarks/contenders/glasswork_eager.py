"""Glasswork as its README writes it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

import glasswork as gw
from benchmarks.contenders import Chain, Classifier, Step
from benchmarks.network import Array, Network, Rule

TITLE = "Glasswork eager"
PACKAGES = ("glasswork",)


def network_of(network: Network) -> gw.Module:
    """The network with its first weights."""
    layers = []
    for (n, m), (weights, biases) in zip(pairwise(network.sizes), network.weights(), strict=True):
        linear = gw.Linear(n, m)
        linear.weights.els, linear.biases.els = weights, biases
        layers += [linear, gw.ReLU()]
    return gw.Sequential(*layers[:-1])


def build(network: Network, rule: Rule) -> tuple[gw.Module, gw.Optimizer]:
    """The network, and its optimizer."""
    model = network_of(network)
    parameters, rate = model.parameters(), rule.learning_rate
    if rule.name == "sgd":
        return model, gw.SGD(parameters, rate, momentum=rule.momentum)
    constants = {"beta1": rule.beta1, "beta2": rule.beta2, "epsilon": rule.epsilon}
    return model, gw.Adam(parameters, rate, **constants)


def five_lines(model: gw.Module, optimizer: gw.Optimizer) -> Step:
    """The usual training step."""
    criterion = gw.CrossEntropy()

    def step(x: Array, labels: Array) -> gw.Tensor:
        optimizer.zero_grad()
        loss = criterion(model(x), labels)
        loss.backward()
        optimizer.step()
        return loss

    return step


def training(network: Network, rule: Rule) -> Step:
    """The usual training step from the first weights on."""
    return five_lines(*build(network, rule))


def predicting(network: Network) -> Classifier:
    """Without recording."""
    model = network_of(network)

    @gw.no_grad()
    def classify(x: Array) -> Array:
        return model(x).els.argmax(axis=1)

    return classify


def learn(network: Network, rule: Rule, epochs: int, x: Array, labels: Array) -> Classifier:
    """The usual loop."""
    model, optimizer = build(network, rule)
    step = five_lines(model, optimizer)
    batches = gw.Batches(x, labels, batch_size=network.batch, rng=network.seed)
    for _ in range(epochs):
        for batch in batches:
            step(*batch)
    return lambda samples: model(samples).els.argmax(axis=1)


def chain(x: Array, factor: Array, length: int) -> Chain:
    """Multiplications of tensors."""
    leaf, constant, ones = gw.Tensor(x, requires_grad=True), gw.Tensor(factor), np.ones_like(x)

    def record() -> gw.Tensor:
        value = leaf
        for _ in range(length):
            value = value * constant
        return value

    def differentiate() -> Array:
        leaf.zero_grad()
        record().backward(ones)
        return leaf.grad

    return Chain(record, differentiate)
