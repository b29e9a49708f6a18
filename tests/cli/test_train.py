from __future__ import annotations

import errno
import json
import os
import re
import signal
import sys
from pathlib import Path

import numpy as np
import pytest

from glasswork import load
from glasswork.cli import pictures, train
from glasswork.data import digits
from glasswork.saving.files import parse_json
from glasswork.train import Callback, accuracy, predict

SMALL = "--layers 4 --epochs 2"


def record(folder: str) -> dict:
    return parse_json(Path(folder, "history.json").read_text(encoding="utf-8"))


WRITTEN = {"model.safetensors", "history.json", "page.py", "report.html"}
RESUMABLE = {"options.json", "checkpoint.safetensors", "trace.csv"}


def files(folder: str) -> set[str]:
    """What is in a run folder besides what a training needs to go on."""
    found = {path.name for path in Path(folder).iterdir()}
    assert found >= RESUMABLE
    return found - RESUMABLE


@pytest.mark.parametrize("name", ["moons", "spirals", "circles", "line", "digits"])
def test_each_built_in_dataset_can_be_learnt(name, glasswork, capsys):
    assert glasswork(f"train {name} {SMALL}") == 0
    assert {"model.safetensors", "history.json"} <= files(f"runs/{name}-1")
    assert re.search(
        rf"\nruns/{name}-1: model.safetensors, history.json.*\n$", capsys.readouterr().out
    )


def test_each_epoch_and_the_end_tell_the_loss_and_the_accuracy_on_the_test_part(glasswork, capsys):
    glasswork(f"train moons {SMALL}")
    *_, heading, first, second, result, _ = capsys.readouterr().out.splitlines()
    assert heading.split("  ")[-4:] == ["test loss", "test accuracy", "learning rate", "seconds"]
    assert (first.split()[0], second.split()[0]) == ("1", "2")
    test_loss, test_accuracy = map(float, second.split()[3:5])
    told = re.match(r"test part: loss (.*), accuracy (.*)%, after 2 epochs in \d", result)
    assert float(told[1]) == pytest.approx(test_loss, abs=1e-4)
    assert float(told[2]) == pytest.approx(100 * test_accuracy, abs=0.01)


def test_regression_tells_the_loss_the_rmse_and_r_squared(glasswork, capsys):
    glasswork(f"train line {SMALL}")
    printed = capsys.readouterr().out
    assert "test rmse" in printed
    told = r"\ntest part: loss ([\d.]+), RMSE [\d.]+, R² -?[\d.]+, after 2 epochs"
    assert float(re.search(told, printed)[1]) == pytest.approx(
        record("runs/line-1")["columns"]["validation_loss"][-1], rel=1e-3
    )


def test_one_test_sample_has_no_r_squared(glasswork, capsys):
    glasswork(f"train line {SMALL} --test 1 --quiet")
    assert ", R² undefined, after 2 epochs" in capsys.readouterr().out


def test_one_epoch_is_one_epoch(glasswork, capsys):
    glasswork("train moons --layers 4 --epochs 1 --quiet")
    assert ", after 1 epoch in " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("train table.csv --target b", "targets: column b, 3 classes: 0 33.3%, 1 33.3%, 2 33.3%"),
        ("train table.csv --target b --task regression", "targets: column b, values from 0 to 2"),
        ("train table.csv", "targets: column c, values from 0 to 2.9"),
        ("train table.npy", "targets: the last column, values from 0 to 2.9"),
        ("train table.npy --target 1", "targets: column 1, 3 classes: 0 33.3%, 1 33.3%, 2 33.3%"),
        ("train table.npz", "targets: 3 classes: 0 33.3%, 1 33.3%, 2 33.3%"),
    ],
)
def test_of_a_file_it_tells_what_is_taken_for_the_targets(line, told, glasswork, rng, capsys):
    a, b, c = rng.normal(size=30), np.arange(30) % 3, np.arange(30) / 10
    np.savetxt("table.csv", np.column_stack([a, b, c]), "%.3g", ",", header="a,b,c", comments="")
    np.save("table.npy", np.column_stack([a, b, c]))
    np.savez("table.npz", x=np.column_stack([a, c]), y=b)
    assert glasswork(f"{line} --layers none --epochs 1") == 0
    assert capsys.readouterr().out.splitlines()[1] == told


def test_quiet_tells_only_what_came_out(glasswork, capsys):
    glasswork(f"train moons {SMALL} --quiet")
    printed = capsys.readouterr()
    assert len(printed.out.splitlines()) == 2
    assert printed.err == ""


def test_the_record_holds_the_options_the_versions_the_dataset_and_the_history(glasswork):
    glasswork(f"train moons {SMALL} --seed 3 --l2 0.01 --out run")
    found = record("run")
    said = {"seed": 3, "l2": 0.01, "layers": [4], "epochs": 2, "out": "run"}
    settled = {"loss": "cross-entropy", "learning_rate": 0.05, "scaling": "standard"}
    settled |= {"task": "classification"}
    assert (said | settled).items() <= found["options"].items()
    assert set(found["versions"]) == {"glasswork", "numpy", "python"}
    assert found["dataset"]["samples"] == {"train": 800, "test": 200}
    assert found["dataset"]["classes"] == ["upper", "lower"]
    assert list(found["columns"]) == [
        "loss", "accuracy", "validation_loss", "validation_accuracy", "learning_rate",
    ]  # fmt: skip
    assert len(found["seconds"]) == len(found["columns"]["loss"]) == 2
    assert found["interrupted"] is False
    assert found["test"]["accuracy"] == found["columns"]["validation_accuracy"][-1]


def test_the_same_seed_gives_the_same_run(glasswork):
    for seed in (0, 0, 1):
        glasswork(f"train spirals {SMALL} --dropout 0.2 --seed {seed}")
    first, second, other = (record(f"runs/spirals-{number}")["columns"] for number in (1, 2, 3))
    assert first == second != other
    models = [Path(f"runs/spirals-{number}/model.safetensors").read_bytes() for number in (1, 2)]
    assert models[0] == models[1]


def test_the_default_run_on_digits_reads_97_of_100(glasswork):
    reached = []
    for seed in range(5):
        glasswork(f"train digits --seed {seed} --quiet")
        reached.append(record(f"runs/digits-{seed + 1}")["test"]["accuracy"])
    assert np.mean(reached) >= 0.97


def test_the_model_takes_samples_as_they_are(glasswork):
    glasswork("train moons --layers 16 --epochs 5 --quiet")
    from glasswork.data import moons

    model = load("runs/moons-1/model.safetensors")
    dataset = moons(rng=np.random.default_rng(0))
    assert accuracy(predict(model, dataset.x), dataset.y) > 0.9


def test_a_linear_network_recovers_the_line(glasswork):
    glasswork("train line --layers none --epochs 60 --quiet")
    model = load("runs/line-1/model.safetensors")
    np.testing.assert_allclose(predict(model, [[0.0], [1.0]]), [[1], [3]], atol=0.05)


def test_the_learning_rate_decays_by_the_epoch(glasswork):
    glasswork(f"train moons {SMALL} --learning-rate 0.1 --decay 0.5 --quiet")
    rates = record("runs/moons-1")["columns"]["learning_rate"]
    assert rates == pytest.approx([0.1, 0.1 * np.exp(-0.5)])


def test_files_are_learnt_from(glasswork, rng):
    x = rng.normal(size=(60, 3)) * [1, 100, 1e4]
    names = np.where(x[:, 0] > 0, "yes", "no")
    np.savez("answers.npz", x=x, y=names)
    assert glasswork("train answers.npz --layers none --quiet") == 0
    found = record("runs/answers-1")
    assert found["dataset"]["classes"] == ["no", "yes"]
    assert found["test"]["accuracy"] > 0.8


def test_the_column_of_targets_can_be_named(glasswork, rng):
    rows = rng.normal(size=(40, 2))
    lines = ["before,target,after", *(f"{a},{a - 2 * b},{b}" for a, b in rows)]
    Path("table.csv").write_text("\n".join(lines))
    code = glasswork("train table.csv --target target --layers none --epochs 600 --l2 0 --quiet")
    model = load("runs/table-1/model.safetensors")
    assert code == 0
    np.testing.assert_allclose(predict(model, np.eye(2)), [[1], [-2]], atol=0.05)


def test_pictures_are_not_scaled_unless_that_is_said(glasswork):
    glasswork(f"train digits {SMALL} --quiet")
    glasswork(f"train digits {SMALL} --quiet --scaling standard")
    settled = [record(f"runs/digits-{number}")["options"]["scaling"] for number in (1, 2)]
    assert settled == ["none", "standard"]
    model = load("runs/digits-2/model.safetensors")
    assert accuracy(predict(model, digits().x), digits().y) > 0.3


def test_the_learning_curves_are_drawn(glasswork):
    pytest.importorskip("matplotlib")
    glasswork(f"train moons {SMALL} --quiet")
    picture = Path("runs/moons-1/curves.png")
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert files("runs/moons-1") == {*WRITTEN, "curves.png"}


def test_without_matplotlib_it_says_which_extra_draws(glasswork, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    assert glasswork(f"train moons {SMALL}") == 0
    assert "no picture: drawing learning curves needs matplotlib" in capsys.readouterr().out
    assert files("runs/moons-1") == WRITTEN


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("train dgits", "no dataset and no file is called 'dgits'."),
        ("train digits --test 1797", "a test part of 1797"),
        ("train digits --loss mae", "--loss is mae, and the targets of digits are classes."),
        ("train digits --target 3", "target, task and categories are for files"),
        ("train broken.csv", "column 2: 'inf' is not a number"),
        ("train moons --out there", "--out: there is there already."),
        ("train moons --out there/file/run", "there/file"),
    ],
)
def test_what_cannot_be_done_ends_with_2_and_one_line_and_leaves_nothing(
    line, message, glasswork, here, capsys
):
    Path("broken.csv").write_text("1,2,0\n1,inf,1\n" + 20 * "1,3,0\n")
    Path("there").mkdir()
    Path("there/file").touch()
    before = sorted(here.rglob("*"))
    assert glasswork(line) == 2
    printed = capsys.readouterr()
    assert message in printed.err
    assert printed.err.startswith("glasswork train: error: ")
    assert printed.err.count("\n") == 1
    assert printed.out == ""
    assert sorted(here.rglob("*")) == before


def test_a_training_that_diverges_says_so_and_leaves_nothing(glasswork, here, capsys):
    assert glasswork("train line --learning-rate 100 --momentum 0 --quiet") == 2
    error = capsys.readouterr().err
    assert "error: the loss is not a finite number: in step " in error
    assert "Pass a --learning-rate below 100." in error
    assert not list(here.iterdir())


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
    assert "interrupted in epoch 3; what was learnt until then is kept\n" in printed
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
    assert "interrupted in epoch 2; what was learnt until then is kept\n" in printed
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
    line = "train moons --epochs 4 --layers 16 --dropout 0.2 --quiet --checkpoint-every 2"
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
        ("train --resume run --seed 9", "the checkpoint in run is of another training"),
        ("train --resume run --layers 5", "nothing has been changed. model: it is of"),
        ("train --resume nowhere", "nowhere is no run that can be gone on with."),
        ("train --resume broken", "options.json is damaged."),
    ],
)
def test_what_cannot_be_resumed_is_told_and_stays(line, message, glasswork, capsys):
    glasswork(f"train moons {SMALL} --quiet --out run")
    Path("broken").mkdir()
    Path("broken/options.json").write_text('{"data": 3}')
    before = {path: path.read_bytes() for path in Path("run").iterdir() if path.suffix != ".json"}
    capsys.readouterr()
    assert glasswork(f"{line} --quiet") == 2
    printed = capsys.readouterr().err
    assert message in printed and printed.count("\n") == 1
    assert all(path.read_bytes() == content for path, content in before.items())


def test_the_threads_of_blas_can_be_said(glasswork, monkeypatch):
    asked = []
    fit = train.fit

    def watched(*arguments, **options):
        asked.append(options["threads"])
        return fit(*arguments, **options)

    monkeypatch.setattr(train, "fit", watched)
    glasswork("train digits --layers 8 --epochs 1 --quiet --threads 1")
    glasswork("train digits --layers 8 --epochs 1 --quiet")
    assert asked == [1, None]


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
