"""Every example prints what its docstring shows, with pictures and without."""

from __future__ import annotations

import ast
import runpy
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "examples"
EXAMPLES = sorted(FOLDER.glob("[0-9]*.py"))


def run(example: Path, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Run a script as `python examples/…` does, standing in `folder`."""
    monkeypatch.chdir(folder)
    monkeypatch.syspath_prepend(FOLDER)
    runpy.run_path(str(example), run_name="__main__")


def shown(example: Path) -> str:
    """What the docstring says that the script prints."""
    docstring = ast.get_docstring(ast.parse(example.read_text(encoding="utf-8")))
    return docstring.partition(f"$ python examples/{example.name}\n")[2] + "\n"


def test_the_examples_are_numbered_from_one():
    assert [int(example.name[:2]) for example in EXAMPLES] == list(range(1, len(EXAMPLES) + 1))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.stem)
def test_an_example_prints_what_its_docstring_shows(example, monkeypatch, tmp_path, capsys):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    run(example, monkeypatch, tmp_path)
    assert capsys.readouterr().out == shown(example)


def test_the_derivation_in_the_documents_is_what_the_example_prints():
    derivation, _, _ = shown(FOLDER / "08_written_out.py").partition("\n\n")
    assert f"\n{derivation}\n" in (FOLDER.parent / "docs/compiler.md").read_text(encoding="utf-8")


def test_without_matplotlib_an_example_says_that_there_is_no_picture(monkeypatch, tmp_path, capsys):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    run(FOLDER / "01_line.py", monkeypatch, tmp_path)
    assert "glasswork[app]" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


DRAWN = [example for example in EXAMPLES if "save_picture" in example.read_text(encoding="utf-8")]


@pytest.mark.parametrize("example", DRAWN, ids=lambda example: example.stem)
def test_with_matplotlib_an_example_saves_its_picture(example, monkeypatch, tmp_path, capsys):
    pytest.importorskip("matplotlib")
    run(example, monkeypatch, tmp_path)
    assert capsys.readouterr().out == shown(example)
    assert (tmp_path / f"{example.stem}.png").stat().st_size > 10_000
