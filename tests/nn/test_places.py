"""An error in a network tells the layer, by its path, in which it arose."""

from __future__ import annotations

import numpy as np
import pytest

from glasswork.errors import ShapeError
from glasswork.nn import Linear, Module, Parameter, ReLU, Sequential


class Net(Module):
    """Calls its layers, or their forward, and has a product of its own."""

    def __init__(self, called=True):
        self.hidden = [Linear(4, 4), Linear(5, 4)]
        self.own = Parameter(np.ones((9, 1)))
        self.called = called

    def forward(self, x):
        for layer in self.hidden:
            x = layer(x) if self.called else layer.forward(x)
        return x @ self.own


def message(model, *inputs):
    with pytest.raises(ShapeError) as caught:
        model(*inputs)
    return str(caught.value)


def test_a_misfit_names_the_path_the_shapes_and_the_fix():
    model = Sequential(Linear(8, 128), ReLU(), Linear(64, 10))
    assert message(model, np.ones((32, 8))) == (
        "model.2 Linear(64, 10): the input has 128 features in a row, not 64.\n"
        "  The input is (32, 128), the weights are (64, 10).\n"
        "  Build Linear(128, 10), or let the layer before have 64 output neurons."
    )


def test_a_single_layer_is_named_without_a_path():
    assert message(Linear(3, 2), np.ones((1, 2))).startswith("Linear(3, 2): the input has 2")


@pytest.mark.parametrize("called", [True, False])
def test_a_path_leads_through_nested_modules_called_either_way(called):
    found = message(Sequential(ReLU(), Net(called)), np.ones((2, 4)))
    assert found.startswith("model.1.hidden.1 Linear(5, 4): the input has 4 features")
    assert found.count("model.") == 1


def test_a_product_in_a_forward_of_ones_own_is_located_too():
    net = Net()
    net.hidden = []
    assert message(Sequential(net), np.ones((2, 4))).startswith(
        "model.0 Net(): matmul: the inner sizes differ."
    )


def test_a_module_that_is_not_on_the_tree_is_named_without_a_path():
    class Passing(Module):
        def forward(self, x):
            return Linear(7, 1)(x)

    assert message(Sequential(Passing()), np.ones((1, 2))).startswith("Linear(7, 1): the input")


def test_the_error_that_arrives_is_the_one_that_was_raised():
    original = ShapeError("too narrow.")

    class Failing(Module):
        def forward(self, x):
            raise original

    with pytest.raises(ShapeError) as caught:
        Sequential(Failing())(np.ones(1))
    assert caught.value is original
    assert str(original) == "model.0 Failing(): too narrow."


def test_other_errors_pass_as_they_are():
    class Failing(Module):
        def forward(self, x):
            raise KeyError("mine")

    with pytest.raises(KeyError) as caught:
        Sequential(Failing())(np.ones(1))
    assert caught.value.args == ("mine",)
