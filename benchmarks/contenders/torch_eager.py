"""PyTorch as its tutorials write it, with what its optimizers do by default."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import torch
from torch import nn

from benchmarks.contenders import Chain, Classifier, Step
from benchmarks.network import Array, Network, Rule, shuffled

TITLE = "torch eager"
PACKAGES = ("torch",)


def network_of(network: Network) -> nn.Module:
    """The network with its first weights."""
    layers = []
    for (n, m), (weights, biases) in zip(pairwise(network.sizes), network.weights(), strict=True):
        linear = nn.Linear(n, m)
        linear.weight.data = torch.from_numpy(weights.T.copy())
        linear.bias.data = torch.from_numpy(biases)
        layers += [linear, nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def build(network: Network, rule: Rule, **options: Any) -> tuple[nn.Module, torch.optim.Optimizer]:
    """The network, and its optimizer with these options."""
    model = network_of(network)
    if rule.name == "sgd":
        constants = {"momentum": rule.momentum}
        optimizer = torch.optim.SGD
    else:
        constants = {"betas": (rule.beta1, rule.beta2), "eps": rule.epsilon}
        optimizer = torch.optim.Adam
    return model, optimizer(model.parameters(), rule.learning_rate, **constants, **options)


def five_lines(model: nn.Module, optimizer: torch.optim.Optimizer) -> Step:
    """The usual training step."""
    criterion = nn.CrossEntropyLoss()

    def step(x: Array, labels: Array) -> torch.Tensor:
        optimizer.zero_grad()
        loss = criterion(model(torch.from_numpy(x)), torch.from_numpy(labels))
        loss.backward()
        optimizer.step()
        return loss.detach()

    return step


def training(network: Network, rule: Rule) -> Step:
    """The usual training step from the first weights on."""
    return five_lines(*build(network, rule))


def predicting(network: Network) -> Classifier:
    """Inference mode."""
    model = network_of(network)

    @torch.inference_mode()
    def classify(x: Array) -> Array:
        return model(torch.from_numpy(x)).argmax(dim=1).numpy()

    return classify


def learn(network: Network, rule: Rule, epochs: int, x: Array, labels: Array) -> Classifier:
    """The usual loop, without the cost of a DataLoader."""
    model, optimizer = build(network, rule)
    step = five_lines(model, optimizer)
    rng = np.random.default_rng(network.seed)
    for _ in range(epochs):
        for batch in shuffled(x, labels, network.batch, rng):
            step(*batch)
    return lambda samples: model(torch.from_numpy(samples)).argmax(dim=1).numpy()


def chain(x: Array, factor: Array, length: int) -> Chain:
    """Multiplications of tensors."""
    leaf = torch.tensor(x, requires_grad=True)
    constant = torch.from_numpy(factor)
    ones = torch.ones_like(constant)

    def record() -> torch.Tensor:
        value = leaf
        for _ in range(length):
            value = value * constant
        return value

    def differentiate() -> Array:
        leaf.grad = None
        record().backward(ones)
        return leaf.grad.numpy()

    return Chain(record, differentiate)
