"""Comparisons and what joins them: no gradient, and NumPy's answers."""

from __future__ import annotations

import numpy as np
import pytest

from glasswork import Tensor
from glasswork import functional as F
from glasswork.ops import OPS, comparisons

QUESTIONS = {op.name for op in vars(comparisons).values() if op in OPS.values()}
A, B = np.array([1.0, 2.0, np.nan, np.inf]), np.array([2.0, 2.0, 0.0, np.inf])


def test_no_question_is_differentiable():
    assert QUESTIONS
    assert not any(OPS[name].differentiable for name in QUESTIONS)


@pytest.mark.parametrize("name", ["equal", "not_equal", "less", "less_equal", "greater"])
def test_comparing_is_numpys(name):
    np.testing.assert_array_equal(OPS[name](Tensor(A), B).els, getattr(np, name)(A, B))


@pytest.mark.parametrize("name", ["isnan", "isinf", "isfinite"])
def test_asking_for_kinds_of_numbers_is_numpys(name):
    np.testing.assert_array_equal(OPS[name](Tensor(A)).els, getattr(np, name)(A))


def test_masks_and_whole_numbers_are_joined_bit_by_bit():
    a, b = Tensor(np.array([6, 3])), np.array([3, 5])
    assert F.bitwise_and(a, b).tolist() == [2, 1]
    assert F.bitwise_or(a, b).tolist() == [7, 7]
    assert F.bitwise_xor(a, b).tolist() == [5, 6]
    assert F.invert(a).tolist() == [-7, -4]
    assert F.invert(Tensor([True, False])).tolist() == [False, True]


def test_a_branch_of_a_loss_through_a_mask_has_no_gradient():
    x = Tensor([1.0, -1.0], requires_grad=True)
    mask = (x > 0).astype(np.float64)
    assert not mask.requires_grad
    (x * mask).sum().backward()
    assert x.grad.tolist() == [1, 0]
