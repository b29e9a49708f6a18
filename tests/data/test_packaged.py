"""The digits that ship with the package: whole, small, and with their papers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import glasswork.data
from glasswork.data import digits

FOLDER = Path(glasswork.data.__file__).parent


def test_there_are_1797_pictures_scaled_to_one():
    dataset = digits()
    assert (dataset.x.shape, dataset.x.dtype) == ((1797, 64), np.float32)
    assert (dataset.x.min(), dataset.x.max()) == (0, 1)
    assert (dataset.y.shape, dataset.y.dtype) == ((1797,), np.int64)
    assert (dataset.inputs, dataset.outputs, dataset.image_shape) == (64, 10, (8, 8))


def test_there_are_as_many_of_each_as_the_authors_count():
    counts = [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert np.bincount(digits().y).tolist() == counts


def test_each_call_gives_arrays_of_its_own():
    digits().x.fill(7)
    assert digits().x.max() == 1


def test_they_weigh_less_than_35_kilobytes():
    assert (FOLDER / "digits.npz").stat().st_size < 35_000


@pytest.mark.parametrize("word", ["CC BY 4.0", "Alpaydin", "Kaynak", "10.24432/C50P49", "changed"])
def test_their_license_lies_beside_them(word):
    assert word in (FOLDER / "digits.txt").read_text(encoding="utf-8")


def test_the_dataset_names_license_and_source():
    assert digits().license == "CC BY 4.0"
    assert "10.24432/C50P49" in digits().source


@pytest.mark.peers
def test_they_are_those_of_scikit_learn():
    sklearn_datasets = pytest.importorskip("sklearn.datasets")
    x, y = sklearn_datasets.load_digits(return_X_y=True)
    assert (digits().x * 16 == x).all()
    assert (digits().y == y).all()
