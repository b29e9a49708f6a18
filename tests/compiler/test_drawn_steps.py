"""Drawn trainings: layers, losses, optimizers, options, batch sizes and dtypes in combination."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import glasswork as gw
from glasswork import nn, optim

from .side_by_side import STEPS, Training, check, of_batches, run
from .test_losses import OF_LOGARITHMS

COUNT = 200


class Drawn:
    """One combination, the same for the same number."""

    def __init__(self, number: int) -> None:
        rng = np.random.default_rng(number)
        self.dtype = [np.float32, np.float64][int(rng.integers(2))]
        self.features, self.outputs = int(rng.integers(1, 7)), int(rng.integers(2, 6))
        self.depth = int(rng.integers(1, 4))
        self.widths = [int(w) for w in rng.integers(1, 9, self.depth)]
        self.layers = [str(rng.choice(LAYERS)) for _ in self.widths]
        self.loss = str(rng.choice([*LOSSES]))
        self.reduction = str(rng.choice(["mean", "mean", "sum"]))
        self.weighted = bool(rng.random() < 0.3)
        self.optimizer = str(rng.choice([*OPTIMIZERS]))
        self.schedule = str(rng.choice([*SCHEDULES]))
        self.clip = str(rng.choice(["", "", "norm", "values"]))
        self.penalty = bool(rng.random() < 0.2)
        self.frozen = bool(rng.random() < 0.2)
        self.forget = str(rng.choice(["before", "after", "never"], p=[0.6, 0.3, 0.1]))
        self.sizes = [int(n) for n in rng.choice([2, 3, 8, 17, 32], 2)]
        if rng.random() < 0.7:  # one size, for which one page is written
            self.sizes[1] = self.sizes[0]
        self.seed = number

    def __str__(self) -> str:
        return " ".join(f"{name}={value}" for name, value in vars(self).items())

    def calls(self) -> list[tuple[Any, ...]]:
        """Batches of two sizes in turn."""
        both = [
            of_batches((n, self.features), self._target(n), *self._weights(n), steps=STEPS, seed=n)
            for n in self.sizes
        ]
        return [both[i % 3 == 2][i] for i in range(STEPS)]

    def _target(self, n: int) -> Any:
        _, target = LOSSES[self.loss]
        return lambda rng: target(rng, n, self.outputs)

    def _weights(self, n: int) -> list[Any]:
        return [lambda rng: rng.uniform(0.5, 2, n)] if self.weighted else []

    def make(self) -> Training:
        model = nn.Sequential(*self._parts())
        loss = LOSSES[self.loss][0](self.reduction)
        rate = SCHEDULES[self.schedule](0.01)
        optimizer = OPTIMIZERS[self.optimizer](model.parameters(), rate)
        if self.frozen:
            model.parameters()[0].requires_grad = False

        def step(x, y, *weights):
            value = loss(model(x), y, *weights)
            if self.penalty:
                value = value + nn.penalty(model.parameters(), l1=0.01, l2=0.01)
            if self.forget == "before":
                optimizer.zero_grad()
            value.backward()
            if self.clip == "norm":
                optim.clip_gradient_norm(model.parameters(), 0.5)
            if self.clip == "values":
                optim.clip_gradient_values(model.parameters(), 0.1)
            optimizer.step(zero_grad=self.forget == "after")
            return value

        return Training(step, [model], [optimizer])

    def _parts(self):
        width = self.features
        for i, (after, layer) in enumerate(zip(self.widths, self.layers, strict=True)):
            bias = layer not in ("BatchNorm", "Softmax")  # which would not notice it
            yield nn.Linear(width, after, bias, rng=self.seed + i, dtype=self.dtype)
            yield BatchNorm(after, self.dtype) if layer == "BatchNorm" else layer_of(layer)
            width = after
        yield nn.Linear(width, self.outputs, rng=self.seed, dtype=self.dtype)
        if self.loss in OF_LOGARITHMS:
            yield nn.LogSoftmax()


def BatchNorm(features, dtype):  # noqa: N802
    return nn.BatchNorm(features, epsilon=0.1, dtype=dtype)


def layer_of(name):
    return nn.Dropout(0.2, rng=3) if name == "Dropout" else getattr(nn, name)()


LAYERS = [
    "Identity", "ReLU", "Sigmoid", "Tanh", "Softmax", "Softplus", "LeakyReLU", "ELU", "GELU",
    "SiLU", "Dropout", "BatchNorm",
]  # fmt: skip


def numbers(rng, n, k):
    return rng.standard_normal((n, k)).astype(np.float32)


def labels(rng, n, k):
    return rng.integers(0, k, n)


def shares(rng, n, k):
    return rng.dirichlet(np.ones(k), n)


def answers(rng, n, k):
    return rng.integers(0, 2, (n, k)).astype(np.float32)


def sides(rng, n, k):
    return 2 * answers(rng, n, k) - 1


LOSSES = {
    "MSE": (nn.MSE, numbers),
    "MAE": (nn.MAE, numbers),
    "Huber": (lambda r: nn.Huber(0.5, r), numbers),
    "NLL": (nn.NLL, labels),
    "CrossEntropy": (nn.CrossEntropy, labels),
    "CrossEntropy, smooth": (lambda r: nn.CrossEntropy(r, label_smoothing=0.1), labels),
    "CrossEntropy of shares": (nn.CrossEntropy, shares),
    "KLDivergence": (nn.KLDivergence, shares),
    "BinaryCrossEntropy": (lambda r: nn.BinaryCrossEntropy(r, 2), answers),
    "Hinge": (lambda r: nn.Hinge(1.0, r), sides),
}
# Where epsilon is small, a gradient that is nothing but rounding takes a whole step of Adam's.
OPTIMIZERS = {
    "SGD": gw.SGD,
    "momentum": lambda p, rate: gw.SGD(p, rate, momentum=0.9),
    "nesterov": lambda p, rate: gw.SGD(p, rate, momentum=0.5, nesterov=True, l2=0.01),
    "l1": lambda p, rate: gw.SGD(p, rate, l1=0.001),
    "Adam": lambda p, rate: gw.Adam(p, rate, epsilon=0.01),
    "Adam, l2": lambda p, rate: gw.Adam(p, rate, epsilon=0.01, l2=0.01),
    "AdamW": lambda p, rate: gw.AdamW(p, rate, epsilon=0.01, weight_decay=0.1),
    "RMSprop": lambda p, rate: gw.RMSprop(p, rate, epsilon=0.01),
    "Adagrad": lambda p, rate: gw.Adagrad(p, rate, epsilon=0.01),
    "groups": lambda p, rate: gw.Adam(
        [{"parameters": p[:1], "beta1": 0.5, "learning_rate": 0.02}, *p[1:]], rate, epsilon=0.01
    ),
}
SCHEDULES = {
    "constant": lambda rate: rate,
    "cosine": lambda rate: optim.cosine(rate, steps=STEPS),
    "warm up": lambda rate: optim.warm_up(3, then=rate),
    "decay": lambda rate: optim.exponential_decay(rate, 0.1),
}


@pytest.mark.parametrize("number", range(COUNT))
def test_a_drawn_training_compiled_is_the_training(number):
    drawn = Drawn(number)
    calls = drawn.calls()
    expected = run(drawn.make(), calls)
    for exact in (True, False):
        check(drawn.make, calls, exact, expected=expected)
