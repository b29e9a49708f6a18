"""Linear is Y = X W + b, with first values that suit the ReLU behind it."""

from __future__ import annotations

import numpy as np
import pytest

from glasswork import Tensor, no_grad
from glasswork.errors import DtypeError, OptionError, ShapeError
from glasswork.nn import Linear, Module, ReLU, Sequential
from glasswork.nn.initializers import zeros


def test_each_row_is_multiplied_by_the_weights_and_the_bias_is_added(rng):
    layer = Linear(3, 2, rng=0, dtype=np.float64)
    layer.biases.els = np.array([1.0, -1.0])
    x = rng.random((4, 3))
    np.testing.assert_allclose(layer(x).els, x @ layer.weights.els + [1, -1], rtol=1e-15)


def test_without_bias_there_are_no_biases():
    layer = Linear(3, 2, bias=False)
    assert [path for path, _ in layer.named_parameters()] == ["weights"]
    assert layer(np.zeros((1, 3))).els.tolist() == [[0, 0]]


def test_weights_are_inputs_by_outputs_and_decay_and_biases_start_at_zero_and_do_not():
    layer = Linear(3, 2)
    assert layer.weights.shape == (3, 2)
    assert layer.weights.decay
    assert layer.biases.els.tolist() == [0, 0]
    assert not layer.biases.decay


def test_the_deviation_of_the_weights_is_the_root_of_two_over_the_inputs():
    weights = Linear(1000, 1000, rng=0).weights.els
    deviation = np.sqrt(2 / 1000)
    assert abs(weights.std() - deviation) < 5 * deviation / np.sqrt(2 * weights.size)


def test_a_signal_keeps_its_size_through_five_layers(rng):
    layers = [layer for n in range(5) for layer in (Linear(256, 256, rng=n), ReLU())]
    y = Sequential(*layers)(rng.standard_normal((256, 256)))
    assert 0.5 < y.els.std() < 1.5


def test_an_initializer_of_ones_own_is_asked_for_the_weights():
    asked = []

    def initializer(shape, rng, dtype):
        asked.append((shape, rng, dtype))
        return zeros(shape, rng, dtype)

    assert not Linear(3, 2, initializer=initializer, rng=7, dtype=np.float64).weights.els.any()
    assert asked == [((3, 2), 7, np.float64)]


def test_the_same_seed_gives_the_same_weights():
    np.testing.assert_array_equal(Linear(3, 2, rng=5).weights.els, Linear(3, 2, rng=5).weights.els)
    shared = np.random.default_rng(5)
    first, second = Linear(3, 2, rng=shared), Linear(3, 2, rng=shared)
    assert not np.array_equal(first.weights.els, second.weights.els)


@pytest.mark.parametrize("given", [np.float64, np.float16, np.int64, bool])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_input_is_taken_in_the_dtype_of_the_weights(dtype, given):
    y = Linear(3, 2, dtype=dtype)(np.ones((4, 3), given))
    assert y.dtype == dtype


def test_an_input_that_wants_a_gradient_gets_it_in_its_own_dtype():
    x = Tensor(np.ones((4, 3)), requires_grad=True)
    layer = Linear(3, 2, rng=0)
    layer(x).sum().backward()
    assert x.grad.dtype == np.float64
    np.testing.assert_array_equal(x.grad, np.tile(layer.weights.els.sum(axis=1), (4, 1)))


def test_gradients_reach_weights_and_biases(rng, slopes):
    layer = Linear(3, 2, rng=0, dtype=np.float64)
    x = rng.random((4, 3))
    weights, biases = layer.weights.els.copy(), layer.biases.els.copy()
    (layer(x) ** 3).sum().backward()
    of_weights = slopes(lambda w: float(((x @ w + biases) ** 3).sum()), weights)
    of_biases = slopes(lambda b: float(((x @ weights + b) ** 3).sum()), biases)
    np.testing.assert_allclose(layer.weights.grad, of_weights, rtol=1e-7)
    np.testing.assert_allclose(layer.biases.grad, of_biases, rtol=1e-7)


@pytest.mark.parametrize("shape", [(3,), (0, 3), (2, 4, 3)])
def test_any_number_of_axes_may_stand_before_the_features(shape):
    assert Linear(3, 2)(np.ones(shape)).shape == (*shape[:-1], 2)


def test_an_array_passed_to_forward_is_taken_too():
    layer = Linear(3, 2, rng=0)
    x = np.ones((4, 3))
    np.testing.assert_array_equal(layer.forward(x).els, layer(x).els)


def test_nothing_is_recorded_without_gradients():
    with no_grad():
        assert Linear(3, 2)(np.ones((4, 3))).op is None


def test_a_number_for_a_row_is_refused():
    with pytest.raises(ShapeError, match=r"Linear\(3, 2\): the input is a single number"):
        Linear(3, 2)(np.float64(1) * np.ones(()))


@pytest.mark.parametrize("sizes", [(0, 2), (2, 0), (-1, 2)])
def test_a_side_without_neurons_is_refused(sizes):
    with pytest.raises(OptionError, match="_neurons is"):
        Linear(*sizes)


@pytest.mark.parametrize("dtype", [int, bool, complex])
def test_weights_that_would_not_be_floats_are_refused(dtype):
    with pytest.raises(DtypeError, match=f"Linear: parameters cannot be {np.dtype(dtype)}"):
        Linear(4, 3, dtype=dtype)


def test_an_initializer_that_gives_another_shape_is_refused_with_both():
    with pytest.raises(ShapeError) as caught:
        Linear(3, 2, initializer=lambda shape, rng, dtype: np.zeros(shape[::-1], dtype))
    assert str(caught.value) == (
        "Linear: the initializer gave weights of another shape.\n"
        "  It was asked for (3, 2), and gave (2, 3).\n"
        "  Let it return an array of the shape that it is passed."
    )


def test_sizes_of_numpy_become_those_of_python():
    layer = Linear(np.int64(3), np.uint8(2))
    assert repr(layer).startswith("Linear(3, 2)")
    assert layer.configuration() == Linear(3, 2).configuration()


class Forgetful(Module):
    def forward(self, x):
        x * 2


@pytest.mark.parametrize("wrong", [None, "abc", 3.5], ids=repr)
def test_what_is_no_tensor_is_refused(wrong):
    with pytest.raises(DtypeError) as caught:
        Linear(3, 2)(wrong)
    assert str(caught.value).startswith(f"Linear(3, 2): the input is {wrong!r}, and no tensor.")


def test_a_layer_before_that_returns_nothing_is_thought_of():
    with pytest.raises(DtypeError, match=r"model\.1 Linear\(3, 2\): the input is None") as caught:
        Sequential(Forgetful(), Linear(3, 2))(np.ones((1, 3)))
    assert "A forward that ends without return gives None." in str(caught.value)
