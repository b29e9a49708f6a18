from __future__ import annotations

import re
from pathlib import Path


def test_a_run_keeps_the_page_of_its_step_and_show_prints_it(glasswork, capsys):
    glasswork("train digits --layers 8 --epochs 2 --quiet --out run")
    capsys.readouterr()
    assert glasswork("show run --source") == 0
    page = capsys.readouterr().out
    assert page == Path("run/page.py").read_text(encoding="utf-8")
    compile(page, "page.py", "exec")
    assert re.findall(r"# (forward|backward|update)", page) == ["forward", "backward", "update"]
    assert "np.dot(x, hidden_weights, hidden)" in page


def test_show_tells_the_network_and_how_well_it_does(glasswork, capsys):
    glasswork("train digits --layers 8 --epochs 2 --quiet --out run")
    capsys.readouterr()
    assert glasswork("show run") == 0
    told = capsys.readouterr().out
    assert "Linear(64, 8)" in told
    assert re.search(r"test part: loss \d\.\d+, accuracy \d", told)


def test_an_eager_run_has_no_page(glasswork, capsys):
    glasswork("train digits --layers 8 --epochs 1 --quiet --eager --out run")
    assert not Path("run/page.py").exists()
    assert "page.py" not in capsys.readouterr().out
    assert glasswork("show run --source") == 2
    assert "--eager" in capsys.readouterr().err


def test_compiled_and_eager_runs_learn_the_same(glasswork, capsys):
    glasswork("train digits --layers 8 --epochs 3 --quiet --out compiled")
    glasswork("train digits --layers 8 --epochs 3 --quiet --eager --out eager")
    ours, theirs = re.findall(r"test part: loss (\S+), accuracy (\S+)%", capsys.readouterr().out)
    assert abs(float(ours[0]) / float(theirs[0]) - 1) < 1e-3  # rounding, grown over 135 steps
