from __future__ import annotations

import re
import sys
from pathlib import Path

import numpy as np
import pytest

from glasswork import load
from glasswork.cli import train
from glasswork.data import digits
from glasswork.train import accuracy, predict

from .runs import SMALL, WRITTEN, files, record


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


@pytest.mark.parametrize("file", ["table.csv", "table.npz"])
def test_of_a_file_it_tells_what_the_commonest_class_comes_to(file, glasswork, rng, capsys):
    x, y = rng.normal(size=(40, 2)), np.arange(40) % 4 // 3
    np.savetxt("table.csv", np.column_stack([x, y]), "%.3g", ",")
    np.savez("table.npz", x=x, y=y)
    glasswork(f"train {file} --layers none --epochs 1 --quiet")
    _, compared, _ = capsys.readouterr().out.splitlines()
    assert compared.startswith("to compare: accuracy 75.00%")
    assert compared.endswith(", always 0, the commonest class")


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
