from __future__ import annotations

import numpy as np
import pytest

from glasswork import Tensor
from glasswork.errors import DataError, OptionError, ShapeError
from glasswork.train import metrics

CLASS_METRICS = [metrics.accuracy, metrics.precision, metrics.recall, metrics.f1]
VALUE_METRICS = [metrics.mae, metrics.rmse, metrics.r_squared]

# Three classes: of class 0 one is missed, class 1 is said twice too often, class 2 is half missed.
TRUE = np.array([0, 0, 0, 1, 2, 2])
SAID = np.array([0, 0, 1, 1, 1, 2])


def test_accuracy_is_the_share_of_right_classes():
    assert metrics.accuracy(SAID, TRUE) == 4 / 6


def test_scores_mean_the_class_with_the_highest_and_the_first_of_equal_ones():
    scores = [[0.0, 2.0, 1.0], [1.0, 1.0, 0.0]]
    assert metrics.accuracy(scores, [1, 0]) == 1


@pytest.mark.parametrize("shape", [(4,), (4, 1)])
def test_single_floats_are_logits_of_class_1(shape):
    logits = np.array([-3.0, 0.0, 0.1, 5.0]).reshape(shape)
    assert metrics.accuracy(logits, np.array([0.0, 0.0, 1.0, 1.0]).reshape(shape)) == 1


def test_targets_may_be_class_probabilities():
    assert metrics.accuracy([[0.2, 0.8]], [[0.4, 0.6]]) == 1


def test_tensors_that_want_a_gradient_are_taken():
    scores = Tensor([[0.2, 0.8]], requires_grad=True)
    assert metrics.accuracy(scores, Tensor([1])) == 1


def test_top_k_counts_classes_among_the_k_highest_scores():
    scores = np.array([[0.5, 0.3, 0.2], [0.1, 0.7, 0.2], [0.2, 0.3, 0.5]])
    assert [metrics.top_k(scores, [1, 0, 2], k=k) for k in (1, 2, 3, 9)] == [1 / 3, 2 / 3, 1, 1]


def test_top_1_is_accuracy_even_where_scores_are_equal():
    scores, true = np.zeros((3, 4)), [0, 1, 2]
    assert metrics.top_k(scores, true, k=1) == metrics.accuracy(scores, true) == 1 / 3


def test_the_rows_of_the_confusion_matrix_are_true_classes():
    assert metrics.confusion_matrix(SAID, TRUE).tolist() == [[2, 1, 0], [0, 1, 0], [0, 1, 1]]


def test_the_confusion_matrix_has_a_class_for_each_score():
    assert metrics.confusion_matrix(np.eye(4)[[0, 1]], [0, 1]).shape == (4, 4)


def test_the_confusion_matrix_can_be_told_how_many_classes_there_are():
    assert metrics.confusion_matrix([0], [0], classes=2).tolist() == [[1, 0], [0, 0]]


@pytest.mark.parametrize(
    ("metric", "of_each_class"),
    [
        (metrics.precision, [2 / 2, 1 / 3, 1 / 1]),
        (metrics.recall, [2 / 3, 1 / 1, 1 / 2]),
        (metrics.f1, [4 / 5, 2 / 4, 2 / 3]),
    ],
)
def test_macro_is_the_mean_of_the_classes(metric, of_each_class):
    assert metric(SAID, TRUE) == pytest.approx(np.mean(of_each_class), rel=1e-15)


@pytest.mark.parametrize("metric", [metrics.precision, metrics.recall, metrics.f1])
def test_micro_is_the_accuracy(metric):
    assert metric(SAID, TRUE, average="micro") == metrics.accuracy(SAID, TRUE)


def test_binary_is_that_of_class_1():
    said, true = [1, 1, 1, 0, 0], [1, 1, 0, 1, 0]
    assert metrics.precision(said, true, average="binary") == 2 / 3
    assert metrics.recall(said, true, average="binary") == 2 / 3
    assert metrics.f1(said, true, average="binary") == 2 / 3


@pytest.mark.parametrize("metric", [metrics.precision, metrics.recall, metrics.f1])
@pytest.mark.parametrize("average", ["macro", "binary"])
def test_a_class_that_is_never_hit_counts_0_even_where_that_is_0_by_0(metric, average):
    said, true = [0, 0], [1, 1]
    assert metric(said, true, average=average) == 0


def test_binary_is_0_where_class_1_is_nowhere():
    assert metrics.f1([0, 0], [0, 0], average="binary") == 0


def test_macro_leaves_out_classes_that_are_neither_true_nor_said():
    assert metrics.f1(np.eye(9)[[3, 5]], [3, 5]) == 1


def test_the_errors_of_values_by_hand():
    predicted, true = [1.0, 2.0, 6.0], [1.0, 4.0, 2.0]
    assert metrics.mae(predicted, true) == 2
    assert metrics.rmse(predicted, true) == pytest.approx(np.sqrt(20 / 3), rel=1e-15)
    assert metrics.r_squared(predicted, true) == pytest.approx(1 - 20 / (14 / 3), rel=1e-15)


def test_r_squared_is_the_mean_over_the_outputs():
    true = np.array([[0.0, 0.0], [1.0, 2.0]])
    assert metrics.r_squared(true, true) == 1
    assert metrics.r_squared(np.array([[0.0, 1.0], [1.0, 1.0]]), true) == 0.5


@pytest.mark.parametrize(("predicted", "expected"), [(0.1, 1), (0.2, 0)])
def test_r_squared_of_equal_targets_is_1_if_all_are_right_and_0_if_not(predicted, expected):
    assert metrics.r_squared(np.full(3, predicted), np.full(3, 0.1)) == expected


def test_r_squared_of_one_sample_is_not_a_number():
    assert np.isnan(metrics.r_squared([1.0], [1.0]))


def test_float32_is_summed_in_float64():
    error = np.full(10**6, 0.1, np.float32)
    assert metrics.mae(error, np.zeros_like(error)) == pytest.approx(float(np.float32(0.1)))
    assert isinstance(metrics.rmse(error, np.zeros_like(error)), float)


@pytest.mark.parametrize("metric", CLASS_METRICS)
def test_differing_numbers_of_samples_name_both_shapes(metric):
    with pytest.raises(ShapeError, match=r"predictions are \(3, 2\), the targets \(4,\)"):
        metric(np.zeros((3, 2)), np.zeros(4, int))


@pytest.mark.parametrize("metric", VALUE_METRICS)
def test_values_are_not_broadcast(metric):
    with pytest.raises(ShapeError, match=r"predictions are \(3, 1\), the targets \(3,\)"):
        metric(np.zeros((3, 1)), np.zeros(3))


@pytest.mark.parametrize("metric", [*CLASS_METRICS, *VALUE_METRICS])
def test_no_samples_are_an_error(metric):
    with pytest.raises(DataError, match=f"{metric.__name__}|confusion_matrix: there are no sam"):
        metric(np.zeros(0), np.zeros(0))


@pytest.mark.parametrize("wrong", [[0.5, 1.0], [-1, 0], ["cat", "dog"]])
def test_targets_that_are_no_classes_are_an_error(wrong):
    with pytest.raises(DataError, match="accuracy: these are no classes"):
        metrics.accuracy([0, 1], wrong)


def test_a_class_beyond_those_there_are_is_named():
    with pytest.raises(DataError, match="class 3 is beyond the 2 classes"):
        metrics.confusion_matrix([0, 3], [0, 1], classes=2)


def test_binary_refuses_more_than_two_classes():
    with pytest.raises(OptionError, match="'binary', and there are 3 classes"):
        metrics.f1(SAID, TRUE, average="binary")


def test_an_unknown_average_is_named():
    with pytest.raises(OptionError, match="recall: average is 'mean'"):
        metrics.recall(SAID, TRUE, average="mean")


def test_top_k_wants_scores_and_a_k_from_1():
    with pytest.raises(OptionError, match="k is 0"):
        metrics.top_k(np.eye(3), [0, 1, 2], k=0)
    with pytest.raises(ShapeError, match=r"no scores.\n.*\(3,\)"):
        metrics.top_k(SAID[:3], TRUE[:3])
