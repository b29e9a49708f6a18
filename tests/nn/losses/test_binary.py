"""Losses for yes or no."""

from __future__ import annotations

import numpy as np
import pytest

from glasswork import Tensor
from glasswork.errors import DataError, ShapeError
from glasswork.nn import BinaryCrossEntropy, Hinge

LOGITS = np.array([[2.0, -1.0], [0.0, 3.0]])
TRUTH = np.array([[1, 0], [1, 1]])
YES = 1 / (1 + np.exp(-LOGITS))


def test_binary_cross_entropy_is_the_surprise_at_what_is_true():
    expected = -np.log(np.where(TRUTH, YES, 1 - YES))
    found = BinaryCrossEntropy("none")(LOGITS, TRUTH).els
    np.testing.assert_allclose(found, expected, rtol=1e-14)


@pytest.mark.parametrize("weight", [3.0, [3.0, 0.5]])
def test_a_missed_yes_counts_by_the_positive_weight(weight):
    expected = -np.where(TRUTH, weight * np.log(YES), np.log(1 - YES))
    found = BinaryCrossEntropy("none", positive_weight=weight)(LOGITS, TRUTH).els
    np.testing.assert_allclose(found, expected, rtol=1e-14)


def test_targets_between_yes_and_no_are_mixed():
    yes, no = (BinaryCrossEntropy()(LOGITS, np.full((2, 2), y)).item() for y in (1, 0))
    found = BinaryCrossEntropy()(LOGITS, np.full((2, 2), 0.25)).item()
    assert found == pytest.approx(0.25 * yes + 0.75 * no, rel=1e-14)


def test_large_logits_neither_overflow_nor_lose_the_loss():
    logits = np.array([1e30, -1e30, 1000.0, -1000.0, 100.0])
    found = BinaryCrossEntropy("none")(logits, [1, 0, 0, 1, 1]).els
    np.testing.assert_allclose(found, [0, 0, 1000, 1000, np.exp(-100)], rtol=1e-14)


@pytest.mark.parametrize("truth", [[-1, 1], [0, 2], [0.5, np.nan]])
def test_targets_outside_zero_to_one_are_refused(truth):
    with pytest.raises(DataError, match=r"(?s)from 0 to 1.*They go from"):
        BinaryCrossEntropy()(np.zeros(2), truth)


@pytest.mark.parametrize("weight", [[1.0, 2.0, 3.0], [[1.0, 2.0], [3.0, 4.0]]])
def test_positive_weights_that_are_not_one_for_each_output_are_refused(weight):
    with pytest.raises(ShapeError, match="positive_weight is not a number for each output"):
        BinaryCrossEntropy(positive_weight=weight)(LOGITS, TRUTH)


def test_hinge_is_zero_beyond_the_margin_and_a_line_before_it():
    sides = np.array([-1.0, 0.0, 0.5, 1.0, 3.0])
    assert Hinge(reduction="none")(sides, np.ones(5)).tolist() == [2, 1, 0.5, 0, 0]
    assert Hinge(reduction="none")(-sides, -np.ones(5)).tolist() == [2, 1, 0.5, 0, 0]
    assert Hinge(margin=2.0, reduction="none")(sides, np.ones(5)).tolist() == [3, 2, 1.5, 1, 0]


def test_beyond_the_margin_hinge_has_no_gradient():
    sides = Tensor([0.5, 3.0], requires_grad=True)
    Hinge(reduction="sum")(sides, [1, 1]).backward()
    assert sides.grad.tolist() == [-1, 0]


@pytest.mark.parametrize("truth", [[0, 1], [1, 2], [1, np.nan]])
def test_hinge_refuses_targets_that_are_no_sides(truth):
    with pytest.raises(DataError, match=r"(?s)targets are -1 or 1.*Pass 2 \* y - 1"):
        Hinge()(np.zeros(2), truth)


@pytest.mark.parametrize("loss", [BinaryCrossEntropy("sum"), Hinge(reduction="sum")])
def test_an_empty_batch_has_no_loss(loss):
    assert loss(np.zeros((0, 2)), np.zeros((0, 2))).item() == 0
