"""The door to named datasets and to files; the digits that ship with the package: whole, small,
and with their papers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import glasswork.data
from glasswork.data import DATASETS, digits, load
from glasswork.errors import DataError, OptionError

FOLDER = Path(glasswork.data.__file__).parent


@pytest.mark.parametrize("name", DATASETS)
def test_every_name_loads_a_dataset_that_is_called_so_and_described(name):
    dataset = load(name, rng=0)
    assert dataset.name == name
    assert dataset.description
    assert dataset.license
    assert dataset.source


def test_the_seed_reaches_what_is_generated():
    assert (load("moons", rng=3).x == load("moons", rng=np.random.default_rng(3)).x).all()


def test_what_is_no_name_is_a_path(tmp_path):
    (tmp_path / "table.csv").write_text("1,2,0.5\n3,4,0.25\n")
    assert load(tmp_path / "table.csv").name == "table"
    assert load(str(tmp_path / "table.csv"), target=0, task="classification").classes == ("1", "3")


def test_a_name_comes_before_a_file_of_that_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "moons").mkdir()
    assert load("moons").name == "moons"
    with pytest.raises(DataError, match="no files of training pictures"):
        load("./moons")


def test_a_name_that_is_nearly_right_is_guessed():
    with pytest.raises(DataError, match="no dataset and no file is called 'digit'") as error:
        load("digit")
    assert "digits, moons, spirals, circles, line" in str(error.value)
    assert "Did you mean digits?" in str(error.value)


def test_a_name_that_is_like_no_other_is_not_guessed():
    with pytest.raises(DataError, match="Pass a name or the path of a file"):
        load("nothing/like/it.csv")


@pytest.mark.parametrize("option", [{"target": 0}, {"task": "regression"}], ids=repr)
def test_options_for_files_are_refused_for_built_in_datasets(option):
    with pytest.raises(OptionError, match="for files, and digits is a built-in dataset"):
        load("digits", **option)


def test_names_cannot_be_overwritten():
    with pytest.raises(TypeError):
        DATASETS["digits"] = None


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
