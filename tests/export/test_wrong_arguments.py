"""What is passed to exports where something else belongs."""

from __future__ import annotations

import pytest

from glasswork import export

from ..wrong import X, filled, model, run, untold

CALLS = {
    "python": (export.python, {"model": model(), "path": "model.py", "example": X}),
    "c": (export.c, {"model": model(), "path": "model.c", "example": X}),
}
ARGUMENTS = [(name, argument) for name, call in CALLS.items() for argument in filled(*call)]


@pytest.mark.parametrize(("name", "argument"), ARGUMENTS)
def test_what_belongs_elsewhere_is_refused_in_words(name, argument, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert untold(*CALLS[name], argument) == []


@pytest.mark.parametrize("name", CALLS)
def test_what_belongs_there_is_taken(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run(*CALLS[name])
