"""Reductions where several elements tie, where there are none, and where the root is zero."""

from __future__ import annotations

import numpy as np
import pytest

from glasswork import Tensor, gradients
from glasswork import functional as F
from glasswork.errors import OptionError, ShapeError
from glasswork.ops.reductions import kept_shape


def slope(f, x):
    """The gradient of f(x), one number."""
    leaf = Tensor(x, requires_grad=True, dtype=np.float64)
    return gradients(f(leaf), [leaf])[0].els


@pytest.mark.parametrize("f", [F.max, F.min])
def test_elements_that_share_an_extreme_share_its_gradient(f):
    np.testing.assert_array_equal(slope(f, [2.0, 2.0, 2.0, 2.0]), [0.25] * 4)


def test_ties_share_within_each_row():
    g = slope(lambda x: F.max(x, axis=1).sum(), [[1.0, 3.0, 3.0], [5.0, 4.0, 0.0]])
    np.testing.assert_array_equal(g, [[0, 0.5, 0.5], [1, 0, 0]])


@pytest.mark.parametrize("p", [1, 1.5, 2, 3, np.inf])
def test_the_norm_of_zeros_has_no_slope(p):
    np.testing.assert_array_equal(slope(lambda x: F.norm(x, p), [0.0, 0.0]), [0, 0])


@pytest.mark.parametrize("p", [1, 1.5, 2, 3, np.inf, -np.inf])
@pytest.mark.parametrize("axis", [None, 0, 1])
def test_the_norm_of_vectors_is_numpys(p, axis):
    x = np.random.default_rng(0).normal(size=(3, 4))
    expected = np.linalg.norm(x.ravel() if axis is None else x, p, axis=axis)
    np.testing.assert_allclose(F.norm(x, p, axis), expected, rtol=1e-14)


@pytest.mark.parametrize("p", [1, 2, 3, np.inf])
@pytest.mark.parametrize("dtype", [np.uint8, np.int8, np.int64, bool])
def test_the_norm_of_whole_numbers_is_numpys(p, dtype):
    x = np.array([-128, 100, 3]).astype(dtype)
    y, expected = F.norm(x, p), np.linalg.norm(x, p)
    assert y.dtype == expected.dtype
    np.testing.assert_allclose(y, expected, rtol=1e-14)


def test_the_norm_that_only_counts_is_refused_with_the_alternative():
    with pytest.raises(OptionError) as caught:
        F.norm(Tensor([1.0, 0.0]), 0)
    assert str(caught.value) == (
        "norm: p = 0 counts the elements that are not 0, and has no derivative.\n"
        "  Write np.sum(x != 0)."
    )


def test_the_deviation_of_equal_numbers_has_no_slope():
    np.testing.assert_array_equal(slope(F.std, [2.0, 2.0]), [0, 0])


@pytest.mark.parametrize("f", [F.var, F.std])
@pytest.mark.parametrize("ddof", [0, 1])
@pytest.mark.parametrize("axis", [None, 0, (0, 1)])
def test_the_deviation_is_numpys(f, ddof, axis):
    x = np.random.default_rng(0).normal(size=(3, 4))
    expected = getattr(np, f.__name__)(x, axis=axis, ddof=ddof)
    np.testing.assert_allclose(f(x, axis=axis, ddof=ddof), expected, rtol=1e-14)


@pytest.mark.parametrize("f", [F.mean, F.var, F.std])
def test_the_mean_of_nothing_is_no_number(f):
    with np.errstate(invalid="ignore"):
        np.testing.assert_array_equal(f(np.zeros((0, 2)), axis=0), [np.nan, np.nan])


@pytest.mark.parametrize("f", [F.mean, F.var, F.std, F.norm])
@pytest.mark.parametrize("axis", [None, 0])
def test_half_precision_is_added_up_in_single_precision(f, axis):
    x = np.tile(np.array([-200, 100], np.float16), 20_000)[:, None]
    y = f(Tensor(x), axis=axis)
    assert y.dtype == np.float16
    np.testing.assert_array_equal(y.els, f(x.astype(np.float64), axis=axis).astype(np.float16))


def test_sums_of_nothing_are_their_starts():
    nothing = np.zeros((0, 2))
    np.testing.assert_array_equal(F.sum(nothing, axis=0), [0, 0])
    np.testing.assert_array_equal(F.norm(nothing, axis=0), [0, 0])
    np.testing.assert_array_equal(F.logsumexp(nothing, axis=0), [-np.inf, -np.inf])


@pytest.mark.parametrize("f", [F.max, F.min])
def test_the_largest_of_nothing_is_refused(f):
    with pytest.raises(ShapeError, match=rf"^{f.__name__}: zero-size array.*\n  A is \(0, 2\)"):
        f(Tensor(np.zeros((0, 2))), axis=0)


@pytest.mark.parametrize("f", [F.sum, F.mean, F.var, F.logsumexp, F.norm])
def test_an_axis_that_is_not_there_is_refused(f):
    with pytest.raises(ShapeError, match=rf"^{f.__name__}: axis 2 is out of bounds"):
        f(Tensor([[1.0]]), axis=2)


def test_logsumexp_of_infinities_is_their_maximum():
    x = np.array([[-np.inf, -np.inf], [-np.inf, 1.0], [np.inf, 1.0]])
    np.testing.assert_array_equal(F.logsumexp(x, axis=1), [-np.inf, 1, np.inf])


def test_whole_numbers_have_a_mean():
    assert F.mean(np.array([1, 2])) == 1.5
    assert F.var(np.array([1, 2])) == 0.25


def test_booleans_are_counted():
    assert F.sum(np.array([True, True, False])) == 2


@pytest.mark.parametrize(
    ("shape", "axis", "kept"),
    [((), None, ()), ((), 0, ()), ((2, 3), None, (1, 1)), ((2, 3), -1, (2, 1)),
     ((2, 3, 4), (0, -1), (1, 3, 1)), ((2, 3), (), (2, 3))],
)  # fmt: skip
def test_the_kept_shape_has_ones_where_axes_were(shape, axis, kept):
    assert kept_shape(shape, axis) == kept


def test_running_sums_over_all_elements_go_in_one_row():
    g = slope(lambda x: (F.cumsum(x) * np.array([1.0, 10, 100, 1000])).sum(), [[1.0, 2], [3, 4]])
    np.testing.assert_array_equal(g, [[1111, 1110], [1100, 1000]])
