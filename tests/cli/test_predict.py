from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path

import numpy as np
import pytest

from glasswork import load
from glasswork.data import digits, line
from glasswork.train import predict


@pytest.fixture
def run(glasswork, capsys) -> str:
    """A run folder with a small network for digits, and samples in files beside it."""
    glasswork("train digits --layers 8 --epochs 3 --quiet --out run")
    capsys.readouterr()
    x, y = digits().x[:5], digits().y[:5]
    np.save("x.npy", x)
    np.savez("x.npz", x=x, y=y)
    np.savetxt("x.csv", x, delimiter=",")
    np.savetxt("xy.csv", np.column_stack([x, y]), delimiter=",")
    return "run"


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(text.splitlines()))


@pytest.mark.parametrize("file", ["x.npy", "x.npz", "x.csv", "xy.csv"])
def test_classes_and_their_probabilities_are_printed(run, file, glasswork, capsys):
    assert glasswork(f"predict {run} {file}") == 0
    rows = table(capsys.readouterr().out)
    scores = predict(load("run/model.safetensors"), digits().x[:5]).astype(float)
    expected = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    found = [[float(row[f"probability {name}"]) for name in range(10)] for row in rows]
    np.testing.assert_allclose(found, expected, rtol=1e-4)
    assert [row["class"] for row in rows] == [str(place) for place in scores.argmax(axis=1)]


def test_predictions_are_written_as_csv(run, glasswork, capsys):
    glasswork(f"predict {run} x.npy")
    printed = capsys.readouterr().out
    assert glasswork(f"predict {run} x.npy -o out.csv") == 0
    assert Path("out.csv").read_text(encoding="utf-8") == printed
    assert capsys.readouterr().out == "out.csv: 5 predictions\n"


def test_predictions_are_written_as_npz(run, glasswork):
    assert glasswork(f"predict {run} x.npy -o out.npz") == 0
    with np.load("out.npz") as found:
        assert sorted(found) == ["class", "probability"]
        assert found["class"].shape == (5,)
        np.testing.assert_allclose(found["probability"].sum(axis=1), 1, rtol=1e-6)


def test_a_terminal_shows_how_far_the_predictions_are(run, glasswork, monkeypatch):
    pytest.importorskip("tqdm")
    monkeypatch.setattr(sys, "stderr", terminal := io.StringIO())
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    assert glasswork(f"predict {run} x.npy -o out.csv") == 0
    assert "0/1" in terminal.getvalue()


def test_values_are_printed_in_the_unit_of_the_targets(glasswork, capsys):
    glasswork("train line --epochs 40 --quiet")
    capsys.readouterr()
    Path("x.csv").write_text("x\n-0.5\n0\n0.5\n")
    assert glasswork("predict runs/line-1 x.csv") == 0
    found = [float(row["value"]) for row in table(capsys.readouterr().out)]
    np.testing.assert_allclose(found, [0, 1, 2], atol=0.15)


def test_several_values_have_a_column_each(glasswork, capsys, rng):
    x = rng.normal(size=(40, 2))
    np.savez("two.npz", x=x, y=x[:, ::-1] * 10)
    glasswork("train two.npz --layers none --epochs 600 --l2 0 --quiet")
    capsys.readouterr()
    glasswork("predict runs/two-1 two.npz")
    rows = table(capsys.readouterr().out)
    found = [[float(row["value 0"]), float(row["value 1"])] for row in rows]
    np.testing.assert_allclose(found, x[:, ::-1] * 10, atol=0.5)


def test_outputs_that_are_no_probabilities_are_scores(glasswork, capsys):
    glasswork("train moons --loss mse --layers 4 --epochs 2 --quiet")
    capsys.readouterr()
    Path("x.csv").write_text("0,1\n1,0\n")
    glasswork("predict runs/moons-1 x.csv")
    rows = table(capsys.readouterr().out)
    assert list(rows[0]) == ["class", "score upper", "score lower"]
    assert {row["class"] for row in rows} <= {"upper", "lower"}


def test_a_file_with_the_wrong_number_of_columns_is_named_with_both_numbers(run, glasswork, capsys):
    np.savetxt("narrow.csv", line(rng=0).x, delimiter=",")
    assert glasswork(f"predict {run} narrow.csv -o out.csv") == 2
    error = capsys.readouterr().err
    assert "narrow.csv has 1 feature" in error
    assert "64" in error
    assert error.count("\n") == 1
    assert not Path("out.csv").exists()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("predict nowhere x.npy", "nowhere is no run folder."),
        ("predict run nothing.npy", "cannot read nothing.npy: No such file or directory."),
        ("predict run x.npy -o out.txt", "--out: out.txt is neither a .csv nor a .npz file."),
        ("predict run x.csv -o ./x.csv", "--out: x.csv holds the samples."),
        ("predict run x.npy -o no/out.csv", "no/out.csv: No such file or directory"),
        ("predict run run/model.safetensors", "run/model.safetensors is not a file of samples"),
    ],
)
@pytest.mark.usefixtures("run")
def test_what_cannot_be_done_ends_with_2_and_one_line(line, message, glasswork, here, capsys):
    before = sorted(here.rglob("*"))
    assert glasswork(line) == 2
    error = capsys.readouterr().err
    assert error.startswith("glasswork predict: error: ")
    assert message in error
    assert error.count("\n") == 1
    assert sorted(here.rglob("*")) == before


def test_a_run_whose_files_contradict_each_other_is_told(run, glasswork, capsys):
    history = Path("run/history.json")
    history.write_text(history.read_text().replace('"9"\n', '"9", "10"\n', 1))
    assert glasswork(f"predict {run} x.npy") == 2
    assert "the run names 11 classes, and its network knows 10" in capsys.readouterr().err


@pytest.fixture
def table_run(glasswork, capsys) -> str:
    """A run folder with a network that learned a table of numbers with names."""
    lines = [f"{n},{n % 7},{'big' if n > 30 else 'small'}" for n in range(60)]
    Path("it.csv").write_text("\n".join(["n,rest,kind", *lines]))
    assert glasswork("train it.csv --quiet --out run") == 0
    capsys.readouterr()
    return "run"


def test_predictions_stand_beside_the_columns_of_a_table(table_run, glasswork, capsys):
    Path("new.csv").write_text("rest,more,n\n1,8,0.5\n2,9,59\n")
    assert glasswork(f"predict {table_run} new.csv") == 0
    rows = table(capsys.readouterr().out)
    titles = ["rest", "more", "n", "predicted kind", "probability big", "probability small"]
    assert list(rows[0]) == titles
    assert [row["predicted kind"] for row in rows] == ["small", "big"]
    assert [(row["more"], row["n"]) for row in rows] == [("8", "0.5"), ("9", "59")]


def test_columns_that_a_table_lacks_are_named(table_run, glasswork, capsys):
    Path("new.csv").write_text("N,rest\n1,2\n")
    assert glasswork(f"predict {table_run} new.csv -o out.csv") == 2
    assert "new.csv lacks the column n. There are N, rest." in capsys.readouterr().err
    assert not Path("out.csv").exists()


def test_arrays_are_taken_by_a_network_that_learned_a_table(table_run, glasswork, capsys):
    np.save("new.npy", [[0.5, 1], [59, 2]])
    assert glasswork(f"predict {table_run} new.npy") == 0
    assert [row["predicted kind"] for row in table(capsys.readouterr().out)] == ["small", "big"]


@pytest.mark.parametrize("columns", [5, [{"nme": "a"}], [3]], ids=repr)
def test_a_run_whose_columns_are_damaged_is_told(table_run, columns, glasswork, capsys):
    path = Path(table_run, "history.json")
    record = json.loads(path.read_text())
    record["dataset"]["columns"] = columns
    path.write_text(json.dumps(record))
    assert glasswork("predict run it.csv") == 2
    assert "history.json is damaged" in capsys.readouterr().err


@pytest.mark.peers
def test_words_and_holes_are_predicted_from_and_what_is_unknown_is_told(glasswork, capsys):
    pytest.importorskip("pandas")
    rows = [
        f"{n if n % 9 else ''},{'red' if n % 2 else 'blue'},{n % 2 * 100 + n}" for n in range(90)
    ]
    Path("it.csv").write_text("\n".join(["n,color,y", *rows]))
    assert glasswork("train it.csv --quiet --out run") == 0
    capsys.readouterr()
    Path("new.csv").write_text("color,n\nred,40\nblue,\ngreen,4\n")
    assert glasswork("predict run new.csv") == 0
    printed = capsys.readouterr()
    rows = table(printed.out)
    assert list(rows[0]) == ["color", "n", "predicted y"]
    assert [row["n"] for row in rows] == ["40", "", "4"]
    assert float(rows[0]["predicted y"]) == pytest.approx(140, abs=5)
    assert all(np.isfinite(float(row["predicted y"])) for row in rows)
    assert printed.err.splitlines() == [
        "n: 1 missing, the median takes their place",
        "color: 1 not among the words that were learned",
    ]
