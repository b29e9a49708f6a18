from __future__ import annotations

import re
import sys
import webbrowser
from pathlib import Path

import pytest

SMALL = "--layers 8 --epochs 2 --quiet --out run"


@pytest.fixture
def opened(monkeypatch) -> list[str]:
    """The addresses that were opened in a browser, if there were one."""
    found: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda address: not found.append(address))
    return found


def look_at(output, monkeypatch) -> None:
    """Let the output go to a terminal."""
    monkeypatch.setattr(output, "isatty", lambda: True)


def test_it_tells_the_data_the_network_the_results_and_where_the_report_is(
    glasswork, opened, capsys
):
    glasswork(f"train digits {SMALL}")
    capsys.readouterr()
    assert glasswork("show run") == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "digits: 1,438 samples learnt from and 359 tested on, 64 features, 10 classes"
    assert "Linear(64, 8)" in told[2]
    assert re.fullmatch(r"test part: loss \d\.\d+, accuracy \d\d\.\d\d%, after 2 epochs", told[-2])
    assert told[-1] == "report: run/report.html"
    assert not opened  # nobody looks at a terminal


def test_in_a_terminal_it_opens_the_report_unless_that_is_not_wanted(
    glasswork, opened, capsys, monkeypatch
):
    look_at(sys.stdout, monkeypatch)
    glasswork(f"train line {SMALL}")
    glasswork("show run --no-open")
    assert not opened
    capsys.readouterr()
    assert glasswork("show run") == 0
    assert opened == [Path("run/report.html").resolve().as_uri()]
    told = capsys.readouterr().out
    assert (
        told.splitlines()[0] == "line: 160 samples learnt from and 40 tested on, 1 feature, values"
    )
    assert told.endswith("report: run/report.html (in your browser)\n")


def test_without_a_browser_it_says_where_the_report_is(glasswork, monkeypatch, capsys):
    look_at(sys.stdout, monkeypatch)
    monkeypatch.setattr(webbrowser, "open", lambda address: False)
    glasswork(f"train line {SMALL}")
    glasswork("show run")
    assert capsys.readouterr().out.endswith("\nreport: run/report.html\n")


def test_a_run_without_a_report_is_told_all_the_same(glasswork, capsys):
    glasswork(f"train line {SMALL}")
    Path("run/report.html").unlink()
    assert glasswork("show run") == 0
    assert capsys.readouterr().out.endswith("\nthere is no report.html\n")


def test_a_damaged_record_is_told(glasswork, capsys):
    glasswork(f"train line {SMALL}")
    text = '{"dataset": {"inputs": 1, "classes": []}, "options": {"loss": "mse"}}'
    Path("run/history.json").write_text(text)
    assert glasswork("show run") == 2
    assert "history.json is damaged" in capsys.readouterr().err


def test_what_is_undefined_is_told(glasswork, capsys):
    glasswork(f"train line {SMALL} --test 1")
    capsys.readouterr()
    assert glasswork("show run") == 0
    assert ", R² undefined, after 2 epochs\n" in capsys.readouterr().out


def test_the_page_alone_is_printed_when_it_is_asked_for(glasswork, opened, capsys):
    glasswork(f"train digits {SMALL}")
    capsys.readouterr()
    assert glasswork("show run --source") == 0
    page = capsys.readouterr().out
    assert page == Path("run/page.py").read_text(encoding="utf-8")
    compile(page, "page.py", "exec")
    assert re.findall(r"# (forward|backward|update)", page) == ["forward", "backward", "update"]
    assert "np.dot(x, hidden_weights, hidden)" in page
    assert not opened


def test_an_eager_run_has_no_page(glasswork, capsys):
    glasswork(f"train digits {SMALL} --eager")
    assert not Path("run/page.py").exists()
    assert "page.py" not in capsys.readouterr().out
    assert glasswork("show run --source") == 2
    assert "--eager" in capsys.readouterr().err
