from __future__ import annotations

import csv
import json
import math
import sys

import numpy as np
import pytest

from glasswork.errors import MissingExtraError, OptionError
from glasswork.nn import MSE, Linear, initializers
from glasswork.optim import SGD
from glasswork.train import Callback, CSVLogger, JSONLogger, LogTo, TensorBoardLogger, fit

X = np.ones((4, 1))


class PlugError(Exception):
    """What ends a training."""


class Plug(Callback):
    def __init__(self, step: int) -> None:
        self.step = step

    def on_batch(self, run):
        if run.steps == self.step:
            raise PlugError


def run(*callbacks, epochs: int = 3, **options):
    """Two batches in an epoch, with a loss of 1, 0.36, 0.1296, …"""
    model = Linear(1, 1, initializer=initializers.zeros)
    optimizer = SGD(model.parameters(), 0.1)
    options = {"batch_size": 2, **options}
    return fit(model, MSE(), optimizer, (X, X), epochs, callbacks=callbacks, **options)


def broken_and_resumed(folder, make, step: int) -> None:
    with pytest.raises(PlugError):
        run(make(), Plug(step), checkpoint=folder, every=3)
    run(make(), checkpoint=folder, resume=True)


def test_a_csv_file_has_a_row_for_each_epoch(tmp_path):
    history = run(CSVLogger(tmp_path / "a.csv"))
    with (tmp_path / "a.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["epoch", "step", "loss", "learning_rate", "seconds"]
    assert [row["epoch"] for row in rows] == ["1", "2", "3"]
    assert [row["step"] for row in rows] == ["2", "4", "6"]
    assert [float(row["loss"]) for row in rows] == history["loss"]
    assert [float(row["seconds"]) for row in rows] == history.seconds


def test_rows_can_be_read_while_the_training_goes_on(tmp_path):
    class Reader(Callback):
        def on_epoch(self, run):
            assert (tmp_path / "a.csv").read_text().count("\n") == 1 + run.epoch

    run(CSVLogger(tmp_path / "a.csv"), Reader())


def test_a_second_training_adds_its_rows(tmp_path):
    run(CSVLogger(tmp_path / "a.csv"), epochs=2)
    run(CSVLogger(tmp_path / "a.csv"), epochs=1)
    lines = (tmp_path / "a.csv").read_text().splitlines()
    assert [line.split(",")[0] for line in lines] == ["epoch", "1", "2", "1"]


def test_a_second_training_with_other_columns_is_refused(tmp_path):
    run(CSVLogger(tmp_path / "a.csv"))
    with pytest.raises(OptionError, match=r"a.csv: the file has other columns"):
        run(CSVLogger(tmp_path / "a.csv"), validation=(X, X))


def test_json_lines_have_an_object_for_each_epoch_and_each_second_batch(tmp_path):
    history = run(JSONLogger(tmp_path / "a.jsonl", every=2), epochs=2)
    rows = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text().splitlines()]
    assert [row["step"] for row in rows] == [2, 2, 4, 4]
    assert rows[0].keys() == {"step", "batch_loss"}
    numbers = {name: column[0] for name, column in history.columns.items()}
    assert rows[1] | {"seconds": 0} == {"epoch": 1, "step": 2, "seconds": 0, **numbers}


def test_json_has_null_for_what_is_no_number(tmp_path):
    logger = JSONLogger(tmp_path / "a.jsonl")
    assert logger.line({"a": math.inf, "b": math.nan, "c": 1}) == '{"a": null, "b": null, "c": 1}'


@pytest.mark.parametrize("step", range(1, 7))
def test_a_resumed_training_repeats_no_row(step, tmp_path):
    broken_and_resumed(tmp_path / "c", lambda: CSVLogger(tmp_path / "a.csv"), step)
    rows = [line.split(",")[:2] for line in (tmp_path / "a.csv").read_text().splitlines()]
    assert rows == [["epoch", "step"], ["1", "2"], ["2", "4"], ["3", "6"]]


def test_a_resumed_training_repeats_no_batch(tmp_path):
    broken_and_resumed(tmp_path / "c", lambda: JSONLogger(tmp_path / "a.jsonl", every=1), 5)
    rows = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text().splitlines()]
    assert [row["step"] for row in rows if "batch_loss" in row] == [1, 2, 3, 4, 5, 6]
    assert [row["epoch"] for row in rows if "epoch" in row] == [1, 2, 3]


class Memory:
    """What Weights & Biases is to a training: something with a method `log`."""

    def __init__(self) -> None:
        self.rows = []

    def log(self, row):
        self.rows.append(row)


def test_any_object_with_a_method_log_is_a_callback():
    memory = Memory()
    history = run(memory)
    assert [row["epoch"] for row in memory.rows] == [1, 2, 3]
    assert [row["loss"] for row in memory.rows] == history["loss"]


def test_an_object_is_told_of_batches_when_that_is_wanted():
    memory = Memory()
    run(LogTo(memory, every=2), epochs=1)
    assert memory.rows[0].keys() == {"step", "batch_loss"}


def test_an_object_without_log_is_no_callback():
    with pytest.raises(OptionError, match="fit: callbacks is"):
        run(object())


@pytest.mark.parametrize("every", [0, -1, 1.5, "all"])
def test_every_is_a_number_of_batches(every):
    with pytest.raises(OptionError, match=r"LogTo: every is .*\n  Pass a whole number"):
        LogTo(Memory(), every)


def test_without_tensorboardx_it_says_which_extra_writes(monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorboardX", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'glasswork\[tensorboard\]'"):
        TensorBoardLogger("runs")


def events(folder) -> list[tuple[int, str, float]]:
    """What TensorBoard shows: an event file that begins at a step takes the place of older ones."""
    from tensorboardX.proto.event_pb2 import Event

    shown: list[tuple[int, str, float]] = []
    for path in sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns):
        data = path.read_bytes()
        while data:
            length = int.from_bytes(data[:8], "little")
            event, data = Event.FromString(data[12 : 12 + length]), data[16 + length :]
            if event.session_log.status:
                shown = [row for row in shown if row[0] < event.step]
            shown += [(event.step, v.tag, v.simple_value) for v in event.summary.value]
    return shown


@pytest.mark.peers
def test_tensorboard_shows_each_epoch(tmp_path):
    pytest.importorskip("tensorboardX")
    history = run(TensorBoardLogger(tmp_path))
    losses = [(step, number) for step, name, number in events(tmp_path) if name == "loss"]
    assert [step for step, _ in losses] == [2, 4, 6]
    assert [number for _, number in losses] == pytest.approx(history["loss"])


@pytest.mark.peers
@pytest.mark.parametrize("step", range(1, 7))
def test_tensorboard_shows_no_step_of_a_resumed_training_twice(step, tmp_path):
    pytest.importorskip("tensorboardX")
    folder = tmp_path / "events"
    broken_and_resumed(tmp_path / "c", lambda: TensorBoardLogger(folder, every=1), step)
    shown = [place for place, name, _ in events(folder) if name == "batch_loss"]
    assert shown == [1, 2, 3, 4, 5, 6]
