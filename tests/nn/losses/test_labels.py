"""Labels that are no labels are told apart, mistake by mistake."""

from __future__ import annotations

import numpy as np
import pytest

from glasswork.errors import DataError, DtypeError, ShapeError
from glasswork.nn import NLL, CrossEntropy
from glasswork.nn.losses.labels import class_labels

YHAT = np.log(np.full((4, 3), 1 / 3))
each_loss = pytest.mark.parametrize("loss", [NLL(), CrossEntropy(), CrossEntropy("sum", [1, 2, 3])])


@each_loss
@pytest.mark.parametrize("labels", [[0, 1, 2, 3], [0, -1, 2, 0]])
def test_a_label_that_names_no_class_is_refused_with_its_row(loss, labels):
    wrong = next(i for i, label in enumerate(labels) if not 0 <= label < 3)
    with pytest.raises(DataError) as caught:
        loss(YHAT, labels)
    assert "1 of 4 labels name no class." in str(caught.value)
    assert f"The first is {labels[wrong]}, in row {wrong}; the prediction has 3 classes." in str(
        caught.value
    )


@each_loss
def test_labels_with_a_point_are_refused(loss):
    with pytest.raises(DtypeError, match=r"(?s)class indices are whole.*float64.*y\.astype\(int\)"):
        loss(YHAT, np.zeros(4))


@each_loss
def test_answers_of_yes_and_no_are_no_labels(loss):
    with pytest.raises(DtypeError, match="class indices are whole"):
        loss(YHAT, np.zeros(4, bool))


@each_loss
def test_whole_numbers_in_one_hot_form_are_refused(loss):
    with pytest.raises(ShapeError, match=r"(?s)one-hot form.*y\.argmax\(-1\)"):
        loss(YHAT, np.eye(3, dtype=int)[[0, 1, 2, 0]])


@each_loss
@pytest.mark.parametrize("dtype", [int, float])
def test_a_column_of_labels_is_refused(loss, dtype):
    with pytest.raises(ShapeError, match=r"(?s)\(4, 3\), the labels are \(4, 1\).*y\[:, 0\]"):
        loss(YHAT, np.zeros((4, 1), dtype))


@each_loss
@pytest.mark.parametrize("shape", [(3,), (), (4, 3, 1)])
def test_labels_that_are_not_one_for_each_row_are_refused(loss, shape):
    with pytest.raises(ShapeError, match="one label for each row"):
        loss(YHAT, np.zeros(shape, int))


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int32, np.uint64])
def test_any_whole_numbers_are_labels(dtype):
    labels = np.array([0, 1, 2, 0], dtype)
    assert class_labels(YHAT, labels) is labels
    assert NLL()(YHAT, labels).item() == pytest.approx(np.log(3))
    assert CrossEntropy()(YHAT, labels).item() == pytest.approx(np.log(3))


@each_loss
@pytest.mark.parametrize("shape", [(2, 4), (), (0,)])
def test_labels_may_have_any_number_of_axes(loss, shape):
    assert class_labels(np.zeros((*shape, 3)), np.ones(shape, int)).shape == shape
    loss = type(loss)("none", loss.class_weights)
    assert loss(np.zeros((*shape, 3)), np.ones(shape, int)).shape == shape
