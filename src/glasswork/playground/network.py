"""The network of a state, what it makes small, and who moves it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import log
from typing import Any

import numpy as np

from ..nn import (
    MSE,
    BinaryCrossEntropy,
    CrossEntropy,
    Linear,
    Loss,
    Module,
    Sequential,
    initializers,
)
from ..optim import SGD, Adagrad, Adam, AdamW, Optimizer, RMSprop, schedules
from ..randomness import RandomSource, generator
from ..train.networks import build_network
from .material import Material
from .state import State

__all__ = ["linears_of", "loss_of", "network_of", "optimizer_of", "schedule_of"]


def _article(shape: tuple[int, ...], rng: RandomSource = None, dtype: Any = np.float32) -> Any:
    """W ~ N(0, 1/n²): what the article's `(2 / n)**1/2` comes to."""
    return (generator(rng).standard_normal(shape) / shape[0]).astype(dtype)


INITIALIZERS: dict[str, initializers.Initializer] = {
    "kaiming": initializers.kaiming_normal,
    "xavier": initializers.xavier_normal,
    "lecun": initializers.lecun_normal,
    "orthogonal": initializers.orthogonal,
    "article": _article,
    "zeros": initializers.zeros,
}
HALVED, OVER, WARM = 50, 200, 5  # epochs: a falling rate halves, a cosine ends, a warm-up takes


def network_of(state: State, material: Material) -> Sequential:
    """The network, with its first weights; the article draws the biases as well, from N(0, 1)."""
    rng = np.random.default_rng(state.seed)
    sizes = [len(material.inputs), *state.layers, material.outputs]
    initializer = INITIALIZERS[state.initialization]
    model = build_network(sizes, state.activation, state.dropout, rng, initializer)
    if state.initialization == "article":
        for linear in linears_of(model):
            linear.biases.els = rng.standard_normal(linear.output_neurons, np.float32)
    return model


def linears_of(model: Sequential) -> list[Linear]:
    """The layers that learn, in their order."""
    return [layer for layer in model if isinstance(layer, Linear)]


def loss_of(material: Material) -> Loss:
    """What is made small."""
    if material.is_regression:
        return MSE()
    return BinaryCrossEntropy() if material.is_binary else CrossEntropy()


def schedule_of(state: State, batches: int) -> schedules.LearningRate:
    """The learning rate as a function of the step, with so many steps in an epoch."""
    made: dict[str, Callable[[], schedules.LearningRate]] = {
        "constant": lambda: state.rate,
        "exponential": lambda: schedules.exponential_decay(state.rate, log(2) / HALVED / batches),
        "cosine": lambda: schedules.cosine(state.rate, OVER * batches),
        "step": lambda: schedules.step_decay(state.rate, HALVED * batches, factor=0.5),
        "warmup": lambda: schedules.warm_up(WARM * batches, then=state.rate),
    }
    return made[state.schedule]()


def optimizer_of(state: State, model: Module, batches: int) -> Optimizer:
    """Who moves the parameters; momentum is β₁ of Adam, and nothing to RMSprop and Adagrad."""
    penalties: dict[str, Any] = {"l1": state.l1, "l2": state.l2}
    made: dict[str, Callable[..., Optimizer]] = {
        "sgd": partial(SGD, momentum=state.momentum, **penalties),
        "adam": partial(Adam, beta1=state.momentum, **penalties),
        "adamw": partial(AdamW, beta1=state.momentum, weight_decay=state.l2),
        "rmsprop": partial(RMSprop, **penalties),
        "adagrad": partial(Adagrad, **penalties),
    }
    return made[state.optimizer](model.parameters(), schedule_of(state, batches))
