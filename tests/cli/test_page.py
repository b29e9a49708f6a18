from __future__ import annotations

import re
from pathlib import Path

from glasswork.cli import page, train


def test_a_run_keeps_the_page_of_whole_batches_and_a_batch_for_it(glasswork, monkeypatch):
    kept = []

    class Kept(page.KeepPage):
        def on_end(self, run):
            kept.append((self.program, self.arrays))

    monkeypatch.setattr(train, "KeepPage", Kept)
    glasswork("train digits --layers 8 --epochs 2 --quiet --out run")
    ((program, arrays),) = kept
    assert program.page.source == Path("run/page.py").read_text(encoding="utf-8")
    assert all(str(array.shape) in program.arguments for array in arrays)
    assert [len(array) for array in arrays] == [32, 32]  # and not the 30 that are left over


def test_compiled_and_eager_runs_learn_the_same(glasswork, capsys):
    glasswork("train digits --layers 8 --epochs 3 --quiet --out compiled")
    glasswork("train digits --layers 8 --epochs 3 --quiet --eager --out eager")
    ours, theirs = re.findall(r"test part: loss (\S+), accuracy (\S+)%", capsys.readouterr().out)
    assert abs(float(ours[0]) / float(theirs[0]) - 1) < 1e-3  # rounding, grown over 135 steps
