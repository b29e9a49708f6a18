"""The state of a network goes out as copies, and comes in whole or not at all."""

from __future__ import annotations

import numpy as np
import pytest

from glasswork import Tensor
from glasswork.errors import StateError, TapeError
from glasswork.nn import BatchNorm, Linear, Module, Parameter, ReLU, Sequential


@pytest.fixture
def model() -> Sequential:
    return Sequential(Linear(3, 4, rng=0), BatchNorm(4), ReLU(), Linear(4, 2, rng=1))


def test_a_state_holds_parameters_and_buffers_by_path(model):
    assert {path: value.shape for path, value in model.state_dict().items()} == {
        "0.weights": (3, 4),
        "0.biases": (4,),
        "1.scale": (4,),
        "1.shift": (4,),
        "1.running_mean": (4,),
        "1.running_variance": (4,),
        "3.weights": (4, 2),
        "3.biases": (2,),
    }


def test_a_state_is_a_copy(model):
    state = model.state_dict()
    state["0.weights"][:] = 7
    assert not (model.children[0].weights.els == 7).any()


def test_tied_weights_are_in_a_state_once():
    layer = Linear(3, 3)
    assert list(Sequential(layer, layer).state_dict()) == ["0.weights", "0.biases"]


def test_a_loaded_state_makes_two_models_the_same(model, rng):
    other = Sequential(Linear(3, 4, rng=5), BatchNorm(4), ReLU(), Linear(4, 2, rng=6))
    x = rng.random((5, 3), np.float32)
    model(x)
    other.load_state_dict(model.state_dict())
    np.testing.assert_array_equal(other.eval()(x).els, model.eval()(x).els)


def test_loaded_values_are_copies_in_the_dtype_of_the_parameter():
    layer = Linear(1, 1, bias=False)
    value = np.array([[0.1]])
    layer.load_state_dict({"weights": value})
    value[:] = 5
    assert layer.weights.dtype == np.float32
    np.testing.assert_array_equal(layer.weights.els, np.float32([[0.1]]))


def test_tensors_and_lists_can_be_loaded():
    layer = Linear(1, 2)
    layer.load_state_dict({"weights": Parameter([[1.0, 2.0]]), "biases": [3, 4]})
    np.testing.assert_array_equal(layer(np.ones((1, 1))).els, [[4, 6]])


def test_a_frozen_parameter_is_in_the_state_and_stays_frozen_when_loaded():
    layer = Linear(1, 1).freeze()
    layer.load_state_dict({"weights": [[2.0]], "biases": [3.0]})
    assert layer.weights.els == 2
    assert not layer.weights.requires_grad


def test_a_bias_that_is_not_there_is_unexpected():
    with pytest.raises(StateError, match=r"unexpected  biases \(2,\)"):
        Linear(3, 2, bias=False).load_state_dict(Linear(3, 2).state_dict())


def test_every_fault_is_named_and_nothing_changes(model):
    before = model.state_dict()
    state = model.state_dict() | {
        "0.biases": np.ones((4, 1)),
        "1.scale": np.array(["a"] * 4),
        "4.weights": np.ones(1),
    }
    del state["3.biases"]
    state["0.weights"] = np.zeros((3, 4))
    with pytest.raises(StateError) as caught:
        model.load_state_dict(state)
    assert str(caught.value) == (
        "load_state_dict: the state does not fit the module, which has not been changed.\n"
        "  missing     3.biases (2,)\n"
        "  unexpected  4.weights (1,)\n"
        "  misshapen   0.biases is (4, 1), and here (4,)\n"
        "  no numbers  1.scale is <U1\n"
        "  Build the module as it was when the state was taken from it."
    )
    after = model.state_dict()
    assert all(np.array_equal(before[path], after[path]) for path in before)


def test_two_tensors_of_one_path_are_refused():
    model = Module()
    model.parts = {"a.b": Parameter([1.0]), "a": {"b": Parameter([1.0, 2.0])}}
    with pytest.raises(StateError, match=r"two tensors have the path 'parts\.a\.b'"):
        model.state_dict()


def test_a_loss_computed_before_loading_can_no_longer_be_differentiated():
    layer = Linear(1, 1)
    loss = (layer(Tensor([[1.0]])) ** 2).sum()
    layer.load_state_dict(layer.state_dict())
    with pytest.raises(TapeError, match="since it was used"):
        loss.backward()


@pytest.mark.parametrize("reaction", ["warn", "raise", "ignore"])
def test_a_value_beyond_the_dtype_of_its_parameter_is_named_and_nothing_changes(reaction):
    layer = Linear(1, 2, rng=0)
    before = layer.state_dict()
    with (
        np.errstate(over=reaction),
        pytest.raises(StateError, match="unfit       biases has values that float32 has not\n"),
    ):
        layer.load_state_dict({"weights": [[1.0, 2.0]], "biases": np.array([1.0, 1e300])})
    assert all(np.array_equal(before[path], value) for path, value in layer.state_dict().items())


def test_infinite_values_can_be_loaded():
    layer = Linear(1, 1)
    layer.load_state_dict({"weights": [[np.inf]], "biases": [np.nan]})
    assert np.isinf(layer.weights.els)


def test_rows_of_unequal_length_are_named():
    with pytest.raises(StateError, match=r"no numbers  weights is object\n"):
        Linear(2, 2).load_state_dict({"weights": [[1.0], [1.0, 2.0]], "biases": [1.0, 2.0]})


def test_what_is_no_mapping_is_no_state(model):
    with pytest.raises(StateError, match=r"load_state_dict: \[array"):
        model.load_state_dict([np.ones(3)])
