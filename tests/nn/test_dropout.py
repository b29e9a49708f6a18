"""Dropout is noise in training and nothing in eval mode."""

from __future__ import annotations

import numpy as np
import pytest

import glasswork as gw
from glasswork import Tensor
from glasswork.errors import OptionError
from glasswork.nn import Dropout


def test_the_share_that_is_dropped_is_the_probability_and_the_rest_grows():
    y = Dropout(0.3, rng=0)(np.ones(1_000_000)).els
    assert np.unique(y).tolist() == [0, 1 / 0.7]
    assert abs((y == 0).mean() - 0.3) < 5 * np.sqrt(0.3 * 0.7 / y.size)


def test_nothing_happens_in_eval_mode_or_with_probability_zero():
    x = Tensor([1.0, 2.0])
    assert Dropout(0.5).eval()(x) is x
    assert Dropout(0.0)(x) is x


def test_probability_one_drops_everything():
    assert Dropout(1.0)(np.ones(5)).els.tolist() == [0] * 5


def test_the_gradient_passes_where_the_value_did():
    x = Tensor(np.ones(100), requires_grad=True)
    y = Dropout(0.5, rng=0)(x)
    y.sum().backward()
    np.testing.assert_array_equal(x.grad, y.els)


def test_every_call_draws_anew_and_a_seed_repeats_the_series():
    first, second = Dropout(0.5, rng=7), Dropout(0.5, rng=7)
    series = [first(np.ones(50)).els for _ in range(2)]
    assert not np.array_equal(*series)
    np.testing.assert_array_equal(second(np.ones(50)).els, series[0])


def test_without_a_generator_the_default_one_is_used():
    layer = Dropout(0.5)
    drawn = []
    for _ in range(2):
        gw.seed(3)
        drawn.append(layer(np.ones(50)).els)
    np.testing.assert_array_equal(*drawn)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_the_dtype_stays(dtype):
    assert Dropout(0.3, rng=0)(np.ones(5, dtype)).dtype == dtype


def test_a_probability_that_is_numpys_number_widens_nothing():
    assert Dropout(np.float64(0.3), rng=0)(np.ones(5, np.float32)).dtype == np.float32


def test_whole_numbers_are_dropped_too():
    y = Dropout(0.5, rng=0)(np.ones(1000, int))
    assert np.unique(y.els).tolist() == [0, 2]


@pytest.mark.parametrize("probability", [-0.1, 1.1, float("nan")])
def test_a_number_that_is_no_probability_is_refused(probability):
    with pytest.raises(OptionError, match="probability is"):
        Dropout(probability)
