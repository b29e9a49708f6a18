"""Rules are pure: what goes in stays, what comes out follows the equations, for any array-like."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from numpy.lib.mixins import NDArrayOperatorsMixin

from glasswork.optim import rules

ADAM = {"step_number": 3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
RULES = {
    "descent": (rules.descent, 0, {}),
    "heavy_ball": (rules.heavy_ball, 1, {"momentum": 0.9}),
    "nesterov": (rules.nesterov, 1, {"momentum": 0.9}),
    "adam": (rules.adam, 2, ADAM),
    "rmsprop": (rules.rmsprop, 1, {"smoothing": 0.99, "epsilon": 1e-8}),
    "adagrad": (rules.adagrad, 1, {"epsilon": 1e-10}),
    "with_l2": (partial(rules.with_l2, rules.descent), 0, {"l2": 0.1}),
    "with_l1": (partial(rules.with_l1, rules.heavy_ball), 1, {"l1": 0.1, "momentum": 0.9}),
    "with_weight_decay": (
        partial(rules.with_weight_decay, rules.adam), 2, {"weight_decay": 0.1, **ADAM},
    ),
}  # fmt: skip


@pytest.fixture(params=RULES)
def case(request, rng):
    """A rule, arrays for it that cannot be written, and its options."""
    rule, remembered, options = RULES[request.param]
    arrays = [np.abs(rng.standard_normal((3, 2), np.float32)) for _ in range(2 + remembered)]
    for array in arrays:
        array.flags.writeable = False
    return rule, arrays, {"learning_rate": 0.1, **options}


class Watched(NDArrayOperatorsMixin):
    """An array-like that knows NumPy's calls only: no value can be looked at.

    Written is only what a call has made, and by that call's result.
    """

    def __init__(self, els):
        self.els = els

    def __array_ufunc__(self, ufunc, method, *inputs, out=None):
        assert method == "__call__"
        els = ufunc(*(x.els if isinstance(x, Watched) else x for x in inputs))
        if out is None:
            return Watched(els)
        (made,) = out
        assert made.els.flags.writeable
        made.els = els
        return made

    def __bool__(self):
        raise AssertionError("a rule looked at a value")

    __array__ = __float__ = __bool__


def test_a_rule_writes_into_none_of_its_arrays(case):
    rule, arrays, options = case
    before = [array.copy() for array in arrays]
    rule(*arrays, **options)
    assert all(map(np.array_equal, arrays, before))


def test_a_rule_returns_the_step_and_as_much_memory_as_it_was_given(case):
    rule, arrays, options = case
    assert len(rule(*arrays, **options)) == len(arrays) - 1


def test_a_rule_runs_on_whatever_answers_the_calls_of_numpy_bit_for_bit(case):
    rule, arrays, options = case
    watched = rule(*map(Watched, arrays), **options)
    assert all(map(np.array_equal, (w.els for w in watched), rule(*arrays, **options)))


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_a_rule_keeps_the_dtype(case, dtype):
    rule, arrays, options = case
    results = rule(*(array.astype(dtype) for array in arrays), **options)
    assert {result.dtype for result in results} == {np.dtype(dtype)}


def test_a_rule_keeps_the_dtype_of_single_numbers(case):
    rule, arrays, options = case
    results = rule(*(array[0, 0] for array in arrays), **options)
    assert {result.dtype for result in results} == {np.dtype(np.float32)}


def test_the_heavy_ball_moves_by_the_new_velocity():
    step, velocity = rules.heavy_ball(5.0, 2.0, 8.0, learning_rate=0.25, momentum=0.5)
    assert step == velocity == 0.5 * 8.0 - 0.25 * 2.0


def test_nesterov_is_the_heavy_ball_with_the_gradient_taken_ahead():
    """W is the article's W plus αU: where the look-ahead form evaluates the gradient."""
    rate, alpha = 0.05, 0.9
    base, ball = 4.0, 0.0  # of Sutskever's form
    w, velocity = 4.0, 0.0  # of ours
    for _ in range(20):
        ball = alpha * ball - rate * 2 * (base + alpha * ball - 1)
        base += ball
        step, velocity = rules.nesterov(
            w, 2 * (w - 1), velocity, learning_rate=rate, momentum=alpha
        )
        w += step
        assert w == pytest.approx(base + alpha * ball, rel=1e-12)  # rounding of 20 steps


def test_adam_in_its_two_forms_is_one():
    """As printed in algorithm 1, with the corrected moments."""
    g, mean, square = np.array([1.0, -3.0]), np.array([0.5, 0.25]), np.array([2.0, 0.1])
    step, mean_after, square_after = rules.adam(0.0, g, mean, square, learning_rate=0.1, **ADAM)
    mean = 0.9 * mean + 0.1 * g
    square = 0.999 * square + 0.001 * g**2
    corrected = mean / (1 - 0.9**3) / (np.sqrt(square / (1 - 0.999**3)) + 1e-8)
    np.testing.assert_allclose(step, -0.1 * corrected, rtol=1e-14)  # a few roundings
    np.testing.assert_allclose([mean_after, square_after], [mean, square], rtol=1e-14)


def test_weight_decay_leaves_the_memory_as_it_would_be_without():
    options = {"learning_rate": 0.1, "momentum": 0.9}
    _, with_it = rules.with_weight_decay(
        rules.heavy_ball, 9.0, 1.0, 2.0, weight_decay=0.5, **options
    )
    assert with_it == rules.heavy_ball(9.0, 1.0, 2.0, **options)[1]


def test_l1_gives_no_gradient_where_the_weight_is_zero():
    (step,) = rules.with_l1(rules.descent, np.zeros(3), np.zeros(3), l1=1.0, learning_rate=1.0)
    assert not step.any()
