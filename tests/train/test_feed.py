from __future__ import annotations

import numpy as np
import pytest

from glasswork.data import Batches
from glasswork.errors import OptionError, ShapeError
from glasswork.train.feed import feed

X, Y = np.arange(6.0).reshape(3, 2), np.arange(3)


def test_a_tuple_of_arrays_is_cut_into_batches():
    first, second = feed("data", (X, Y), batch_size=2)
    assert [part.tolist() for part in first] == [[[0, 1], [2, 3]], [0, 1]]
    assert [part.tolist() for part in second] == [[[4, 5]], [2]]


def test_arrays_are_shuffled_from_the_generator():
    orders = [[y.tolist() for _, y in feed("data", (X, Y), 1, True, rng)] for rng in (0, 0, 1)]
    assert orders[0] == orders[1] != orders[2]


@pytest.mark.parametrize("data", [Batches(X, Y), [(X, Y)]])
def test_batches_stay_as_they_are(data):
    assert feed("data", data, batch_size=2) is data


@pytest.mark.parametrize("data", [X, iter([(X, Y)]), 3])
def test_what_cannot_be_gone_through_again_is_refused(data):
    with pytest.raises(OptionError, match=f"fit, data: .*\n  It is {type(data).__name__}"):
        feed("fit, data", data, batch_size=2)


@pytest.mark.parametrize("data", [(), (X,)])
def test_samples_without_targets_are_refused(data):
    with pytest.raises(OptionError, match="fit, data: there are no targets") as error:
        feed("fit, data", data, batch_size=2)
    assert f"A tuple of {len(data)}" in str(error.value)


def test_arrays_of_unequal_length_are_refused():
    with pytest.raises(ShapeError, match="differ in length"):
        feed("data", (X, Y[:2]), batch_size=2)
