"""Arithmetic where a derivative does not exist, and at the edges of the floats."""

from __future__ import annotations

import numpy as np
import pytest

import glasswork as gw
from glasswork import Tensor, gradients
from glasswork import functional as F
from glasswork.errors import DtypeError
from glasswork.ops import OPS


def slopes(f, *inputs, dtype=np.float64):
    """The gradient of Σ f for each input."""
    leaves = [Tensor(x, requires_grad=True, dtype=dtype) for x in inputs]
    return [g.els.tolist() for g in gradients(f(*leaves).sum(), leaves)]


def test_the_slope_of_the_absolute_value_at_zero_is_zero():
    assert slopes(abs, [-2.0, -0.0, 0.0, 3.0]) == [[-1, 0, 0, 1]]


@pytest.mark.parametrize("f", [F.maximum, F.minimum])
def test_a_tie_gives_half_of_the_gradient_to_each_side(f):
    assert slopes(f, [1.0, 1.0], [1.0, 1.0]) == [[0.5, 0.5], [0.5, 0.5]]


def test_the_larger_side_of_a_maximum_has_the_gradient():
    assert slopes(F.maximum, [1.0, 4.0], [2.0, 3.0]) == [[0, 1], [1, 0]]


def test_a_value_clipped_from_itself_passes_its_gradient_at_the_bounds():
    assert slopes(lambda x: F.clip(x, 0, 1), [-0.5, 0.0, 0.5, 1.0, 1.5]) == [[0, 1, 1, 1, 0]]


def test_bounds_have_the_gradient_of_what_lies_beyond_them():
    x, low, high = [-1.0, 0.5, 3.0], [0.0] * 3, [1.0] * 3
    assert slopes(F.clip, x, low, high) == [[0, 1, 0], [1, 0, 0], [0, 0, 1]]


def test_bounds_in_the_wrong_order_clip_to_the_upper_one_which_has_all_of_the_gradient():
    x, low, high = [-1.0, 0.5, 3.0], [1.0] * 3, [0.0] * 3
    assert F.clip(*map(np.array, (x, low, high))).tolist() == [0, 0, 0]
    assert slopes(F.clip, x, low, high) == [[0, 0, 0], [0, 0, 0], [1, 1, 1]]


def test_powers_of_zero_have_the_slopes_of_their_limits():
    assert slopes(lambda x: x**0, [0.0]) == [[0]]
    assert slopes(lambda x: x**1, [0.0]) == [[1]]
    assert slopes(lambda x: x**2, [0.0]) == [[0]]
    assert slopes(lambda x: x**0.0, [0.0]) == [[0]]
    assert slopes(F.power, [0.0, 0.0], [0.0, 2.0]) == [[0, 0], [0, 0]]


def test_a_power_of_zero_is_differentiated_twice():
    hessian = gw.hessian(lambda v: v[0] ** v[1])(np.array([2.0, 0.0]))
    expected = [[0, 1 / 2], [1 / 2, np.log(2) ** 2]]  # [[b (b-1) aᵇ⁻², 1/a], [1/a, ln² a]]
    np.testing.assert_allclose(hessian.els, expected, rtol=1e-15)


@pytest.mark.filterwarnings("ignore:divide by zero:RuntimeWarning")
def test_the_slope_of_a_power_minds_the_sign_of_zero():
    assert slopes(lambda a: F.power(a, np.array(-2.0)), [0.0, -0.0]) == [[-np.inf, np.inf]]


def test_whole_numbers_without_a_sign_are_powers():
    bases, exponents = [300.0, 3.0, 0.0], np.array([0, 2, 0], np.uint8)
    assert slopes(lambda a: a**exponents, bases) == [[0, 6, 0]]


@pytest.mark.filterwarnings("ignore:divide by zero:RuntimeWarning")
def test_a_root_of_zero_is_infinitely_steep():
    assert slopes(lambda x: x**0.5, [0.0]) == [[np.inf]]
    assert slopes(F.sqrt, [0.0]) == [[np.inf]]


def test_negative_numbers_have_whole_powers():
    assert slopes(lambda x: x**3, [-2.0]) == [[12]]
    assert slopes(lambda x: x**-1, [-2.0]) == [[-0.25]]


def test_a_negative_power_of_a_whole_number_is_refused_with_the_remedy():
    with pytest.raises(DtypeError) as caught:
        Tensor([2, 3]) ** -1
    assert str(caught.value) == (
        "power: whole numbers have no negative powers.\n"
        "  A is (2,) int64\n"
        "  B is -1 (int)\n"
        "  Make one of them a float: t.astype(float), or -1.0 for -1."
    )


def test_dividing_by_a_whole_number_makes_a_float():
    assert (Tensor([1, 2, 3]) / 2).els.tolist() == [0.5, 1, 1.5]


@pytest.mark.filterwarnings("ignore:divide by zero:RuntimeWarning")
def test_logarithms_and_quotients_of_zero_give_numpys_values():
    assert F.log(np.array([0.0])).tolist() == [-np.inf]
    assert slopes(F.log, [0.0]) == [[np.inf]]
    assert (Tensor([1.0]) / 0).els.tolist() == [np.inf]


@pytest.mark.parametrize("dtype", [np.float32, np.float16])
@pytest.mark.parametrize("number", [3, 2.0, True, -1], ids=repr)
@pytest.mark.parametrize("name", ["add", "subtract", "multiply", "divide", "power", "maximum"])
@np.errstate(invalid="ignore")  # powers of -1
def test_a_python_number_never_widens_value_or_rule(name, number, dtype):
    op, x = OPS[name], np.array([0.5, 2.0], dtype)
    for place, inputs in enumerate([(x, number), (number, x)]):
        y = op(*inputs)
        assert y.dtype == dtype
        for rules in (op.vjp, op.jvp):
            assert rules[place](np.ones_like(y), y, *inputs).dtype == dtype


def test_the_slope_of_the_absolute_value_of_no_number_is_no_number():
    assert np.isnan(slopes(abs, [np.nan])[0]).all()


def test_where_gives_the_gradient_to_what_was_chosen():
    mask = np.array([True, False])
    assert slopes(lambda a, b: F.where(mask, a, b), [1.0, 2.0], [3.0, 4.0]) == [[1, 0], [0, 1]]
    assert slopes(lambda a: F.where(a > 1, a, 0), [1.0, 2.0]) == [[0, 1]]
