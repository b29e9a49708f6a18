"""The network of a state, and who moves it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import pairwise
from math import log
from typing import Any

import numpy as np

from ..nn import (
    ELU,
    GELU,
    MSE,
    BinaryCrossEntropy,
    CrossEntropy,
    Dropout,
    Identity,
    LeakyReLU,
    Linear,
    Loss,
    Module,
    ReLU,
    Sequential,
    Sigmoid,
    SiLU,
    Softplus,
    Tanh,
    initializers,
)
from ..optim import SGD, Adagrad, Adam, AdamW, Optimizer, RMSprop, schedules
from ..randomness import RandomSource, generator
from .material import Material
from .state import State

__all__ = ["ACTIVATIONS", "build", "loss_of", "optimizer_of", "schedule_of"]

ACTIVATIONS: dict[str, type[Module]] = {
    "relu": ReLU,
    "tanh": Tanh,
    "sigmoid": Sigmoid,
    "leaky-relu": LeakyReLU,
    "elu": ELU,
    "gelu": GELU,
    "silu": SiLU,
    "softplus": Softplus,
    "identity": Identity,
}


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


def build(state: State, inputs: int, outputs: int) -> Sequential:
    """Linear layers with an activation, and dropout if wanted, after all but the last.

    The article's initialization draws the biases as well, from N(0, 1).
    """
    rng = np.random.default_rng(state.seed)
    layers: list[Module] = []
    for before, after in pairwise([inputs, *state.layers, outputs]):
        linear = Linear(before, after, initializer=INITIALIZERS[state.initialization], rng=rng)
        if state.initialization == "article":
            linear.biases.els = rng.standard_normal(after, np.float32)
        layers += [linear, ACTIVATIONS[state.activation]()]
        layers += [Dropout(state.dropout, rng=rng)] if state.dropout else []
    return Sequential(*layers[: -2 if state.dropout else -1])


def loss_of(material: Material) -> Loss:
    """What is made small."""
    if material.dataset.task == "regression":
        return MSE()
    return BinaryCrossEntropy() if material.is_binary else CrossEntropy()


def schedule_of(state: State, batches: int) -> schedules.LearningRate:
    """The learning rate as a function of the step.

    Parameters
    ----------
    batches : int
        How many there are in an epoch. Falling rates halve in 50 epochs, or fall to 0 in 200; a
        warm-up takes five.
    """
    made: dict[str, Callable[[], schedules.LearningRate]] = {
        "constant": lambda: state.rate,
        "exponential": lambda: schedules.exponential_decay(state.rate, log(2) / (50 * batches)),
        "cosine": lambda: schedules.cosine(state.rate, 200 * batches),
        "step": lambda: schedules.step_decay(state.rate, 50 * batches, factor=0.5),
        "warmup": lambda: schedules.warm_up(5 * batches, then=state.rate),
    }
    return made[state.schedule]()


def optimizer_of(state: State, model: Module, batches: int) -> Optimizer:
    """Who moves the parameters; momentum is β₁ of Adam, and nothing to RMSprop and Adagrad."""
    rate, penalties = schedule_of(state, batches), {"l1": state.l1, "l2": state.l2}
    parameters = model.parameters()
    made: dict[str, Callable[..., Optimizer]] = {
        "sgd": partial(SGD, momentum=state.momentum, **penalties),
        "adam": partial(Adam, beta1=state.momentum, **penalties),
        "adamw": partial(AdamW, beta1=state.momentum, weight_decay=state.l2),
        "rmsprop": partial(RMSprop, **penalties),
        "adagrad": partial(Adagrad, **penalties),
    }
    return made[state.optimizer](parameters, rate)
