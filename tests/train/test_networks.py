from __future__ import annotations

import numpy as np
import pytest

from glasswork.data import Scaling
from glasswork.errors import OptionError
from glasswork.nn import Dropout, Linear, ReLU, Sigmoid
from glasswork.train import predict
from glasswork.train.networks import ACTIVATIONS, absorb_scaling, build_network


def kinds(network) -> list[type]:
    return [type(layer) for layer in network]


def test_an_activation_stands_between_the_layers_and_not_behind_the_last():
    assert kinds(build_network([4, 3, 2], "relu", 0.0, 0)) == [Linear, ReLU, Linear]
    assert kinds(build_network([4, 2], "relu", 0.0, 0)) == [Linear]


def test_dropout_stands_behind_each_activation():
    network = build_network([4, 3, 2], "sigmoid", 0.5, 0)
    assert kinds(network) == [Linear, Sigmoid, Dropout, Linear]
    assert network[2].probability == 0.5


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_each_activation_makes_a_network_of_the_right_sizes(activation):
    assert predict(build_network([4, 3, 2], activation, 0.0, 0), np.ones((5, 4))).shape == (5, 2)


@pytest.mark.parametrize("neurons", [10**12, 10**19])
def test_a_network_that_no_memory_holds_is_refused_with_its_size(neurons):
    size = rf"layers: {neurons:,} times {neurons:,} weights do not fit into the memory\."
    with pytest.raises(OptionError, match=size):
        build_network([neurons, neurons], "relu", 0.0, 0)


def test_weights_are_drawn_for_the_activation():
    deviation = {
        name: build_network([400, 100, 1], name, 0.0, 0)[0].weights.els.std()
        for name in ("relu", "tanh", "sigmoid")
    }
    assert deviation["relu"] == pytest.approx((2 / 400) ** 0.5, rel=0.02)
    assert deviation["tanh"] == deviation["sigmoid"] == pytest.approx((2 / 500) ** 0.5, rel=0.02)


def test_the_same_seed_gives_the_same_weights():
    first, second = (build_network([4, 3, 2], "relu", 0.0, 7) for _ in range(2))
    assert (first[0].weights.els == second[0].weights.els).all()


@pytest.mark.parametrize("sizes", [[3, 2], [3, 8, 2], [3, 8, 8, 2]])
def test_a_network_that_absorbed_its_scaling_gives_what_is_not_scaled(sizes, rng):
    x = rng.normal(size=(20, 3))
    outputs = Scaling.of(rng.normal([5, -300], [0.1, 70], (20, 2)))
    network = build_network(sizes, "tanh", 0.0, 0)
    expected = outputs.inverse(predict(network, x))
    absorb_scaling(network, outputs)
    np.testing.assert_allclose(predict(network, x), expected, rtol=1e-4, atol=1e-4)
    assert {p.dtype for p in network.parameters()} == {np.dtype(np.float32)}


def test_without_scaling_nothing_changes():
    network = build_network([3, 2], "relu", 0.0, 0)
    before = network.state_dict()
    absorb_scaling(network, None)
    assert all((before[path] == value).all() for path, value in network.state_dict().items())
