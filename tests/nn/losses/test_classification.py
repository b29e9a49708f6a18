"""Losses for choices between classes; labels that are none are told apart, mistake by mistake."""

from __future__ import annotations

import numpy as np
import pytest

from glasswork.errors import DataError, DtypeError, OptionError, ShapeError
from glasswork.nn import NLL, CrossEntropy, KLDivergence
from glasswork.nn.losses.classification import class_labels

LOGITS = np.array([[2.0, 0.0, -1.0], [0.0, 1.0, 0.0]])
LOGARITHMS = LOGITS - np.log(np.exp(LOGITS).sum(axis=1, keepdims=True))
LABELS = np.array([0, 2])


def test_cross_entropy_is_the_surprise_at_the_true_class():
    expected = -LOGARITHMS[[0, 1], LABELS]
    np.testing.assert_allclose(CrossEntropy("none")(LOGITS, LABELS).els, expected, rtol=1e-15)
    np.testing.assert_allclose(NLL("none")(LOGARITHMS, LABELS).els, expected, rtol=1e-15)


def test_a_one_hot_probability_is_a_label():
    expected = CrossEntropy("none")(LOGITS, LABELS).els
    np.testing.assert_allclose(CrossEntropy("none")(LOGITS, np.eye(3)[LABELS]).els, expected)


def test_large_logits_neither_overflow_nor_lose_the_loss():
    logits = np.array([[1000.0, 0.0], [-1e30, 1e30]])
    np.testing.assert_array_equal(CrossEntropy("none")(logits, [1, 1]).els, [1000, 0])


def test_the_mean_divides_by_the_weights_of_the_classes_that_came():
    weights = np.array([1.0, 5.0, 3.0])
    single = -LOGARITHMS[[0, 1], LABELS] * weights[LABELS]
    found = CrossEntropy(class_weights=weights)(LOGITS, LABELS).item()
    assert found == pytest.approx(single.sum() / 4, rel=1e-15)


def test_the_mean_over_probabilities_divides_by_the_samples():
    weights = np.array([1.0, 5.0, 3.0])
    truth = np.array([[0.5, 0.5, 0.0], [0.0, 0.25, 0.75]])
    single = -(LOGARITHMS * truth * weights).sum(axis=1)
    found = CrossEntropy(class_weights=weights)(LOGITS, truth).item()
    assert found == pytest.approx(single.mean(), rel=1e-15)


def test_smoothed_labels_are_smoothed_probabilities():
    smoothed = 0.9 * np.eye(3)[LABELS] + 0.1 / 3
    expected = CrossEntropy()(LOGITS, smoothed).item()
    loss = CrossEntropy(label_smoothing=0.1)
    assert loss(LOGITS, LABELS).item() == pytest.approx(expected, rel=1e-15)
    assert loss(LOGITS, np.eye(3)[LABELS]).item() == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize("y", [LABELS, np.eye(3)[LABELS]])
def test_float32_stays_float32_with_every_option(y):
    loss = CrossEntropy(class_weights=np.array([1.0, 5.0, 3.0]), label_smoothing=0.1)
    assert loss(LOGITS.astype(np.float32), y, np.ones(2)).dtype == np.float32
    assert loss(LOGITS.astype(np.float32), y).dtype == np.float32


def test_classes_stand_on_the_last_axis():
    logits = np.stack([LOGITS, -LOGITS])
    labels = np.array([[0, 2], [1, 1]])
    found = CrossEntropy("none", [1, 2, 3], 0.1)(logits, labels)
    expected = CrossEntropy("none", [1, 2, 3], 0.1)(logits.reshape(4, 3), labels.ravel())
    np.testing.assert_allclose(found.els.ravel(), expected.els, rtol=1e-15)


def test_divergence_is_zero_where_the_prediction_is_the_truth():
    shares = np.array([[0.5, 0.5], [1 / 4, 3 / 4]])
    assert KLDivergence()(np.log(shares), shares).item() == 0


def test_divergence_is_cross_entropy_less_the_entropy_of_the_truth():
    truth = np.array([[0.5, 0.25, 0.25], [0.0, 0.0, 1.0]])
    entropy = np.array([1.5 * np.log(2), 0])
    expected = CrossEntropy("none")(LOGITS, truth).els - entropy
    np.testing.assert_allclose(KLDivergence("none")(LOGARITHMS, truth).els, expected, rtol=1e-14)


@pytest.mark.parametrize("weights", [[1, 2], [[1, 2, 3]], 1.0])
def test_class_weights_that_are_not_one_for_each_class_are_refused(weights):
    with pytest.raises(ShapeError, match=r"(?s)class_weights are not .* Pass 3 numbers"):
        CrossEntropy(class_weights=weights)(LOGITS, LABELS)


@pytest.mark.parametrize("smoothing", [-0.1, 1.5])
def test_smoothing_outside_zero_to_one_is_refused(smoothing):
    with pytest.raises(OptionError, match="label_smoothing is"):
        CrossEntropy(label_smoothing=smoothing)


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
