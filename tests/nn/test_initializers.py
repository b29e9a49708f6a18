"""Initializers draw with the deviation, or within the bound, that their equations say."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

import glasswork as gw
from glasswork.errors import OptionError, ShapeError
from glasswork.nn import initializers

SHAPE = (500, 2000)  # a million draws

NORMAL = [
    (initializers.kaiming_normal, np.sqrt(2 / 500)),
    (partial(initializers.kaiming_normal, mode="fan_out"), np.sqrt(2 / 2000)),
    (partial(initializers.kaiming_normal, activation="tanh"), 5 / 3 / np.sqrt(500)),
    (partial(initializers.kaiming_normal, activation="sigmoid"), 1 / np.sqrt(500)),
    (partial(initializers.kaiming_normal, activation="linear"), 1 / np.sqrt(500)),
    (partial(initializers.kaiming_normal, activation="selu"), 3 / 4 / np.sqrt(500)),
    (
        partial(initializers.kaiming_normal, activation="leaky_relu", slope=0.5),
        np.sqrt(2 / 1.25 / 500),
    ),
    (initializers.xavier_normal, np.sqrt(2 / 2500)),
    (partial(initializers.xavier_normal, activation="tanh"), 5 / 3 * np.sqrt(2 / 2500)),
    (initializers.lecun_normal, np.sqrt(1 / 500)),
]
UNIFORM = [
    (initializers.kaiming_uniform, np.sqrt(6 / 500)),
    (partial(initializers.kaiming_uniform, mode="fan_out"), np.sqrt(6 / 2000)),
    (partial(initializers.kaiming_uniform, activation="tanh"), 5 / 3 * np.sqrt(3 / 500)),
    (initializers.xavier_uniform, np.sqrt(6 / 2500)),
    (partial(initializers.xavier_uniform, activation="relu"), np.sqrt(2 * 6 / 2500)),
    (initializers.lecun_uniform, np.sqrt(3 / 500)),
]
ALL = [
    initializers.kaiming_normal,
    initializers.kaiming_uniform,
    initializers.xavier_normal,
    initializers.xavier_uniform,
    initializers.lecun_normal,
    initializers.lecun_uniform,
    initializers.orthogonal,
    initializers.zeros,
    initializers.ones,
    partial(initializers.constant, value=2.0),
]


@pytest.mark.parametrize(("initializer", "deviation"), NORMAL)
def test_a_million_normal_draws_lie_within_five_standard_errors(initializer, deviation):
    drawn = initializer(SHAPE, 0, np.float64)
    n = drawn.size
    fourth = np.mean(drawn**4)  # 3 σ⁴ for a normal distribution, whose variance has √96 σ⁴ / √n
    assert abs(drawn.mean()) < 5 * deviation / np.sqrt(n)
    assert abs(drawn.std() - deviation) < 5 * deviation / np.sqrt(2 * n)
    assert abs(fourth - 3 * deviation**4) < 5 * np.sqrt(96 / n) * deviation**4


@pytest.mark.parametrize(("initializer", "bound"), UNIFORM)
def test_a_million_uniform_draws_fill_their_bounds_evenly(initializer, bound):
    drawn = initializer(SHAPE, 0, np.float64)
    n = drawn.size
    counts, _ = np.histogram(drawn, bins=10, range=(-bound, bound))
    assert counts.sum() == n  # none beyond the bounds
    assert (abs(counts - n / 10) < 5 * np.sqrt(n * 0.1 * 0.9)).all()
    assert abs(drawn.mean()) < 5 * bound / np.sqrt(3 * n)


@pytest.mark.parametrize("initializer", ALL)
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_shape_and_dtype_are_those_asked_for(initializer, dtype):
    drawn = initializer((4, 3), 0, dtype)
    assert drawn.shape == (4, 3)
    assert drawn.dtype == dtype


@pytest.mark.parametrize("initializer", ALL)
def test_float32_is_the_default_and_a_seed_repeats(initializer):
    gw.seed(4)
    first = initializer((4, 3))
    gw.seed(4)
    np.testing.assert_array_equal(initializer((4, 3)), first)
    np.testing.assert_array_equal(initializer((4, 3), 8), initializer((4, 3), 8))
    assert first.dtype == np.float32


def test_axes_before_the_last_two_are_the_field_that_a_neuron_sees():
    drawn = initializers.kaiming_uniform((5, 5, 20, 10), 0, np.float64)
    bound = np.sqrt(6 / (5 * 5 * 20))
    assert 0.99 * bound < abs(drawn).max() <= bound
    drawn = initializers.kaiming_uniform((5, 5, 20, 10), 0, np.float64, mode="fan_out")
    bound = np.sqrt(6 / (5 * 5 * 10))
    assert 0.99 * bound < abs(drawn).max() <= bound


@pytest.mark.parametrize("shape", [(5, 3), (3, 5), (4, 4)])
def test_orthogonal_columns_or_rows_have_length_one_and_right_angles(shape):
    q = initializers.orthogonal(shape, 0, np.float64)
    product = q.T @ q if shape[0] >= shape[1] else q @ q.T
    np.testing.assert_allclose(product, np.eye(min(shape)), atol=1e-14)


def test_orthogonal_takes_the_gain_of_an_activation():
    plain = initializers.orthogonal((4, 4), 0, np.float64)
    grown = initializers.orthogonal((4, 4), 0, np.float64, activation="relu")
    np.testing.assert_allclose(grown, np.sqrt(2) * plain, rtol=1e-15)


def test_orthogonal_matrices_turn_either_way_equally_often():
    rng = np.random.default_rng(0)
    signs = [np.linalg.det(initializers.orthogonal((3, 3), rng)) > 0 for _ in range(1000)]
    assert abs(np.mean(signs) - 0.5) < 5 * 0.5 / np.sqrt(1000)


def test_constants_are_constant():
    assert not initializers.zeros((2, 2)).any()
    assert (initializers.ones((3,)) == 1).all()
    assert (initializers.constant((3,), value=0.5) == 0.5).all()


@pytest.mark.parametrize("shape", [(), (5,)])
def test_a_shape_without_inputs_and_outputs_is_refused(shape):
    with pytest.raises(ShapeError, match="has no inputs and outputs"):
        initializers.kaiming_normal(shape)


def test_an_unknown_mode_or_activation_is_refused():
    with pytest.raises(OptionError, match="mode is 'fan_avg'"):
        initializers.kaiming_normal((2, 2), mode="fan_avg")
    with pytest.raises(OptionError, match="activation is 'gelu'"):
        initializers.gain("gelu")
