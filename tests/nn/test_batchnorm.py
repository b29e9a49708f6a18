"""BatchNorm gives each feature mean 0 and variance 1, and remembers what it saw."""

from __future__ import annotations

import numpy as np
import pytest

from glasswork import Tensor
from glasswork.errors import DtypeError, OptionError, ShapeError
from glasswork.nn import BatchNorm


def normalized(x, mean, variance, epsilon=1e-5):
    return (x - mean) / np.sqrt(variance + epsilon)


def test_in_training_each_feature_is_normalized_over_the_batch(rng):
    x = rng.normal(3, 5, (50, 4))
    y = BatchNorm(4, dtype=np.float64)(x).els
    np.testing.assert_allclose(y, normalized(x, x.mean(axis=0), x.var(axis=0)), rtol=1e-12)


def test_scale_and_shift_are_learned_and_do_not_decay(rng):
    layer = BatchNorm(2, dtype=np.float64)
    layer.scale.els, layer.shift.els = np.array([2.0, 3.0]), np.array([-1.0, 1.0])
    x = rng.random((5, 2))
    y = layer(x)
    y.sum().backward()
    expected = normalized(x, x.mean(axis=0), x.var(axis=0)) * [2, 3] + [-1, 1]
    np.testing.assert_allclose(y.els, expected, rtol=1e-12)
    assert not any(p.decay for p in layer.parameters())
    np.testing.assert_allclose(layer.shift.grad, [5, 5])


def test_the_gradient_flows_through_mean_and_variance(rng, slopes):
    layer = BatchNorm(2, dtype=np.float64)
    x = rng.random((5, 2))
    weights = rng.random((5, 2))
    leaf = Tensor(x, requires_grad=True)
    (layer(leaf) * weights).sum().backward()

    def value(x):
        return float((normalized(x, x.mean(axis=0), x.var(axis=0)) * weights).sum())

    np.testing.assert_allclose(leaf.grad, slopes(value, x), rtol=1e-6, atol=1e-8)


def test_running_values_move_towards_those_of_the_batches(rng):
    layer = BatchNorm(3, momentum=0.3, dtype=np.float64)
    mean, variance = np.zeros(3), np.ones(3)
    for _ in range(4):
        x = rng.normal(2, 3, (7, 3))
        layer(x)
        mean = 0.7 * mean + 0.3 * x.mean(axis=0)
        variance = 0.7 * variance + 0.3 * x.var(axis=0, ddof=1)
    np.testing.assert_allclose(layer.running_mean.els, mean, rtol=1e-12)
    np.testing.assert_allclose(layer.running_variance.els, variance, rtol=1e-12)


def test_in_eval_mode_the_running_values_are_used_and_stay(rng):
    layer = BatchNorm(3, dtype=np.float64)
    layer(rng.random((7, 3)))
    state = layer.state_dict()
    x = rng.random((1, 3))
    y = layer.eval()(x).els
    expected = normalized(x, state["running_mean"], state["running_variance"])
    np.testing.assert_allclose(y, expected, rtol=1e-12)
    assert all(np.array_equal(state[path], value) for path, value in layer.state_dict().items())


def test_running_values_are_not_on_the_tape(rng):
    layer = BatchNorm(3)
    for _ in range(3):
        layer(Tensor(rng.random((4, 3)), requires_grad=True))
    assert layer.running_mean.op is None
    assert not layer.running_mean.requires_grad


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_input_is_taken_in_the_layers_dtype(dtype):
    layer = BatchNorm(2, dtype=dtype)
    assert layer(np.arange(6).reshape(3, 2)).dtype == dtype
    assert layer.running_mean.dtype == layer.running_variance.dtype == dtype
    assert layer.eval()(np.ones((1, 2))).dtype == dtype


def test_options_that_are_numpys_numbers_widen_neither_output_nor_running_values(rng):
    layer = BatchNorm(3, momentum=np.float64(0.3), epsilon=np.float64(0.1))
    y = layer(rng.random((4, 3)))
    found = {y.dtype, layer.running_mean.dtype, layer.running_variance.dtype}
    assert found == {np.dtype(np.float32)}


@pytest.mark.parametrize("shape", [(4, 2), (4, 1), (4,), (4, 3, 1), (2, 4, 3)])
def test_another_shape_than_rows_of_its_features_is_refused(shape):
    with pytest.raises(ShapeError, match=r"BatchNorm\(3\): the input is .*, not \(batch, 3\)"):
        BatchNorm(3)(np.ones(shape))


@pytest.mark.parametrize("batch", [0, 1])
def test_training_on_a_batch_without_variance_is_refused(batch):
    with pytest.raises(ShapeError, match=f"a batch of {batch} has no variance"):
        BatchNorm(3)(np.ones((batch, 3)))


@pytest.mark.parametrize("options", [{"features": 0}, {"momentum": 1.1}, {"epsilon": -1e-5}])
def test_options_outside_their_range_are_refused(options):
    with pytest.raises(OptionError, match=r"BatchNorm: \w+ is"):
        BatchNorm(**{"features": 3, **options})


def test_values_that_would_not_be_floats_are_refused():
    with pytest.raises(DtypeError, match="BatchNorm: parameters cannot be int64"):
        BatchNorm(2, dtype=int)


def test_a_size_of_numpy_becomes_one_of_python():
    assert repr(BatchNorm(np.int64(3))).startswith("BatchNorm(3)")
