"""Random draws: shaped like what they take, from the generator that is given."""

from __future__ import annotations

import numpy as np
import pytest

from glasswork import Tensor, seed
from glasswork import functional as F


@pytest.mark.parametrize(
    ("dtype", "drawn"),
    [
        (np.float64, np.float64),
        (np.float32, np.float32),
        (np.float16, np.float32),
        (int, np.float32),
    ],
)
def test_a_draw_has_the_shape_of_its_input_and_a_float_wide_enough_for_it(dtype, drawn):
    y = F.uniform_like(np.zeros((2, 0, 3), dtype), 0)
    assert y.shape == (2, 0, 3)
    assert y.dtype == drawn


def test_a_draw_lies_in_the_unit_interval_and_wants_no_gradient():
    y = F.uniform_like(Tensor(np.zeros(10_000), requires_grad=True), 0)
    assert not y.requires_grad
    assert (y.els >= 0).all()
    assert (y.els < 1).all()
    # The mean of 10,000 draws: five standard errors of 1 / sqrt(12 · 10,000).
    assert abs(y.els.mean() - 0.5) < 5 / np.sqrt(12 * 10_000)


def test_one_seed_gives_one_draw_and_a_generator_goes_on():
    x = np.zeros(3)
    np.testing.assert_array_equal(F.uniform_like(x, 7), F.uniform_like(x, 7))
    rng = np.random.default_rng(7)
    first, second = F.uniform_like(x, rng), F.uniform_like(x, rng)
    np.testing.assert_array_equal(first, F.uniform_like(x, 7))
    assert (first != second).all()


def test_no_generator_means_the_one_of_the_thread():
    x = np.zeros(3)
    seed(5)
    first = F.uniform_like(x)
    seed(5)
    np.testing.assert_array_equal(F.uniform_like(x), first)
