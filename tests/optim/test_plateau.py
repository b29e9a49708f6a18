"""A learning rate that falls when a metric no longer gets better."""

from __future__ import annotations

import pickle

import pytest

from glasswork.errors import OptionError, StateError
from glasswork.optim import ReduceOnPlateau, step_decay, warm_up


def rates(plateau, metrics):
    found = []
    for metric in metrics:
        plateau.observe(metric)
        found.append(plateau(0))
    return found


def test_it_falls_after_more_bad_observations_than_patience():
    plateau = ReduceOnPlateau(1.0, factor=0.5, patience=1)
    assert rates(plateau, [3, 2, 2, 2, 2, 2]) == [1, 1, 1, 0.5, 0.5, 0.25]


def test_a_better_metric_starts_the_wait_anew():
    plateau = ReduceOnPlateau(1.0, factor=0.5, patience=1)
    assert rates(plateau, [3, 3, 2, 2, 1, 1]) == [1] * 6


def test_what_is_better_by_less_than_the_threshold_is_not():
    plateau = ReduceOnPlateau(1.0, factor=0.5, patience=0, threshold=0.1)
    assert rates(plateau, [10, 8.9, 8.1]) == [1, 1, 0.5]


def test_more_is_better_if_it_is_told_so():
    plateau = ReduceOnPlateau(1.0, factor=0.5, patience=0, maximize=True)
    assert rates(plateau, [0.5, 0.6, 0.6]) == [1, 1, 0.5]


def test_after_a_fall_it_rests():
    plateau = ReduceOnPlateau(1.0, factor=0.5, patience=0, cooldown=2)
    assert rates(plateau, [1, 1, 1, 1, 1]) == [1, 0.5, 0.5, 0.5, 0.25]


def test_nan_is_no_better():
    assert rates(ReduceOnPlateau(1.0, factor=0.5, patience=0), [1, float("nan")]) == [1, 0.5]


def test_it_stops_at_the_minimum():
    plateau = ReduceOnPlateau(1.0, factor=0.1, patience=0, minimum=0.05)
    assert rates(plateau, [1, 1, 1, 1]) == [1, 0.1, 0.05, 0.05]


def test_the_minimum_does_not_raise_a_schedule_that_is_below_it():
    assert ReduceOnPlateau(step_decay(1.0, every=1, factor=0.1), minimum=0.5)(3) == pytest.approx(
        1e-3
    )


def test_it_reduces_a_schedule():
    plateau = ReduceOnPlateau(warm_up(4, then=1.0), factor=0.5, patience=0)
    assert plateau(2) == 0.5
    assert rates(plateau, [1, 1]) == [0, 0]
    assert [plateau(2), plateau(4)] == [0.25, 0.5]


def test_its_state_goes_over_to_another():
    one, other = ReduceOnPlateau(1.0, patience=1), ReduceOnPlateau(1.0, patience=1)
    rates(one, [2, 1, 1])
    other.load_state_dict(one.state_dict())
    assert rates(other, [1, 1, 1]) == rates(one, [1, 1, 1])


def test_a_state_that_does_not_fit_changes_nothing():
    plateau = ReduceOnPlateau(1.0)
    rates(plateau, [2, 1])
    before = plateau.state_dict()
    with pytest.raises(StateError, match=r"ReduceOnPlateau: .*\n  missing     resting"):
        plateau.load_state_dict({"best": 7.0, "reductions": 3, "waited": 0})
    assert plateau.state_dict() == before


def test_it_comes_back_from_a_pickle():
    plateau = ReduceOnPlateau(step_decay(1.0, every=5), patience=0)
    rates(plateau, [1, 1])
    assert pickle.loads(pickle.dumps(plateau))(0) == plateau(0) == 0.1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"factor": 2.0}, r"ReduceOnPlateau: factor is 2\.0"),
        ({"patience": -1}, "ReduceOnPlateau: patience is -1"),
        ({"learning_rate": -1}, "ReduceOnPlateau: learning_rate is -1"),
        (
            {"learning_rate": ReduceOnPlateau(0.1)},
            "ReduceOnPlateau: ReduceOnPlateau keeps a state, and must be the outermost",
        ),
    ],
)
def test_an_option_that_may_not_be_is_named(options, said):
    with pytest.raises(OptionError, match=said):
        ReduceOnPlateau(**{"learning_rate": 0.1, **options})
