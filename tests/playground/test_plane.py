from __future__ import annotations

import numpy as np

from glasswork.data import Dataset
from glasswork.playground.plane import CELLS

from .trained import material


def wide(columns: int) -> Dataset:
    x = np.random.default_rng(0).normal(size=(60, columns)).astype(np.float32)
    x[:5, -1] = np.nan
    y = (x[:, 0] > 0).astype(np.int64)
    return Dataset(name="wide", x=x, y=y, task="classification", classes=("no", "yes"))


def test_the_grid_goes_row_by_row_from_the_upper_left():
    found = material(data="spirals")
    left, right, bottom, top = found.plane.extent
    grid = found.plane.grid.reshape(CELLS, CELLS, 2)
    raw = grid * found.train.raw.std(axis=0) + found.train.raw.mean(axis=0)
    np.testing.assert_allclose(raw[0, 0], [left, top], atol=1e-5)
    np.testing.assert_allclose(raw[0, -1], [right, top], atol=1e-5)
    np.testing.assert_allclose(raw[-1, 0], [left, bottom], atol=1e-5)


def test_all_points_are_inside_with_some_room():
    found = material(data="moons")
    left, right, bottom, top = found.plane.extent
    x, y = found.dataset.x.T
    assert left < x.min() and x.max() < right and bottom < y.min() and y.max() < top


def test_of_many_columns_two_are_drawn_and_the_others_stand_in_their_middle():
    found = material(wide(4), data="upload", axes="2,0")
    assert found.plane.axes == (2, 0)
    grid = found.plane.grid.reshape(CELLS, CELLS, -1)
    assert np.ptp(grid[:, :, 2]) > 1 and np.ptp(grid[:, 0, 2]) == 0
    assert np.ptp(grid[:, :, 0]) > 1 and np.ptp(grid[0, :, 0]) == 0
    assert np.ptp(grid[:, :, 1]) == 0


def test_axes_that_are_none_are_the_last_column():
    assert material(wide(3), data="upload", axes="7,1").plane.axes == (2, 1)


def test_a_missing_number_is_drawn_in_the_middle_of_its_column():
    found = material(wide(3), data="upload", axes="0,2")
    points = found.plane.points(found.dataset.x, found.dataset.y)
    assert np.isfinite(points).all()
    holes = np.isnan(found.dataset.x[:, 2])
    assert holes.sum() == 5 and (points[holes, 1] == found.plane.usual[2]).all()


def test_a_column_of_which_the_training_part_knows_nothing_is_drawn_at_0():
    table = wide(3)
    table.x[6:, 2] = np.nan  # one number is left
    parts = [material(table, data="upload", axes="0,2", seed=seed) for seed in range(9)]
    found = next(found for found in parts if np.isnan(found.train.raw[:, 2]).all())
    assert found.plane.usual[2] == 0 and np.isfinite(found.plane.grid).all()


def test_points_of_one_column_are_drawn_at_their_targets():
    found = material(data="line")
    assert found.plane.grid.shape == (CELLS, 1)
    points = found.plane.points(found.train.raw, found.train.y.reshape(-1))
    np.testing.assert_array_equal(points, np.column_stack([found.train.raw, found.train.y]))


def test_pictures_have_no_plane():
    assert material(data="digits").plane is None
