"""Generated datasets: on their curves, noisy as asked, and repeatable."""

from __future__ import annotations

import numpy as np
import pytest

from glasswork.data import circles, line, moons, spirals
from glasswork.errors import OptionError
from glasswork.randomness import seed

PLANES = [moons, circles, spirals]


@pytest.mark.parametrize("make", PLANES)
def test_classes_have_equal_shares_and_names(make):
    dataset = make(samples=101, rng=0)
    assert (dataset.x.shape, dataset.x.dtype) == ((101, 2), np.float32)
    assert (dataset.y.shape, dataset.y.dtype) == ((101,), np.int64)
    assert np.bincount(dataset.y).tolist() == [51, 50]
    assert len(dataset.classes) == dataset.outputs == 2
    assert dataset.name == make.__name__
    assert dataset.source == f"glasswork.data.{make.__name__}"


@pytest.mark.parametrize("make", [*PLANES, line])
def test_one_seed_gives_one_dataset(make):
    once, again, other = make(rng=0), make(rng=0), make(rng=1)
    assert (once.x == again.x).all()
    assert (once.y == again.y).all()
    assert (once.x != other.x).any()
    seed(0)
    assert (make().x == once.x).all()


@pytest.mark.parametrize("make", PLANES)
def test_noise_moves_each_coordinate_by_its_deviation(make):
    still, moved = make(samples=20_000, noise=0, rng=0).x, make(samples=20_000, noise=0.5, rng=0).x
    apart = (moved - still).astype(np.float64)
    assert apart.mean() == pytest.approx(0, abs=5 * 0.5 / np.sqrt(40_000))  # five standard errors
    assert apart.std() == pytest.approx(0.5, rel=5 / np.sqrt(80_000))


def test_moons_are_half_circles_that_reach_into_each_other():
    dataset = moons(noise=0, rng=0)
    upper, lower = (dataset.x[dataset.y == label] for label in (0, 1))
    assert np.hypot(*upper.T) == pytest.approx(1)
    assert np.hypot(*(lower - [1, 0.5]).T) == pytest.approx(1)
    assert upper[:, 1].min() >= 0
    assert lower[:, 1].max() <= 0.5
    assert lower[:, 0].min() < upper[:, 0].max()


def test_circles_have_radius_one_and_half():
    dataset = circles(noise=0, rng=0)
    assert np.hypot(*dataset.x.T) == pytest.approx(np.where(dataset.y == 0, 1, 0.5))


def test_spirals_are_one_another_turned_by_half_a_turn():
    dataset = spirals(noise=0, turns=2, rng=0)
    radius = np.hypot(*dataset.x.T)
    start = np.where(dataset.y == 0, 0, np.pi)
    expected = [np.cos(4 * np.pi * radius + start), np.sin(4 * np.pi * radius + start)]
    assert dataset.x == pytest.approx((radius * expected).T, abs=1e-5)
    assert radius.max() <= 1


def test_the_line_states_its_true_values():
    dataset = line(slope=-3, intercept=-0.5, noise=0, rng=0)
    assert "y = -3 x - 0.5" in dataset.description
    assert dataset.y == pytest.approx(-3 * dataset.x - 0.5, abs=1e-6)
    assert (dataset.task, dataset.inputs, dataset.outputs) == ("regression", 1, 1)


def test_the_closed_form_finds_the_line_again():
    dataset = line(samples=10_000, noise=0.1, rng=0)
    x = np.hstack([dataset.x, np.ones_like(dataset.x)]).astype(np.float64)
    (slope,), (intercept,) = np.linalg.lstsq(x, dataset.y)[0]
    assert slope == pytest.approx(2, abs=5 * 0.1 / np.sqrt(10_000 / 3))  # five standard errors
    assert intercept == pytest.approx(1, abs=5 * 0.1 / np.sqrt(10_000))


@pytest.mark.parametrize("make", [*PLANES, line])
@pytest.mark.parametrize("options", [{"samples": 0}, {"noise": -0.1}, {"noise": np.inf}], ids=repr)
def test_options_that_make_no_dataset_are_refused(make, options):
    with pytest.raises(OptionError, match=rf"^{make.__name__}: {next(iter(options))} is"):
        make(**options)
