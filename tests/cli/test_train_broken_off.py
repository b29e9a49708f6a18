"""Trainings that Ctrl-C, or a full disk, breaks off; and that go on."""

from __future__ import annotations

import errno
import json
import os
import re
import signal
from pathlib import Path

import pytest

from glasswork import load
from glasswork.cli import pictures, train
from glasswork.train import Callback

from .runs import SMALL, WRITTEN, files, record


class CtrlC(Callback):
    """Stands in for the progress, and interrupts in the middle of an epoch."""

    def __init__(self, epoch: int) -> None:
        self.epoch = epoch

    def on_batch(self, run):
        if (run.epoch, run.batch) == (self.epoch, 3):
            signal.raise_signal(signal.SIGINT)


def test_ctrl_c_keeps_what_was_learnt_and_says_where(glasswork, capsys, monkeypatch):
    monkeypatch.setattr(train, "Progress", lambda **named: CtrlC(epoch=3))
    assert glasswork("train moons --epochs 9 --layers 16") == 130
    printed = capsys.readouterr().out
    assert (
        "interrupted in epoch 3; what was learnt until then is kept, and"
        " `glasswork train --resume runs/moons-1` goes on\n"
    ) in printed
    assert "after 2 epochs in" in printed
    assert "\nruns/moons-1: model.safetensors, history.json" in printed
    found = record("runs/moons-1")
    assert found["interrupted"] is True
    assert len(found["seconds"]) == 2
    assert len(load("runs/moons-1/model.safetensors")) == 4


def test_ctrl_c_in_the_first_epoch_keeps_the_model_without_a_picture(
    glasswork, capsys, monkeypatch
):
    monkeypatch.setattr(train, "Progress", lambda **named: CtrlC(epoch=1))
    assert glasswork("train moons") == 130
    printed = capsys.readouterr().out
    assert re.search(r"\ntest part: .*%, before the first epoch was over\n", printed)
    assert "; no picture: no epoch was finished\n" in printed
    assert files("runs/moons-1") == WRITTEN - {"page.py"}
    assert json.loads(Path("runs/moons-1/history.json").read_text())["seconds"] == []


@pytest.mark.parametrize("moment", ["absorb_scaling", "save", "write_json"])
def test_ctrl_c_after_the_last_epoch_loses_nothing_but_the_picture(
    moment, glasswork, capsys, monkeypatch
):
    press_before(moment, monkeypatch)
    assert glasswork(f"train moons {SMALL} --out run") == 130
    printed = capsys.readouterr().out
    assert ", after 2 epochs in" in printed
    assert printed.endswith(
        "\nrun: model.safetensors, history.json, page.py, report.html; no picture: interrupted\n"
    )
    assert files("run") == WRITTEN
    assert record("run")["interrupted"] is False


def test_ctrl_c_while_drawing_costs_the_picture_alone(glasswork, capsys, monkeypatch):
    press_before("save_curves", monkeypatch, pictures)
    assert glasswork(f"train moons {SMALL} --out run") == 130
    assert capsys.readouterr().out.endswith(
        "history.json, page.py, report.html; no picture: interrupted\n"
    )
    assert files("run") == WRITTEN


def press_before(name: str, monkeypatch, module=train) -> None:
    """Press Ctrl-C whenever this part of the training is called."""
    original = getattr(module, name)

    def pressed(*arguments, **options):
        signal.raise_signal(signal.SIGINT)
        return original(*arguments, **options)

    monkeypatch.setattr(module, name, pressed)


WRITTEN_BY = {"save": "model.safetensors", "write_json": "history.json"}


@pytest.mark.parametrize("writer", WRITTEN_BY)
def test_a_full_disk_names_the_file_and_the_run_can_be_resumed(
    writer, glasswork, capsys, monkeypatch
):
    with monkeypatch.context() as patch:
        fill_the_disk_before(writer, patch)
        assert glasswork(f"train moons {SMALL} --quiet --out run") == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == (
        f"glasswork train: error: run/{WRITTEN_BY[writer]}: No space left on device;"
        " `glasswork train --resume run` goes on from the last checkpoint\n"
    )
    assert glasswork("train --resume run --quiet") == 0
    assert files("run") >= {"model.safetensors", "history.json"}


def test_a_disk_that_is_full_from_the_beginning_leaves_nothing(
    glasswork, here, capsys, monkeypatch
):
    fill_the_disk_before("new_folder", monkeypatch)
    assert glasswork(f"train moons {SMALL} --quiet --out run") == 2
    error = "glasswork train: error: run/options.json: No space left on device\n"
    assert capsys.readouterr().err == error
    assert not list(here.iterdir())


def test_a_full_disk_while_drawing_costs_what_is_drawn_alone(glasswork, capsys, monkeypatch):
    pytest.importorskip("matplotlib")
    fill_the_disk_before("save_curves", monkeypatch, pictures)
    assert glasswork(f"train moons {SMALL} --out run") == 0
    assert capsys.readouterr().out.endswith(
        "\nrun: model.safetensors, history.json, page.py;"
        " no picture: run/curves.png: No space left on device;"
        " no report: run/report.html: No space left on device\n"
    )
    assert files("run") == WRITTEN - {"report.html"}


def fill_the_disk_before(name: str, monkeypatch, module=train) -> None:
    """Let the disk take nothing more from the time when this part of the training is called."""
    original = getattr(module, name)

    def fail(handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    def on_full_disk(*arguments, **options):
        monkeypatch.setattr(os, "fsync", fail)
        return original(*arguments, **options)

    monkeypatch.setattr(module, name, on_full_disk)


def test_ctrl_c_pressed_again_and_again_leaves_a_whole_run(glasswork, capsys, monkeypatch):
    monkeypatch.setattr(train, "Progress", lambda **named: CtrlC(epoch=2))
    for moment in ("save", "write_json"):
        press_before(moment, monkeypatch)
    press_before("save_curves", monkeypatch, pictures)
    assert glasswork("train moons --epochs 9 --out run") == 130
    printed = capsys.readouterr().out
    assert "interrupted in epoch 2; what was learnt until then is kept, and" in printed
    assert printed.endswith(
        "\nrun: model.safetensors, history.json, page.py, report.html; no picture: interrupted\n"
    )
    assert files("run") == WRITTEN


def unbroken(glasswork, line: str) -> dict[str, bytes]:
    """The files of a run that nothing ends, which must come out the same of any other."""
    assert glasswork(f"{line} --out unbroken") == 0
    return {
        name: Path("unbroken", name).read_bytes() for name in ("model.safetensors", "trace.csv")
    }


def test_a_run_that_ctrl_c_ended_is_resumed_bit_for_bit(glasswork, monkeypatch):
    line = "train moons --epochs 4 --layers 16 --dropout 0.2 --quiet"
    expected = unbroken(glasswork, line)
    with monkeypatch.context() as patch:
        patch.setattr(train, "Progress", lambda **named: CtrlC(epoch=3))
        assert glasswork(f"{line} --out run".replace(" --quiet", "")) == 130
    assert glasswork("train --resume run --quiet") == 0
    assert {name: Path("run", name).read_bytes() for name in expected} == expected
    assert record("run")["columns"] == record("unbroken")["columns"]
    assert record("run")["interrupted"] is False


def test_a_finished_run_learns_on_with_more_epochs(glasswork):
    expected = unbroken(glasswork, "train moons --epochs 4 --layers 8 --quiet")
    glasswork("train moons --epochs 2 --layers 8 --quiet --out run")
    assert glasswork("train --resume run --epochs 4 --quiet") == 0
    assert {name: Path("run", name).read_bytes() for name in expected} == expected


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("train --resume run --seed 9", "--seed is 9, and this run was begun with 0."),
        ("train --resume run --layers 5", "--layers is 5, and this run was begun with 4."),
        ("train --resume run --l2 0.1", "--l2 is 0.1, and this run was begun with what suits"),
        ("train --resume run --eager", "--eager is True, and this run was begun with what suits"),
        ("train --resume run --epochs 1", "epochs is 1, and this training has 2 already."),
        ("train --resume nowhere", "nowhere is no run that can be gone on with."),
        ("train --resume broken", "options.json is damaged."),
    ],
)
def test_what_cannot_be_resumed_is_told_and_stays(line, message, glasswork, capsys):
    glasswork(f"train moons {SMALL} --quiet --out run")
    Path("broken").mkdir()
    Path("broken/options.json").write_text('{"data": 3}')
    before = {path: path.read_bytes() for path in Path("run").iterdir()}
    capsys.readouterr()
    assert glasswork(f"{line} --quiet") == 2
    printed = capsys.readouterr().err
    assert message in printed and printed.count("\n") == 1
    assert all(path.read_bytes() == content for path, content in before.items())


def test_every_option_that_began_a_run_holds_when_it_is_resumed(glasswork):
    said = "--layers none --eager --l2 0.1 --batch-size 8 --epochs 2 --seed 3 --checkpoint-every 4"
    expected = unbroken(glasswork, f"train moons {said} --quiet")
    glasswork(f"train moons {said} --out run --quiet")
    Path("run/model.safetensors").unlink()
    assert glasswork("train --resume run --quiet") == 0
    assert {name: Path("run", name).read_bytes() for name in expected} == expected
    options = record("unbroken")["options"]
    assert record("run")["options"] == options | {"out": None}


def test_a_flag_that_was_not_said_is_not_said_when_a_run_is_resumed(glasswork):
    glasswork(f"train moons {SMALL} --out run --quiet")
    assert glasswork("train --resume run --quiet") == 0
    assert record("run")["options"]["eager"] is False


class OutOfMemory(Callback):
    """Stands in for the progress, and breaks the second epoch off."""

    def on_batch(self, run):
        if run.epoch == 2:
            raise MemoryError


@pytest.mark.parametrize("every", [24, 25, 50])
def test_a_run_is_resumed_from_the_end_of_an_epoch_too(every, glasswork, capsys, monkeypatch):
    line = f"train moons {SMALL} --checkpoint-every {every}"  # 25 steps are an epoch
    expected = unbroken(glasswork, f"{line} --quiet")
    with monkeypatch.context() as patch:
        patch.setattr(train, "Progress", lambda **named: OutOfMemory())
        assert glasswork(f"{line} --out run") == 2
    capsys.readouterr()
    assert glasswork("predict run nothing.csv") == 2
    assert "this run is not finished. Go on with it: glasswork train" in capsys.readouterr().err
    assert glasswork("train --resume run") == 0
    assert {name: Path("run", name).read_bytes() for name in expected} == expected
    assert glasswork("train --resume run --quiet") == 0  # there is nothing more to learn


def test_a_run_on_a_table_is_resumed_with_the_epochs_that_it_has_by_default(glasswork):
    rows = "".join(f"{i % 7},{i % 5},{i % 7 - i % 5}\n" for i in range(60))
    Path("own.csv").write_text("a,b,c\n" + rows)
    assert glasswork("train own.csv --target c --task regression --out run --quiet") == 0
    assert glasswork("train --resume run --quiet") == 0
    assert glasswork("train --resume run --epochs 7 --quiet") == 2
