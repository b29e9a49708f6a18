"""Dataset: what it says of itself, and its two parts."""

from __future__ import annotations

import numpy as np
import pytest

from glasswork.data import Dataset
from glasswork.errors import DataError, ShapeError

X = np.zeros((6, 3))


def classes(**more) -> Dataset:
    x = np.arange(40, dtype=np.float32).reshape(20, 2)
    y = np.arange(20) % 2
    return Dataset(name="it", x=x, y=y, task="classification", classes=("even", "odd"), **more)


def values(outputs: int) -> Dataset:
    return Dataset(name="it", x=X, y=np.zeros((6, outputs)), task="regression")


def test_it_says_how_many_neurons_a_network_needs():
    assert (classes().inputs, classes().outputs) == (2, 2)
    assert (values(4).inputs, values(4).outputs) == (3, 4)


@pytest.mark.parametrize(("names", "found"), [((), "no class"), (("7",), "only one class")])
def test_fewer_than_two_classes_are_refused(names, found):
    with pytest.raises(DataError, match=f"Dataset it: {found}") as error:
        Dataset(name="it", x=X, y=np.zeros(6), task="classification", classes=names)
    assert f"classes is {names}" in str(error.value)
    assert "another column of targets" in str(error.value)


def test_its_length_counts_the_samples():
    assert len(classes()) == 20


def test_the_repr_counts_what_there_is():
    assert repr(classes()) == "<Dataset it: classification, 20 samples, 2 features, 2 classes>"
    assert repr(values(1)) == "<Dataset it: regression, 6 samples, 3 features, 1 target>"
    tested = classes(x_test=np.zeros((5, 2)), y_test=np.zeros(5))
    assert "20 samples and 5 to test, 2 features" in repr(tested)


def test_classes_are_parted_in_their_shares():
    x_train, x_test, y_train, y_test = classes().parts(test=0.3, rng=0)
    assert (len(x_train), len(x_test)) == (14, 6)
    assert y_test.tolist().count(1) == 3
    assert (x_train[:, 0] / 2 % 2 == y_train).all()


def test_values_are_parted_at_random():
    parts = values(1).parts(test=2, rng=0)
    assert [part.shape for part in parts] == [(4, 3), (2, 3), (4, 1), (2, 1)]


def test_a_test_part_of_its_own_is_kept():
    dataset = classes(x_test=np.ones((5, 2)), y_test=np.ones(5))
    x_train, x_test, y_train, y_test = dataset.parts(test=0.5)
    assert x_train is dataset.x
    assert x_test is dataset.x_test
    assert y_train is dataset.y
    assert y_test is dataset.y_test


@pytest.mark.parametrize("part", ["x_test", "y_test"])
def test_half_a_test_part_is_refused(part):
    with pytest.raises(DataError, match="of x_test and y_test one is missing"):
        classes(**{part: np.zeros((5, 2))})


def test_parts_that_do_not_fit_are_refused():
    with pytest.raises(ShapeError, match="Dataset it, test part: the arrays differ in length"):
        classes(x_test=np.zeros((5, 2)), y_test=np.zeros(4))
    with pytest.raises(ShapeError, match="differs in more than its length") as error:
        classes(x_test=np.zeros((5, 3)), y_test=np.zeros(5))
    assert "x is (20, 2) and x_test (5, 3)" in str(error.value)
    with pytest.raises(ShapeError, match="differs in more than its length"):
        classes(x_test=np.zeros((5, 2)), y_test=np.zeros((5, 1)))
    with pytest.raises(ShapeError, match="Dataset short: the arrays differ"):
        Dataset(name="short", x=np.zeros((3, 1)), y=np.zeros(2), task="regression")
