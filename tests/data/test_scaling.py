"""Scaling: measured once, used everywhere."""

from __future__ import annotations

import numpy as np
import pytest

from glasswork.data import Scaling
from glasswork.errors import DataError


def test_features_get_mean_zero_and_deviation_one(rng):
    x = rng.normal(3, 7, (500, 4))
    z = Scaling.of(x)(x)
    assert z.mean(axis=0) == pytest.approx(np.zeros(4), abs=1e-12)
    assert z.std(axis=0) == pytest.approx(np.ones(4))


def test_other_samples_are_scaled_by_the_same_measure():
    scaling = Scaling.of(np.array([[0.0], [2.0]]))
    assert scaling(np.array([[5.0]])).tolist() == [[4.0]]


def test_the_inverse_brings_the_values_back(rng):
    x = rng.normal(3, 7, (50, 4))
    scaling = Scaling.of(x)
    assert scaling.inverse(scaling(x)) == pytest.approx(x)


def test_a_feature_that_never_changes_becomes_zero():
    x = np.full((1000, 1), 0.1, np.float32)
    scaling = Scaling.of(x)
    assert scaling.deviation == 1
    assert abs(scaling(x)).max() < 1e-8  # the mean is rounded in float64


@pytest.mark.parametrize(
    ("given", "gives"), [("f4", "f4"), ("f8", "f8"), ("i8", "f4"), ("u1", "f4")]
)
def test_floats_keep_their_dtype_and_whole_numbers_become_float32(given, gives):
    x = np.array([[1], [2], [4]], given)
    assert Scaling.of(x)(x).dtype == gives
    assert Scaling.of(x).inverse(x).dtype == gives


def test_large_values_of_float32_are_measured_in_float64():
    x = np.full((100_000, 1), 16_777_216, np.float32)
    x[::2] += 2
    assert Scaling.of(x).mean == 16_777_217
    assert Scaling.of(x).deviation == 1


def test_nothing_cannot_be_measured():
    with pytest.raises(DataError, match="Scaling: the data is empty"):
        Scaling.of(np.zeros((0, 3)))
