"""Deviations and bounds are those of PyTorch's formulas."""

from __future__ import annotations

import math

import numpy as np
import pytest

from glasswork.nn import initializers

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.peers

ACTIVATIONS = ["linear", "sigmoid", "tanh", "relu", "leaky_relu", "selu"]
SHAPE = (30, 50)


class Constant:
    """Instead of random numbers, one number: the scale of a draw shows."""

    def __init__(self, value):
        self.value = value

    def standard_normal(self, shape, dtype):
        return np.full(shape, self.value, dtype)

    random = standard_normal


@pytest.fixture
def scale(monkeypatch):
    """The deviation or bound that one of our initializers draws with."""

    def of(initializer, one, **options):
        monkeypatch.setattr(initializers, "generator", lambda rng: Constant(one))
        return initializer(SHAPE, None, np.float64, **options)[0, 0]

    return of


@pytest.fixture
def peer_scale(monkeypatch):
    """The deviation or bound that one of PyTorch's draws with."""

    def of(initializer, **options):
        seen = {}
        monkeypatch.setattr(
            torch.Tensor, "normal_", lambda t, mean, std, generator=None: seen.update(s=std)
        )
        monkeypatch.setattr(
            torch.Tensor, "uniform_", lambda t, low, high, generator=None: seen.update(s=high)
        )
        initializer(torch.empty(SHAPE[::-1], dtype=torch.float64), **options)
        return seen["s"]

    return of


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_gains(activation):
    assert initializers.gain(activation) == torch.nn.init.calculate_gain(activation)
    assert initializers.gain(activation, 0.3) == torch.nn.init.calculate_gain(
        activation, 0.3 if activation == "leaky_relu" else None
    )


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("mode", ["fan_in", "fan_out"])
@pytest.mark.parametrize("kind", ["normal", "uniform"])
def test_kaiming(kind, mode, activation, scale, peer_scale):
    ours = getattr(initializers, f"kaiming_{kind}")
    theirs = getattr(torch.nn.init, f"kaiming_{kind}_")
    expected = peer_scale(theirs, a=0.01, mode=mode, nonlinearity=activation)
    assert scale(ours, 1, mode=mode, activation=activation) == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("kind", ["normal", "uniform"])
def test_xavier(kind, activation, scale, peer_scale):
    ours = getattr(initializers, f"xavier_{kind}")
    theirs = getattr(torch.nn.init, f"xavier_{kind}_")
    expected = peer_scale(theirs, gain=torch.nn.init.calculate_gain(activation))
    assert scale(ours, 1, activation=activation) == pytest.approx(expected, rel=1e-14)


def test_lecun_is_kaiming_without_gain(scale, peer_scale):
    expected = peer_scale(torch.nn.init.kaiming_normal_, nonlinearity="linear")
    assert scale(initializers.lecun_normal, 1) == pytest.approx(expected, rel=1e-14)
    expected = peer_scale(torch.nn.init.kaiming_uniform_, nonlinearity="linear")
    assert scale(initializers.lecun_uniform, 1) == pytest.approx(expected, rel=1e-14)


def test_fans_of_more_than_two_axes(scale):
    weights = torch.empty(10, 20, 5, 3)  # PyTorch's order: outputs, inputs, height, width
    fans = torch.nn.init._calculate_fan_in_and_fan_out(weights)
    drawn = [
        initializers.kaiming_uniform((5, 3, 20, 10), 0, np.float64, mode=mode)
        for mode in ("fan_in", "fan_out")
    ]
    for weights, fan in zip(drawn, fans, strict=True):
        bound = math.sqrt(6 / fan)
        assert 0.99 * bound < abs(weights).max() <= bound


@pytest.mark.parametrize("shape", [(6, 4), (4, 6)])
def test_orthogonal_draws_like_pytorch(shape):
    drawn = torch.nn.init.orthogonal_(torch.empty(shape, dtype=torch.float64)).numpy()
    ours = initializers.orthogonal(shape, 0, np.float64)
    for q in (drawn, ours):
        product = q.T @ q if shape[0] > shape[1] else q @ q.T
        np.testing.assert_allclose(product, np.eye(4), atol=1e-14)
