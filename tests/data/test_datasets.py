"""The door to named datasets and to files."""

from __future__ import annotations

import numpy as np
import pytest

from glasswork.data import DATASETS, load
from glasswork.errors import DataError, OptionError


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
