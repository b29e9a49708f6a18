from __future__ import annotations

import numpy as np
import pytest

import glasswork as gw
from glasswork.errors import OptionError
from glasswork.show import (
    Directions,
    Landscape,
    Trail,
    landscape,
    loss_around,
    principal_directions,
    random_directions,
)
from glasswork.train import evaluate

X = np.random.default_rng(0).normal(size=(40, 3)).astype(np.float32)
Y = np.tanh(X @ np.array([[1.0], [-2.0], [0.5]], np.float32))


def made() -> gw.Sequential:
    return gw.Sequential(gw.Linear(3, 4, rng=0), gw.Tanh(), gw.Linear(4, 1, rng=1))


def flat(model: gw.Module) -> np.ndarray:
    return np.concatenate([p.els.ravel() for p in model.parameters()]).astype(float)


def trained(every: int | None = None, **options) -> tuple[gw.Module, Trail]:
    model, trail = made(), Trail(every)
    optimizer = gw.SGD(model.parameters(), 0.1)
    gw.fit(model, gw.MSE(), optimizer, (X, Y), 6, callbacks=[trail], rng=0, **options)
    return model, trail


@pytest.mark.parametrize("compile", [False, True])
def test_a_trail_has_the_start_and_the_end_of_each_epoch(compile):
    model, trail = trained(compile=compile)
    assert len(trail.points) == 1 + 6
    np.testing.assert_array_equal(trail.points[0], flat(made()))
    np.testing.assert_array_equal(trail.points[-1], flat(model))
    assert not np.array_equal(trail.points[-2], trail.points[-1])


def test_a_trail_may_have_every_so_many_batches():
    model, trail = trained(every=3)  # of 2 batches in each of 6 epochs
    assert len(trail.points) == 1 + 4
    np.testing.assert_array_equal(trail.points[-1], flat(model))


def test_a_trail_goes_on_with_a_training_that_is_resumed(tmp_path):
    whole, parts = [], []
    for points, pieces in ((whole, [4]), (parts, [2, 4])):
        for epochs in pieces:
            model, trail = made(), Trail()
            optimizer = gw.SGD(model.parameters(), 0.1)
            options = {"checkpoint": tmp_path / str(len(pieces)), "resume": True, "rng": 0}
            gw.fit(model, gw.MSE(), optimizer, (X, Y), epochs, callbacks=[trail], **options)
        points.extend(trail.points)
    np.testing.assert_array_equal(whole, parts)


def test_random_directions_weigh_as_much_as_the_weights_of_each_unit():
    model = made()
    directions = random_directions(model, rng=0)
    start = 0
    for parameter in model.parameters():
        parts = directions.pair[:, start : start + parameter.size].reshape(2, *parameter.shape)
        start += parameter.size
        if parameter.ndim == 2:
            norms = np.linalg.norm(parameter.els, axis=0)
            np.testing.assert_allclose(np.linalg.norm(parts, axis=1), [norms, norms], rtol=1e-6)
        else:
            assert not parts.any()
    other = random_directions(model, rng=1).pair
    assert not np.array_equal(directions.pair, other)
    np.testing.assert_array_equal(directions.pair, random_directions(model, rng=0).pair)


def test_principal_directions_span_what_a_training_moved_in(rng):
    basis = np.linalg.qr(rng.normal(size=(20, 2)))[0].T
    places = np.stack([np.linspace(5, 0, 8), np.sin(np.linspace(0, np.pi, 8))], axis=1)
    points = 3 + places @ basis
    directions = principal_directions(list(points))
    projection = directions.pair.T @ directions.pair
    np.testing.assert_allclose(projection @ basis.T, basis.T, atol=1e-9)
    path = directions.coordinates(points, points[-1])
    np.testing.assert_allclose(path @ directions.pair, points - points[-1], atol=1e-9)
    shares = [float(name.split(", ")[1].removesuffix(" %")) for name in directions.names]
    assert shares[0] > shares[1] and sum(shares) == 100


@pytest.mark.parametrize("points", [[], [np.zeros(3)] * 2, [k * np.ones(3) for k in range(4)]])
def test_what_spans_no_plane_is_an_error(points):
    with pytest.raises(OptionError, match="do not span a plane"):
        principal_directions(points)


def test_a_landscape_is_the_loss_at_each_point_of_the_plane():
    model, _ = trained()
    directions = random_directions(model, rng=0)
    found = loss_around(model, gw.MSE(), (X, Y), directions, reach=0.5, size=5)
    assert (found.x[0], found.x[2], found.y[-1]) == (-0.5, 0, 0.5)
    assert found.losses[2, 2] == evaluate(model, gw.MSE(), (X, Y))["loss"]
    moved = flat(model) + np.array([found.x[1], found.y[4]]) @ directions.pair
    start = 0
    for parameter in (other := made()).parameters():
        part = moved[start : start + parameter.size]
        parameter.els = part.reshape(parameter.shape).astype(np.float32)
        start += parameter.size
    assert found.losses[4, 1] == evaluate(other, gw.MSE(), (X, Y))["loss"]
    assert found.path.shape == (0, 2)


def test_the_network_is_afterwards_what_it_was_also_after_an_error():
    model = made()
    before = flat(model)
    directions = random_directions(model, rng=0)
    loss_around(model, gw.MSE(), (X, Y), directions, size=3)
    with pytest.raises(ValueError, match=r".*"):
        loss_around(model, gw.MSE(), (X[:, :2], Y), directions, size=3)
    np.testing.assert_array_equal(flat(model), before)


def test_the_way_of_a_training_ends_at_the_network_within_the_picture():
    model, trail = trained()
    directions = principal_directions(trail.points)
    found = loss_around(model, gw.MSE(), (X, Y), directions, trail.points, size=5)
    np.testing.assert_allclose(found.path[-1], [0, 0], atol=1e-9)
    assert found.path.shape == (7, 2)
    for side, column in zip((found.x, found.y), found.path.T, strict=True):
        assert side[0] < column.min() and column.max() < side[-1]


def test_directions_of_another_network_are_an_error():
    with pytest.raises(OptionError, match=r"directions are \(2, 21\).\n.* has 4 parameters"):
        loss_around(gw.Linear(3, 1), gw.MSE(), (X, Y), random_directions(made()))


def landscape_of(losses: np.ndarray, path: np.ndarray) -> Landscape:
    side = np.linspace(-1, 1, len(losses))
    return Landscape(side, side, losses, path, ("this way", "that way"))


def test_a_picture_has_the_path_the_network_and_the_names_of_the_directions(figure):
    path = np.array([[1.0, 1.0], [0.5, 0.2], [0.0, 0.0]])
    side = np.linspace(-1, 1, 9)
    losses = 1 + side**2 + side[:, None] ** 2
    axes = landscape(landscape_of(losses, path), figure.subplots())
    way, star = axes.get_lines()
    np.testing.assert_array_equal(way.get_xydata(), path)
    assert star.get_xydata().tolist() == [[0, 0]]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("this way", "that way")
    drawn = axes.collections[0]
    assert drawn.get_clim() == (pytest.approx(1), pytest.approx(3))
    assert figure.axes[1].get_ylabel() == "loss"


def test_heights_of_many_sizes_are_drawn_by_their_logarithms(figure):
    losses = np.geomspace(1e-3, 10, 81).reshape(9, 9)
    losses[0, 0] = np.inf
    axes = landscape(landscape_of(losses, np.empty((0, 2))), figure.subplots())
    assert type(axes.collections[0].norm).__name__ == "LogNorm"
    assert len(axes.get_lines()) == 1


def test_coordinates_are_those_of_the_nearest_point():
    directions = Directions(np.array([[1.0, 0, 0], [1.0, 1, 0]]), ("a", "b"))
    found = directions.coordinates(np.array([[3.0, 1.0, 9.0]]), np.zeros(3))
    np.testing.assert_allclose(found, [[2, 1]], atol=1e-12)


def test_a_loss_that_is_the_same_everywhere_is_drawn(figure):
    axes = landscape(landscape_of(np.full((9, 9), 0.5), np.empty((0, 2))), figure.subplots())
    assert axes.collections[0].get_clim()[0] == 0.5


def test_a_loss_that_is_nowhere_a_number_is_an_error():
    pytest.importorskip("matplotlib")
    with pytest.raises(OptionError, match="nowhere a number"):
        landscape(landscape_of(np.full((9, 9), np.nan), np.empty((0, 2))))


def test_a_training_goes_on_after_its_landscape_was_measured():
    model, trail = trained()
    optimizer, other = gw.SGD(model.parameters(), 0.1), trained()[0]
    loss_around(model, gw.MSE(), (X, Y), principal_directions(trail.points), size=3)
    gw.fit(model, gw.MSE(), optimizer, (X, Y), 2, rng=1)
    gw.fit(other, gw.MSE(), gw.SGD(other.parameters(), 0.1), (X, Y), 2, rng=1)
    np.testing.assert_array_equal(flat(model), flat(other))
