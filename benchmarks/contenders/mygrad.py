"""MyGrad, its memory guard off as its manual advises for speed, its learning rule in NumPy."""

from __future__ import annotations

import mygrad
import numpy as np
from mygrad.nnet.activations import relu
from mygrad.nnet.losses import softmax_crossentropy

from benchmarks.contenders import Chain, Step
from benchmarks.network import Array, Network, Rule
from benchmarks.rules import learner

TITLE = "MyGrad"
PACKAGES = ("mygrad",)

mygrad.turn_memory_guarding_off()


def training(network: Network, rule: Rule) -> Step:
    """Tensors over the arrays that the rule changes in place."""
    layers = [(mygrad.tensor(w), mygrad.tensor(b)) for w, b in network.weights()]
    tensors = [tensor for layer in layers for tensor in layer]
    update = learner([tensor.data for tensor in tensors], rule).update

    def step(x: Array, labels: Array) -> mygrad.Tensor:
        h = x
        for weights, biases in layers[:-1]:
            h = relu(h @ weights + biases)
        weights, biases = layers[-1]
        loss = softmax_crossentropy(h @ weights + biases, labels)
        loss.backward()
        update([tensor.grad for tensor in tensors])
        return loss

    return step


def chain(x: Array, factor: Array, length: int) -> Chain:
    """Multiplications of tensors."""
    leaf, constant, ones = mygrad.tensor(x), mygrad.tensor(factor, constant=True), np.ones_like(x)

    def record() -> mygrad.Tensor:
        value = leaf
        for _ in range(length):
            value = value * constant
        return value

    def differentiate() -> Array:
        record().backward(ones)
        return leaf.grad

    return Chain(record, differentiate)
