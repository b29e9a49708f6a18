from __future__ import annotations

import re
import shlex
from html import unescape
from pathlib import Path

import html5lib
import numpy as np
import pytest

from glasswork.__main__ import main
from glasswork.cli import pictures

SMALL = "--layers 8 --epochs 2 --quiet"


def report(folder: str) -> str:
    """The report of a run, which is valid HTML."""
    text = Path(folder, "report.html").read_text(encoding="utf-8")
    html5lib.HTMLParser(strict=True).parse(text)
    return text


@pytest.mark.parametrize("name", ["digits", "moons", "line"])
def test_each_training_leaves_a_report_under_a_megabyte(name, glasswork, capsys):
    assert glasswork(f"train {name} --epochs 2 --quiet --out run") == 0
    assert re.search(r"\nrun: .*report\.html", capsys.readouterr().out)
    assert len(report("run").encode()) < 1_000_000


@pytest.mark.parametrize("options", ["--eager", "--loss mse", "--layers none", "--dropout 0.5"])
def test_so_does_a_training_of_any_kind(options, glasswork):
    assert glasswork(f"train digits --epochs 1 --quiet --out run {options}") == 0
    assert "The results" in report("run")


def test_words_of_a_file_are_text_in_the_report(glasswork, rng):
    rows = [
        f'{a:.2f},"<img src=x>","<script>{k % 2}</script>"' for k, a in enumerate(rng.random(40))
    ]
    pytest.importorskip("pandas")
    Path("it.csv").write_text("\n".join(["<b>a</b>,c & d,</title>", *rows]))
    assert glasswork(f"train it.csv {SMALL} --out run") == 0
    text = report("run")
    assert "&lt;script&gt;0&lt;/script&gt;" in text and "<script" not in text
    assert "&lt;b&gt;a&lt;/b&gt;" in text and "<b>a</b>" not in text


def test_the_command_in_the_report_gives_the_same_network_bit_for_bit(glasswork, rng):
    rows = [f"{a:.3f},{b:.3f},{k % 3}" for k, (a, b) in enumerate(rng.random((60, 2)))]
    pytest.importorskip("pandas")
    Path("it.csv").write_text("\n".join(["a b,-c,kind", *rows]))
    arguments = ["train", "it.csv", "--target", "-1", "--categories", "a b", "--out", "run"]
    assert main([*arguments, "--layers", "5,4", "--epochs", "2", "--seed", "7", "--quiet"]) == 0
    command = re.search(r"<pre><code>(.*?)</code>", report("run"))[1]
    program, *again = shlex.split(unescape(command))
    assert program == "glasswork"
    assert main([*again, "--out", "again", "--quiet"]) == 0
    first, second = (Path(run, "model.safetensors").read_bytes() for run in ("run", "again"))
    assert first == second


def test_a_fault_of_the_report_is_one_line_and_none_of_the_training(glasswork, capsys, monkeypatch):
    def broken(*arguments):
        raise ZeroDivisionError("it is\nbroken")

    monkeypatch.setattr(pictures, "write_report", broken)
    assert glasswork(f"train moons {SMALL} --out run") == 0
    assert capsys.readouterr().out.endswith("; no report: it is broken\n")
    assert not Path("run/report.html").exists()


def test_a_run_that_goes_on_gets_a_new_report(glasswork):
    glasswork("train moons --layers 8 --epochs 1 --quiet --out run")
    assert "epochs</dt><dd>1<" in report("run")
    glasswork("train --resume run --epochs 3 --quiet")
    assert "epochs</dt><dd>3<" in report("run")
    assert "--epochs=3" in report("run")


def test_one_test_sample_of_values_has_a_report(glasswork):
    assert glasswork(f"train line {SMALL} --test 1 --out run") == 0
    assert "undefined" in report("run")


def test_pictures_in_files_are_shown(glasswork, rng):
    np.savez("it.npz", x=rng.integers(0, 256, (40, 5, 7)).astype(np.uint8), y=np.arange(40) % 2)
    assert glasswork(f"train it.npz {SMALL} --out run") == 0
    assert 'alt="A sample: 0" width="64" height="46"' in report("run")
