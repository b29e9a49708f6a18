"""Glasswork as its README writes it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

import glasswork as gw
from benchmarks.contenders import Chain, Step
from benchmarks.network import Array, Network, Rule

TITLE = "Glasswork eager"
PACKAGES = ("glasswork",)


def build(network: Network, rule: Rule) -> tuple[gw.Module, gw.Optimizer]:
    """The network with its first weights, and its optimizer."""
    layers = []
    for (n, m), (weights, biases) in zip(pairwise(network.sizes), network.weights(), strict=True):
        linear = gw.Linear(n, m)
        linear.weights.els, linear.biases.els = weights, biases
        layers += [linear, gw.ReLU()]
    model = gw.Sequential(*layers[:-1])
    if rule.name == "sgd":
        return model, gw.SGD(model.parameters(), rule.learning_rate, momentum=rule.momentum)
    return model, gw.Adam(model.parameters(), rule.learning_rate)


def training(network: Network, rule: Rule) -> Step:
    """The usual five lines."""
    model, optimizer = build(network, rule)
    criterion = gw.CrossEntropy()

    def step(x: Array, labels: Array) -> gw.Tensor:
        optimizer.zero_grad()
        loss = criterion(model(x), labels)
        loss.backward()
        optimizer.step()
        return loss

    return step


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
