"""The command line, called as a user calls it, in a folder of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from glasswork.__main__ import main

Glasswork = Callable[..., int]


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    """The folder in which the commands run."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def glasswork(here) -> Glasswork:
    """Run a command line in this process, and give its exit code."""

    def run(line: str) -> int:
        try:
            return main(line.split())
        except SystemExit as end:
            return int(end.code or 0)

    return run
