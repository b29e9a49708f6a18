from __future__ import annotations

import io
import os
import sys

import numpy as np
import pytest

from glasswork.nn import MSE, Linear
from glasswork.train import evaluate, predict
from glasswork.train.bars import bar, watched


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def at_a_terminal(monkeypatch) -> Terminal:
    """Let standard error be one."""
    pytest.importorskip("tqdm")
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    return terminal


def test_a_bar_begins_where_the_job_stands():
    pytest.importorskip("tqdm")
    terminal = Terminal()
    with bar(terminal, total=10, done=4):
        pass
    assert " 40%" in terminal.getvalue() and "4/10" in terminal.getvalue()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no terminals to make")
def test_a_terminal_that_does_not_say_how_large_it_is_has_a_bar_too():
    pytest.importorskip("tqdm")
    reader, writer = os.openpty()  # 0 columns and 0 rows
    with os.fdopen(writer, "w") as terminal, bar(terminal, total=10, done=4):
        pass
    with os.fdopen(reader, "rb") as drawn:
        assert b" 40%" in drawn.read1()


def test_there_is_no_bar_in_a_file_and_none_without_tqdm(monkeypatch):
    assert bar(io.StringIO(), 3) is None
    monkeypatch.setitem(sys.modules, "tqdm", None)  # import tqdm is then an ImportError
    assert bar(Terminal(), 3) is None


@pytest.mark.parametrize("batches", [[1, 2, 3], iter([1, 2, 3])], ids=["a list", "an iterator"])
def test_what_is_watched_stays_the_same(batches, monkeypatch):
    terminal = at_a_terminal(monkeypatch)
    assert list(watched(batches, wanted=True)) == [1, 2, 3]
    assert "batches" in terminal.getvalue()


def test_what_is_not_to_be_watched_draws_nothing(monkeypatch):
    terminal = at_a_terminal(monkeypatch)
    assert list(watched([1, 2, 3], wanted=False)) == [1, 2, 3]
    assert terminal.getvalue() == ""


def test_predictions_and_evaluations_show_how_far_they_are(monkeypatch):
    terminal = at_a_terminal(monkeypatch)
    model, x = Linear(2, 1, rng=0), np.ones((40, 2))
    predict(model, x, batch_size=10, progress=True)
    evaluate(model, MSE(), (x, x[:, :1]), batch_size=5, progress=True)
    assert "0/4" in terminal.getvalue() and "0/8" in terminal.getvalue()
