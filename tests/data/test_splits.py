"""Splits: two parts that share no sample, with each class in its share."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasswork.data import split
from glasswork.errors import DataError, OptionError, ShapeError


@given(st.integers(2, 60), st.floats(0.01, 0.99), st.integers(0, 3))
def test_every_sample_is_in_one_part(samples, test, n):
    train, tested = split(np.arange(samples), test=test, rng=n)
    assert sorted(np.concatenate([train, tested])) == list(range(samples))
    assert len(tested) == min(max(round(test * samples), 1), samples - 1)


def test_rows_stay_together():
    x = np.arange(40).reshape(20, 2)
    x_train, x_test, y_train, y_test = split(x, x[:, 0] // 2, rng=0)
    assert (x_train[:, 0] // 2 == y_train).all()
    assert (x_test[:, 0] // 2 == y_test).all()


def test_a_whole_number_counts_the_test_samples():
    train, tested = split(np.arange(10), test=3, rng=0)
    assert (len(train), len(tested)) == (7, 3)


def test_one_seed_gives_one_split_and_another_seed_another():
    once, again, other = (split(np.arange(50), rng=n)[1] for n in (0, 0, 1))
    assert (once == again).all()
    assert set(once) != set(other)


def test_every_sample_is_tested_equally_often(rng):
    times = np.zeros(10)
    for _ in range(2000):
        times[split(np.arange(10), test=0.3, rng=rng)[1]] += 1
    assert (abs(times - 600) < 5 * np.sqrt(2000 * 0.3 * 0.7)).all()  # five standard errors


def test_both_parts_are_in_a_random_order():
    for part in split(np.arange(100), stratify=np.repeat([0, 1], 50), rng=0):
        assert 0.2 < np.mean(np.diff(part) > 0) < 0.8


@given(st.lists(st.integers(0, 4), min_size=2, max_size=80), st.integers(1, 79), st.integers(0, 3))
def test_stratifying_gives_each_class_its_share_to_within_one_sample(labels, count, n):
    count = min(count, len(labels) - 1)
    _, tested = split(labels, test=count, stratify=labels, rng=n)
    assert len(tested) == count
    for label in set(labels):
        share = Fraction(labels.count(label) * count, len(labels))
        assert floor(share) <= tested.tolist().count(label) <= ceil(share)


def test_classes_may_be_words():
    words = np.array(["cat", "dog"] * 10)
    _, tested = split(words, test=0.5, stratify=words, rng=0)
    assert sorted(tested) == ["cat"] * 5 + ["dog"] * 5


def test_a_column_of_classes_is_refused_with_its_shape():
    with pytest.raises(ShapeError, match="not one class per sample") as error:
        split(np.zeros((4, 2)), stratify=np.zeros((4, 1)))
    assert "(4, 1)" in str(error.value)
    assert "y.ravel()" in str(error.value)


@pytest.mark.parametrize("test", [0, 1.0, -0.1, 10, -3], ids=repr)
def test_a_size_that_leaves_a_part_empty_is_refused(test):
    with pytest.raises(OptionError, match=f"a test part of {test!r} leaves") as error:
        split(np.arange(10), test=test)
    assert "The number of samples is 10." in str(error.value)


def test_one_sample_cannot_be_split():
    with pytest.raises(OptionError, match="The number of samples is 1"):
        split(np.arange(1))


def test_arrays_that_do_not_belong_together_are_refused():
    with pytest.raises(ShapeError, match="split: the arrays differ in length"):
        split(np.zeros(3), np.zeros(4))
    with pytest.raises(DataError, match="split: no data"):
        split()
