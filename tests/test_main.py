"""The command as the shell sees it: exit codes, signals and pipes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from glasswork.__main__ import main
from glasswork.cli import parser as command_line
from glasswork.errors import DataError

TRAIN = [sys.executable, "-m", "glasswork", "train"]


def test_what_the_command_returns_is_the_exit_code(capsys):
    assert main(["datasets"]) == 0
    assert "digits" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (DataError("x: broken.\n  Seen: 3.\n  Mend it."), "x: broken. Seen: 3. Mend it."),
        (OSError(28, "No space left on device", "run/model"), "run/model: No space left on device"),
        (OSError("out of luck"), "out of luck"),
        (MemoryError("Unable to allocate 7 TiB"), "Unable to allocate 7 TiB"),
        (MemoryError(), "MemoryError"),
    ],
)
def test_an_error_is_one_line_and_2(error, line, monkeypatch, capsys):
    assert run_raising(error, monkeypatch) == 2
    assert capsys.readouterr().err == f"glasswork datasets: error: {line}\n"


def test_ctrl_c_outside_of_training_is_130(monkeypatch, capsys):
    assert run_raising(KeyboardInterrupt(), monkeypatch) == 130
    assert capsys.readouterr().err == "interrupted\n"


def test_ctrl_c_while_the_commands_load_is_130(monkeypatch, capsys):
    def interrupt():
        raise KeyboardInterrupt

    monkeypatch.setattr(command_line, "build_parser", interrupt)
    assert main([]) == 130
    assert capsys.readouterr().err == "interrupted\n"


def run_raising(error: BaseException, monkeypatch) -> int:
    """What main makes of a command that raises this."""

    def fail(options):
        raise error

    parser = command_line.build_parser()
    original = parser.parse_args

    def parse(arguments):
        options = original(arguments)
        options.run = fail
        return options

    parser.parse_args = parse
    monkeypatch.setattr(command_line, "build_parser", lambda: parser)
    return main(["datasets"])


def test_ctrl_c_in_training_keeps_what_was_learnt(tmp_path):
    with subprocess.Popen(
        [*TRAIN, "moons", "--layers", "4", "--epochs", "1000000", "--out", "run"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        for line in process.stdout:
            if line.startswith("    2 "):
                break
        process.send_signal(signal.SIGINT)
        printed, errors = process.communicate()
    assert process.returncode == 130
    assert errors == ""
    assert "what was learnt until then is kept" in printed
    assert {"model.safetensors", "history.json"} <= {
        p.name for p in Path(tmp_path, "run").iterdir()
    }


@pytest.mark.skipif(os.name == "nt", reason="pipes break otherwise there")
def test_a_reader_who_has_seen_enough_is_no_error(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-m", "glasswork", "datasets"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        process.stdout.close()
        assert process.stderr.read() == b""


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
@pytest.mark.parametrize("line", ["train --help", "train moons --layers 4 --epochs 1"])
def test_an_encoding_without_our_letters_is_no_error(encoding, line, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "glasswork", *line.split()],
        cwd=tmp_path,
        env=os.environ | {"PYTHONIOENCODING": encoding},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode(encoding)


@pytest.mark.skipif(os.name == "nt", reason="pipes break otherwise there")
def test_a_training_goes_on_when_its_reader_has_seen_enough(tmp_path):
    with subprocess.Popen(
        [*TRAIN, "moons", "--layers", "4", "--epochs", "3", "--out", "run"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0
    assert {"model.safetensors", "history.json"} <= {
        p.name for p in Path(tmp_path, "run").iterdir()
    }
