"""tinygrad on the CPU (it needs clang), the whole step under its TinyJit."""

from __future__ import annotations

from tinygrad import Context, Tensor, TinyJit
from tinygrad.nn.optim import SGD, Adam

from benchmarks.contenders import Step
from benchmarks.network import Array, Network, Rule

TITLE = "tinygrad"
PACKAGES = ("tinygrad",)


def training(network: Network, rule: Rule) -> Step:
    """The step is traced at its second call and replayed from its third."""
    layers = [(Tensor(w), Tensor(b)) for w, b in network.weights()]
    parameters = [tensor for layer in layers for tensor in layer]
    if rule.name == "sgd":
        optimizer = SGD(parameters, rule.learning_rate, rule.momentum)
    else:
        optimizer = Adam(parameters, rule.learning_rate, rule.beta1, rule.beta2, rule.epsilon)

    @TinyJit
    def advance(x: Tensor, labels: Tensor) -> Tensor:
        optimizer.zero_grad()
        for weights, biases in layers[:-1]:
            x = (x @ weights + biases).relu()
        weights, biases = layers[-1]
        loss = (x @ weights + biases).sparse_categorical_crossentropy(labels).backward()
        return loss.realize(*optimizer.schedule_step())

    def step(x: Array, labels: Array) -> float:
        with Context(TRAINING=1):
            return advance(Tensor(x).realize(), Tensor(labels).realize())

    return step
