"""An error in a network tells the layer, by its path, in which it arose."""

from __future__ import annotations

import numpy as np
import pytest

from glasswork.errors import ShapeError
from glasswork.nn import MSE, Linear, Module, Parameter, ReLU, Sequential


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


def notes(error):
    return [line for note in getattr(error, "__notes__", ()) for line in note.splitlines()]


def raised(call, *inputs, kind=Exception):
    with pytest.raises(kind) as caught:
        call(*inputs)
    return caught.value


def test_the_line_that_made_the_input_is_told():
    class Encoder(Module):
        def __init__(self):
            self.first, self.second = Linear(4, 3), Linear(5, 2)

        def forward(self, x):
            hidden = self.first(x).relu()
            return self.second(hidden)

    (line,) = notes(raised(Encoder(), np.ones((7, 4))))
    assert line.startswith("  x is (7, 3) float32, made in test_places.py:")
    assert line.endswith(": hidden = self.first(x).relu()")


def test_the_line_that_made_an_array_is_told_too():
    images = np.ones((7, 3))
    (line,) = notes(raised(Linear(4, 2), images))
    assert line.endswith(": images = np.ones((7, 3))")


def test_of_several_lines_the_last_one_that_was_reached_is_told():
    y = np.zeros((5, 1))
    yhat = Linear(3, 1)(np.ones((5, 3)))
    y = y[:, 0]
    first, second = notes(raised(MSE(), yhat, y))
    assert "yhat is (5, 1) float32" in first and first.endswith(
        "yhat = Linear(3, 1)(np.ones((5, 3)))"
    )
    assert "y is (5,) float64" in second and second.endswith("y = y[:, 0]")
    y = np.zeros((5, 1))


def test_in_a_loop_the_line_is_one_of_the_loop():
    def through(layers, x):
        for layer in layers:
            x = layer(x)
        return x

    (line,) = notes(raised(through, [Linear(2, 3), Linear(4, 1)], np.ones((1, 2))))
    assert line.endswith(": x = layer(x)")


def test_between_children_the_one_that_gave_the_input_is_told():
    model = Sequential(Linear(8, 128), ReLU(), Linear(64, 10))
    (line,) = notes(raised(model, np.ones((32, 8))))
    assert line.startswith("  x is (32, 128) float32, given by model.1 ReLU(), in test_places.py:")
    assert line.endswith("call(*inputs)")


def test_an_input_without_a_name_has_the_line_that_passed_it():
    (line,) = notes(raised(lambda: Linear(4, 2)(np.ones((7, 3)) + 1)))
    assert "passed in test_places.py" in line


def test_another_error_keeps_its_words_and_has_the_module_in_a_note():
    class Failing(Module):
        def forward(self, x):
            return x.nothing

    error = raised(Sequential(ReLU(), Failing()), np.ones((2, 3)), kind=AttributeError)
    assert str(error) == "'Tensor' object has no attribute 'nothing'"
    assert notes(error)[0] == "In model.1 Failing()."
    assert notes(error)[1].startswith("  x is (2, 3) float64, given by model.0 ReLU()")


def test_notes_of_others_stay_and_ours_is_there_once():
    class Failing(Module):
        def forward(self, x):
            error = KeyError("mine")
            error.add_note("of mine")
            raise error

    class Outer(Module):
        def __init__(self):
            self.inner = Sequential(Failing())

        def forward(self, x):
            return self.inner(x)

    found = notes(raised(Outer(), np.ones(1)))
    assert found[:2] == ["of mine", "In model.inner.0 Failing()."]
    assert len(found) == 3
