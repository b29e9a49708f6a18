"""Checkpoints that are refused, and arguments of which nothing can be made."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

import glasswork as gw
from glasswork.data import Batches
from glasswork.errors import DataError, OptionError, StateError
from glasswork.nn import Linear, Sequential
from glasswork.optim import SGD, Adam
from glasswork.saving.states import read_state, write_state

from .broken import Counting, Plug, PlugError, Trained, X, Y, files

pytestmark = pytest.mark.usefixtures("nothing_waits_for_the_disk")

OTHERS = {
    "model": lambda t: setattr(t, "model", Sequential(Linear(4, 2, rng=0))),
    "loss": lambda t: setattr(t, "loss", gw.CrossEntropy("sum")),
    "optimizer": lambda t: setattr(t, "optimizer", SGD(t.model.parameters(), 0.1)),
    "data": lambda t: setattr(t, "data", Batches(-X, Y, batch_size=9, rng=0)),
}


@pytest.mark.parametrize("name", OTHERS)
def test_a_checkpoint_of_another_training_is_refused_before_anything_is_changed(name, tmp_path):
    Trained().broken(tmp_path, Plug(13), every=1)
    other, before = Trained(), files(tmp_path)
    OTHERS[name](other)
    if name == "model":
        other.optimizer = Adam(other.model.parameters(), other.plateau)
    values = other.model.state_dict()
    with pytest.raises(StateError, match=rf"nothing has been changed.\n.*{name}: it is of\n"):
        other.fit(tmp_path, resume=True)
    assert all(np.array_equal(values[k], v) for k, v in other.model.state_dict().items())
    assert other.optimizer.steps == 0
    assert files(tmp_path) == before


def test_other_options_of_fit_are_refused(tmp_path):
    Trained().broken(tmp_path, Plug(13))
    with pytest.raises(StateError, match=r"clipping: it is of\n    None, None\n  and here is"):
        Trained().fit(tmp_path, resume=True, clip_norm=1.0)


def test_compiled_steps_do_not_go_on_with_eager_ones_whose_last_bits_may_differ(tmp_path):
    Trained().broken(tmp_path, Plug(13), compile=True)
    with pytest.raises(StateError, match=r"computation: it is of\n    compiled, threads: chosen"):
        Trained().fit(tmp_path, resume=True)


def test_a_callback_that_is_missing_is_named(tmp_path):
    with pytest.raises(PlugError):
        Trained().fit(tmp_path, Counting(), Plug(13), every=1)
    with pytest.raises(StateError, match=r"has the state of Counting, which is not here"):
        Trained().fit(tmp_path, resume=True)


def test_without_resume_a_checkpoint_is_never_overwritten(tmp_path):
    Trained().broken(tmp_path, Plug(13))
    before = files(tmp_path)
    with pytest.raises(OptionError, match=r"holds a checkpoint already.\n  Pass resume=True"):
        Trained().fit(tmp_path)
    assert files(tmp_path) == before


@pytest.mark.parametrize("every", [0, -1, 1.5, "epoch", timedelta(seconds=-1)])
def test_every_is_a_count_or_a_time(every, tmp_path):
    with pytest.raises(OptionError, match=r"fit: every is .*\n  Pass a number of steps"):
        Trained().fit(tmp_path, every=every)


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OptionError, match=r"file, a file.\n  Pass a folder of its own."):
        Trained().fit(tmp_path / "file")


@pytest.mark.parametrize("options", [{"every": 5}, {"resume": True}])
def test_without_a_folder_there_is_nothing_to_keep_or_resume(options):
    with pytest.raises(OptionError, match=r"without a folder for checkpoints.\n.*checkpoint="):
        Trained().fit(**options)


def test_a_damaged_checkpoint_is_told(tmp_path):
    Trained().broken(tmp_path, Plug(13), every=1)
    path = tmp_path / "checkpoint.safetensors"
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match=r"checkpoint.safetensors: "):
        Trained().fit(tmp_path, resume=True)


@pytest.mark.parametrize("name", ["made_of", "tensors", "optimizer", "history", "tally", "epoch"])
@pytest.mark.parametrize("value", [None, {}, []])
def test_a_checkpoint_that_lacks_what_is_needed_is_told(name, value, tmp_path):
    Trained().broken(tmp_path, Plug(13), every=1)
    path = tmp_path / "checkpoint.safetensors"
    write_state(path, read_state(path) | {name: value})
    with pytest.raises((DataError, StateError)):
        Trained().fit(tmp_path, resume=True)
