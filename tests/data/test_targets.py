"""Targets: classes or values, told by a stated rule."""

from __future__ import annotations

import numpy as np
import pytest

from glasswork.data import one_hot
from glasswork.data.targets import find_targets
from glasswork.errors import DataError, OptionError


@pytest.mark.parametrize(
    ("values", "classes"),
    [
        (np.array([3, 1, 3, 1], np.uint8), ("1", "3")),
        (np.array([1.0, -1.0, 1.0, -1.0]), ("-1", "1")),
        (np.array([True, False]), ("False", "True")),
        (np.array(["no", "yes", "maybe"]), ("maybe", "no", "yes")),
        (np.array([[2], [2], [0], [0]]), ("0", "2")),
    ],
)
def test_words_booleans_and_repeated_whole_numbers_are_classes(values, classes):
    task, y, names = find_targets("it", values)
    assert (task, names, y.dtype, y.shape) == ("classification", classes, np.int64, (len(values),))
    assert [names[label] for label in y] == [
        str(int(v)) if values.dtype.kind in "uif" else str(v) for v in values.ravel()
    ]


@pytest.mark.parametrize(
    "values",
    [
        np.array([0.5, 1, 0.5, 1]),  # not whole
        np.array([1, 3, 5]),  # each once
        np.arange(202) // 2,  # more than 100
        np.array([[0, 1], [1, 0], [0, 1], [1, 0]]),  # several to a sample
        np.array([2.0**60, 0] * 4),  # too large to be told from its neighbours
    ],
)
def test_all_else_is_values_in_columns(values):
    task, y, names = find_targets("it", values)
    assert (task, names, y.dtype) == ("regression", (), np.float32)
    assert (y == values.reshape(len(values), -1)).all()


def test_the_limits_of_the_rule_are_100_classes_of_two():
    assert find_targets("it", np.arange(200) // 2).task == "classification"
    assert find_targets("it", np.array([0, 1, 1, 0])).task == "classification"
    assert find_targets("it", np.array([0, 1, 1])).task == "regression"


def test_the_task_can_be_said():
    assert find_targets("it", np.arange(300), "classification").classes[-1] == "299"
    assert find_targets("it", np.array([0, 1, 1, 0]), "regression").y.shape == (4, 1)


def test_words_cannot_be_regressed():
    with pytest.raises(DataError, match="the target of it holds text where numbers should be"):
        find_targets("it", np.array(["yes"]), "regression")


@pytest.mark.parametrize("values", [[0.5, 1.0], [np.nan, 1.0], [np.inf, 1.0], [[0, 1], [1, 0]]])
def test_values_cannot_be_classes(values):
    with pytest.raises(DataError, match="the targets of it are no classes") as error:
        find_targets("it", np.array(values), "classification")
    assert "make the task regression" in str(error.value)


def test_values_are_finite():
    with pytest.raises(DataError, match="the target of it holds numbers that are not finite"):
        find_targets("it", np.array([0.5, np.nan]))


def test_a_task_of_another_name_is_refused():
    with pytest.raises(OptionError, match="task is 'clustering'") as error:
        find_targets("it", np.zeros(2), "clustering")
    assert "'classification' or 'regression'" in str(error.value)


def test_one_hot_puts_a_one_in_the_place_of_the_class():
    assert one_hot(np.array([1, 0], np.uint8), 3, "f8").tolist() == [[0, 1, 0], [1, 0, 0]]
    assert one_hot([2], 3).dtype == np.float32


@pytest.mark.parametrize("labels", [[3], [-1], [0.0], ["a"]], ids=repr)
def test_one_hot_refuses_what_is_no_class(labels):
    with pytest.raises(DataError, match="not classes from 0 to 2"):
        one_hot(labels, 3)
