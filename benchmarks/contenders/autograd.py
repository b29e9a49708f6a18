"""HIPS autograd, its learning rule in plain NumPy."""

from __future__ import annotations

import autograd.numpy as anp
import numpy as np
from autograd import make_vjp, value_and_grad

from benchmarks.contenders import Chain, Step
from benchmarks.network import Array, Network, Rule
from benchmarks.rules import learner

TITLE = "autograd"
PACKAGES = ("autograd",)


def loss_of(parameters: list[Array], x: Array, labels: Array) -> Array:
    """Mean softmax cross-entropy; weights and biases alternate."""
    for weights, biases in zip(parameters[:-2:2], parameters[1:-2:2], strict=True):
        x = anp.maximum(x @ weights + biases, 0)
    logits = x @ parameters[-2] + parameters[-1]
    logits = logits - anp.max(logits, axis=1, keepdims=True)
    log_p = logits - anp.log(anp.sum(anp.exp(logits), axis=1, keepdims=True))
    return -anp.mean(log_p[np.arange(len(labels)), labels])


def training(network: Network, rule: Rule) -> Step:
    """Value and gradients of the loss, then the rule."""
    parameters = [part for layer in network.weights() for part in layer]
    update = learner(parameters, rule).update
    loss_and_gradients = value_and_grad(loss_of)

    def step(x: Array, labels: Array) -> float:
        loss, gradients = loss_and_gradients(parameters, x, labels)
        update(gradients)
        return loss

    return step


def chain(x: Array, factor: Array, length: int) -> Chain:
    """Multiplications of boxed arrays."""
    ones = np.ones_like(x)

    def power(value: Array) -> Array:
        for _ in range(length):
            value = value * factor
        return value

    recording = make_vjp(power)
    return Chain(lambda: recording(x)[1], lambda: recording(x)[0](ones))
