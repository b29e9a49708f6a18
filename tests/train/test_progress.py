from __future__ import annotations

import io
import re
import sys

import numpy as np
import pytest

from glasswork.nn import MSE, Linear, initializers
from glasswork.optim import SGD
from glasswork.train import Progress, fit

X = np.ones((4, 1))


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def run(progress: Progress, epochs: int = 2) -> None:
    model = Linear(1, 1, initializer=initializers.zeros)
    optimizer = SGD(model.parameters(), 0.1)
    fit(model, MSE(), optimizer, (X, X), epochs, validation=(X, X), callbacks=[progress])


def table(held_out: str = "validation") -> str:
    return (
        rf"epoch       loss  {held_out} loss  learning rate  seconds\n"
        rf"    1      1.000 {'0.3600':>{len(held_out) + 6}}         0.1000 +\d+\.\d\d\n"
        rf"    2     0.3600 {'0.1296':>{len(held_out) + 6}}         0.1000 +\d+\.\d\d\n"
    )


def test_without_a_terminal_there_is_a_line_for_each_epoch(capsys):
    run(Progress())
    printed = capsys.readouterr()
    assert re.fullmatch(table(), printed.out)
    assert printed.err == ""


def test_validation_data_can_be_called_otherwise():
    lines = io.StringIO()
    run(Progress(lines, held_out="test"))
    assert re.fullmatch(table("test"), lines.getvalue())


def test_on_a_terminal_there_is_a_bar_beside_the_lines_and_it_is_wiped_at_the_end():
    pytest.importorskip("tqdm")
    lines, bar = Terminal(), Terminal()
    run(Progress(lines, bar))
    assert re.fullmatch(table(), lines.getvalue())
    drawn = bar.getvalue().split("\r")
    assert any("0/2" in frame for frame in drawn)
    assert any("epoch 1/2:  50%" in frame and "1/2" in frame for frame in drawn)
    assert drawn[-1] == ""
    assert drawn[-2].isspace()


def test_without_tqdm_there_are_only_the_lines(monkeypatch):
    monkeypatch.setitem(sys.modules, "tqdm", None)  # import tqdm is then an ImportError
    lines, bar = Terminal(), Terminal()
    run(Progress(lines, bar))
    assert re.fullmatch(table(), lines.getvalue())
    assert bar.getvalue() == ""


def test_a_progress_can_be_used_again():
    lines = io.StringIO()
    progress = Progress(lines)
    run(progress)
    run(progress)
    assert lines.getvalue().count("epoch") == 2


def test_a_reader_that_has_gone_does_not_end_the_training():
    class Broken(io.StringIO):
        def flush(self) -> None:
            raise BrokenPipeError

    lines = Broken()
    run(Progress(lines), epochs=3)
    assert len(lines.getvalue().splitlines()) == 4
