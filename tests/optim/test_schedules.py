"""Schedules against their closed forms."""

from __future__ import annotations

import math
import pickle

import pytest

from glasswork.errors import OptionError
from glasswork.optim import (
    ReduceOnPlateau,
    constant,
    cosine,
    exponential_decay,
    inverse_time,
    one_cycle,
    schedule,
    step_decay,
    warm_up,
)

ALL = [
    constant(0.1),
    exponential_decay(0.1, decay=0.05),
    step_decay(0.1, every=3, factor=0.5),
    inverse_time(0.1, decay=0.5),
    cosine(0.1, steps=20, final=0.01),
    warm_up(5, then=cosine(0.1, steps=15), start=0.1),
    one_cycle(0.1, steps=20),
]
each = pytest.mark.parametrize("schedule", ALL, ids=lambda schedule: schedule.maker.__name__)


@each
def test_a_schedule_comes_back_equal_from_a_pickle(schedule):
    again = pickle.loads(pickle.dumps(schedule))
    assert again == schedule
    assert hash(again) == hash(schedule)
    assert [again(i) for i in range(25)] == [schedule(i) for i in range(25)]


@each
def test_a_schedule_prints_as_the_call_that_makes_it(schedule):
    assert eval(repr(schedule)) == schedule


@each
def test_a_schedule_gives_the_same_whenever_it_is_asked(schedule):
    assert schedule(7) == [schedule(i) for i in (3, 11, 7)][-1]


def test_schedules_of_other_arguments_are_not_equal():
    assert constant(0.1) != constant(0.2)
    assert constant(0.1) != 0.1


def test_exponential_decay_is_the_articles():
    """η(i) = η₀ / e^(λi)."""
    decaying = exponential_decay(0.5, decay=0.1)
    assert decaying(0) == 0.5
    assert decaying(7) == pytest.approx(0.5 / math.exp(0.1 * 7), rel=1e-15)


def test_step_decay_falls_at_every_multiple():
    falling = step_decay(1.0, every=2, factor=0.5)
    assert [falling(i) for i in range(6)] == [1.0, 1.0, 0.5, 0.5, 0.25, 0.25]


def test_inverse_time_falls_like_one_over_the_step():
    falling = inverse_time(1.0, decay=0.5)
    assert [falling(i) for i in (0, 2, 6)] == [1.0, 0.5, 0.25]


def test_cosine_falls_along_half_a_wave_and_stays_down():
    falling = cosine(1.0, steps=4, final=0.5)
    expected = [1.0, 0.75 + 0.25 * math.sqrt(0.5), 0.75, 0.75 - 0.25 * math.sqrt(0.5), 0.5, 0.5]
    assert [falling(i) for i in range(6)] == pytest.approx(expected, rel=1e-15)


def test_warm_up_rises_in_a_straight_line_to_where_the_other_begins():
    both = warm_up(4, then=inverse_time(1.0, decay=1.0), start=0.5)
    assert [both(i) for i in range(6)] == [0.5, 0.625, 0.75, 0.875, 1.0, 0.5]


def test_warm_up_may_lead_to_a_number():
    assert [warm_up(2, then=0.5)(i) for i in range(4)] == [0.0, 0.25, 0.5, 0.5]


def test_warm_up_may_lead_to_any_function():
    assert warm_up(1, then=lambda step: 0.5 + step)(3) == 2.5


def test_one_cycle_begins_peaks_and_ends_where_it_says():
    cycle = one_cycle(2.0, steps=11, rise=5 / 11, start=0.1, end=0.01)
    assert [cycle(0), cycle(4), cycle(10), cycle(50)] == pytest.approx([0.2, 2.0, 0.02, 0.02])
    rates = [cycle(i) for i in range(11)]
    assert rates == [*sorted(rates[:5]), *sorted(rates[5:], reverse=True)]


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_a_cycle_of_a_few_steps_begins_at_its_peak(steps):
    assert one_cycle(2.0, steps=steps)(0) == 2.0


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: constant(-1), "constant: initial is -1"),
        (lambda: exponential_decay(0.1, -1), "exponential_decay: decay is -1"),
        (lambda: step_decay(0.1, 0), "step_decay: every is 0"),
        (lambda: step_decay(0.1, 5, 2.0), r"step_decay: factor is 2\.0"),
        (lambda: cosine(0.1, 0), "cosine: steps is 0"),
        (lambda: warm_up(5, -0.1), r"warm_up: learning_rate is -0\.1"),
        (lambda: warm_up(5, 0.1, start=2), "warm_up: start is 2"),
        (lambda: one_cycle(0.1, 9, rise=0), "one_cycle: rise is 0"),
        (
            lambda: warm_up(5, ReduceOnPlateau(0.1)),
            r"warm_up: ReduceOnPlateau keeps a state, and must be the outermost\.\n  Turn it round",
        ),
    ],
)
def test_an_argument_that_may_not_be_is_named(make, said):
    with pytest.raises(OptionError, match=said):
        make()


def test_a_formula_of_a_user_becomes_a_schedule():
    @schedule
    def halving(step, initial, per=1):
        """Half as much each time."""
        return initial / 2 ** (step // per)

    assert halving(1.0, per=2)(4) == 0.25
    assert repr(halving(1.0)) == "halving(initial=1.0, per=1.0)"
    assert halving.__doc__ == "Half as much each time."


def test_a_missing_argument_is_pythons_error():
    with pytest.raises(TypeError, match="'decay'"):
        exponential_decay(0.1)
