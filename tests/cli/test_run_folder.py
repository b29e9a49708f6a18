from __future__ import annotations

import json
from pathlib import Path

import pytest

from glasswork.cli.run_folder import HISTORY, MODEL, new_folder, read_run
from glasswork.errors import DataError, OptionError
from glasswork.nn import Linear
from glasswork.saving import save

RECORD = {"dataset": {"inputs": 3, "classes": ["no", "yes"]}, "options": {"loss": "mse"}}


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_run_folders_are_numbered_from_1():
    for number in (1, 2, 3):
        with new_folder(None, "digits") as folder:
            assert folder == Path(f"runs/digits-{number}")
            assert folder.is_dir()


def test_a_number_that_is_taken_is_passed_over():
    Path("runs").mkdir()
    Path("runs/digits-1").write_text("a file of mine")
    with new_folder(None, "digits") as folder:
        assert folder == Path("runs/digits-2")


def test_a_folder_can_be_named_and_its_parents_are_made():
    with new_folder(Path("a/b/c"), "digits"):
        assert Path("a/b/c").is_dir()
    assert Path("a/b/c").is_dir()


def test_a_folder_that_is_there_is_not_touched():
    Path("mine").mkdir()
    with (
        pytest.raises(OptionError, match="--out: mine is there already"),
        new_folder(Path("mine"), ""),
    ):
        pass
    assert Path("mine").is_dir()


def fail(out: Path | None, error: type[BaseException] = RuntimeError, file: str | None = None):
    """Fail in a new folder, with or without a file in it."""
    with new_folder(out, "digits") as folder:
        if file is not None:
            (folder / file).touch()
        raise error


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_after_an_error_nothing_that_was_made_is_left(error, here):
    with pytest.raises(error):
        fail(Path("a/b"), error)
    assert not list(here.iterdir())


def test_after_an_error_there_is_no_half_of_a_run(here):
    with pytest.raises(RuntimeError):
        fail(Path("a/b"), file=MODEL)
    assert not list(here.iterdir())


def test_after_an_error_what_somebody_else_has_put_there_stays():
    with pytest.raises(RuntimeError):
        fail(Path("a/b"), file="notes.txt")
    assert Path("a/b/notes.txt").exists()


def test_after_an_error_folders_that_were_there_stay():
    Path("runs").mkdir()
    with pytest.raises(RuntimeError):
        fail(None)
    assert not list(Path("runs").iterdir())


def written(record: object = RECORD) -> Path:
    with new_folder(None, "digits") as folder:
        save(Linear(3, 2, rng=0), folder / MODEL)
        text = record if isinstance(record, str) else json.dumps(record)
        (folder / HISTORY).write_text(text)
    return folder


def test_a_run_is_read_back():
    run = read_run(written())
    assert (run.inputs, run.classes, run.loss) == (3, ["no", "yes"], "mse")
    assert run.model.weights.shape == (3, 2)


@pytest.mark.parametrize("missing", [HISTORY, MODEL])
def test_a_folder_without_one_of_the_files_is_no_run_folder(missing):
    folder = written()
    (folder / missing).unlink()
    with pytest.raises(DataError, match=f"is no run folder.\n.*{missing}: No such file"):
        read_run(folder)


@pytest.mark.parametrize("record", ["{", "not JSON", '{"a": NaN}'])
def test_a_history_that_is_not_json_is_damaged(record):
    with pytest.raises(DataError, match=r"history\.json is damaged"):
        read_run(written(record))


@pytest.mark.parametrize("record", [{}, [], {**RECORD, "dataset": {"inputs": "3"}}])
def test_a_history_that_lacks_what_is_needed_is_told(record):
    with pytest.raises(DataError, match="does not say how to use the network"):
        read_run(written(record))


def test_a_damaged_model_is_named():
    folder = written()
    (folder / MODEL).write_bytes(b"no model")
    with pytest.raises(DataError, match=MODEL):
        read_run(folder)
