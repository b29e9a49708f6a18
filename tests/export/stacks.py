"""Networks drawn at random, of every kind of layer."""

from __future__ import annotations

import numpy as np

import glasswork as gw

ACTIVATIONS = [
    gw.ELU, gw.GELU, gw.Identity, gw.LeakyReLU, gw.LogSoftmax, gw.ReLU, gw.Sigmoid, gw.SiLU,
    gw.Softmax, gw.Softplus, gw.Tanh,
]  # fmt: skip


class Folded(gw.Module):
    """Rows as small matrices, mixed along both axes, and flat again."""

    def __init__(self, features: int) -> None:
        self.features = features
        self.mixing = gw.Parameter(np.linspace(-1, 1, 4, dtype=np.float32).reshape(2, 2))

    def forward(self, x):
        tiles = x.reshape(x.shape[0], 2, self.features // 2)
        tiles = (self.mixing @ tiles).swapaxes(1, 2)[:, ::-1]
        return tiles.reshape(x.shape[0], -1)


class Residual(gw.Module):
    """A block around which its input flows, with a gate that looks at signs."""

    def __init__(self, features: int, rng: np.random.Generator) -> None:
        self.inner = gw.Linear(features, features, rng=rng)
        self.scale = gw.Parameter(rng.normal(size=features).astype(np.float32))

    def forward(self, x):
        y = self.scale * self.inner(x).tanh()
        return x + np.where(y > 0, y, 0.5 * y) - x.mean(axis=-1, keepdims=True)


class Normed(gw.Module):
    """Each row with mean 0 and variance 1."""

    def forward(self, x):
        centered = x - x.mean(axis=1, keepdims=True)
        return centered / (x.var(axis=1, keepdims=True) + 1e-3).sqrt()


def settled(features: int, rng: np.random.Generator) -> gw.BatchNorm:
    """A BatchNorm that has seen data."""
    layer = gw.BatchNorm(features)
    layer.running_mean.els = rng.normal(size=features)
    layer.running_variance.els = rng.uniform(0.5, 2, features)
    layer.scale.els = rng.normal(size=features)
    layer.shift.els = rng.normal(size=features)
    return layer


def stack(seed: int) -> tuple[gw.Sequential, np.ndarray]:
    """A network of two to six parts, with an activation after each, and rows for it."""
    rng = np.random.default_rng(seed)
    features = first = int(rng.integers(1, 5)) * 2
    parts: list[gw.Module] = []
    for _ in range(rng.integers(2, 7)):
        kind = rng.integers(6)
        if kind == 0:
            parts.append(settled(features, rng))
        elif kind == 1:
            parts.append(Folded(features))
        elif kind == 2:
            parts.append(Residual(features, rng))
        elif kind == 3:
            parts += [gw.Dropout(0.5), Normed()]
        else:
            wide = int(rng.integers(1, 5)) * 2
            parts.append(gw.Linear(features, wide, bias=bool(rng.integers(2)), rng=rng))
            features = wide
        parts.append(ACTIVATIONS[rng.integers(len(ACTIVATIONS))]())
    x = rng.normal(size=(7, first)).astype(rng.choice([np.float32, np.float64]))
    return gw.Sequential(*parts), x


def table() -> tuple[gw.Sequential, np.ndarray]:
    """A network that takes raw rows: a number that may be missing, a code of a word, a number."""
    rng = np.random.default_rng(3)
    x = np.stack([rng.normal(5, 3, 9), rng.integers(-1, 3, 9), rng.normal(-2, 1, 9)], axis=1)
    x[::4, 0] = np.nan
    model = gw.Sequential(
        gw.nn.Missing.of(x, indicators=True),
        gw.nn.Categories(4, {1: ("red", "green", "blue")}),
        gw.nn.Standardize(6),
        gw.Linear(6, 2, rng=0),
    )
    model[2].mean.els, model[2].deviation.els = rng.normal(size=6), rng.uniform(1, 2, 6)
    return model.eval(), x
