from __future__ import annotations

import numpy as np
import pytest

from glasswork.data import Dataset, moons
from glasswork.errors import OptionError
from glasswork.playground.uploads import dataset_of

from .trained import material

TABLE = b"""size,color,weight,price
1,red,10,5.5
2,blue,20,7.5
,red,15,6
4,blue,,9
5,red,30,11
3,blue,25,8
"""


def test_points_are_parted_and_brought_to_mean_0_and_deviation_1_by_the_training_part():
    found = material(data="moons", samples=200, test=0.25, seed=3)
    assert (len(found.train.x), len(found.test.x)) == (150, 50)
    np.testing.assert_allclose(found.train.x.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(found.train.x.std(axis=0), 1, rtol=1e-5)
    mean, deviation = found.train.raw.mean(axis=0), found.train.raw.std(axis=0)
    np.testing.assert_allclose(found.test.x, (found.test.raw - mean) / deviation, rtol=1e-4)


def test_the_points_are_those_of_the_library_with_the_same_seed():
    found = material(data="moons", samples=100, noise=0.3, seed=5)
    expected = moons(samples=100, noise=0.3, rng=5)
    assert np.array_equal(found.dataset.x, expected.x)
    assert np.array_equal(
        np.sort(np.concatenate([found.train.raw, found.test.raw]), axis=0),
        np.sort(expected.x, axis=0),
    )


def test_two_classes_are_one_output_and_more_are_one_each():
    two, ten = material(data="circles"), material(data="digits")
    assert (two.outputs, two.train.y.shape[1:], two.is_binary) == (1, (1,), True)
    assert (ten.outputs, ten.train.y.shape[1:], ten.is_binary) == (10, (), False)


def test_features_are_made_of_scaled_coordinates():
    found = material(data="spirals", features="x1,x2,sinx2")
    assert found.inputs == ["x₁", "x₂", "sin πx₂"]
    np.testing.assert_allclose(found.train.x[:, 2], np.sin(np.pi * found.train.x[:, 1]), atol=1e-5)


def test_on_a_line_only_features_of_x1_are_made():
    assert material(data="line", features="x2,x1sq").inputs == ["x₁²"]
    assert material(data="line", features="x2").inputs == ["x₁"]
    assert material(data="line").choices == ["x1", "x1sq", "sinx1"]


def test_of_pictures_and_of_more_than_two_columns_no_features_are_made():
    wide = dataset_of(b"".join(b"%d,%d,%d,%d\n" % (i, -i, i % 5, i % 2) for i in range(40)))
    assert material(data="digits").choices == material(wide, data="upload").choices == []


def test_without_an_upload_there_is_nothing_to_learn():
    with pytest.raises(OptionError, match="no file has been sent"):
        material(data="upload")


def test_of_a_table_words_become_columns_and_holes_are_filled():
    pytest.importorskip("pandas", reason="tables with words need it")
    found = material(dataset_of(TABLE), data="upload", test=0.34)
    assert [name for name in found.inputs if "missing" not in name] == [
        *("size", "weight", "color: blue", "color: red")
    ]
    assert found.train.x.shape[1] == len(found.inputs)
    assert np.isfinite(found.train.x).all() and np.isfinite(found.plane.grid).all()


def test_values_of_a_table_are_learnt_scaled_and_told_in_their_own_unit():
    rows = "\n".join(f"{i},{i % 7},{1000 + 10 * i}.5" for i in range(40))
    found = material(dataset_of(rows.encode()), data="upload")
    assert found.is_regression and abs(found.train.y.mean()) < 1e-5
    assert found.values(found.train.y).min() >= 1000


def test_of_a_long_table_as_many_rows_are_taken_as_the_state_says():
    x = np.arange(3000, dtype=np.float32).reshape(-1, 1)
    table = Dataset(
        name="long", x=x, y=np.arange(3000) % 2, task="classification", classes=("a", "b")
    )
    found = material(table, data="upload", samples=100)
    assert len(found.train.x) + len(found.test.x) == 100
