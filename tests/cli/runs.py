"""Run folders, and what is in them."""

from __future__ import annotations

from pathlib import Path

from glasswork.saving.files import parse_json

SMALL = "--layers 4 --epochs 2"
WRITTEN = {"model.safetensors", "history.json", "page.py", "report.html"}
RESUMABLE = {"options.json", "checkpoint.safetensors", "trace.csv"}


def record(folder: str) -> dict:
    """What a run has written down of itself."""
    return parse_json(Path(folder, "history.json").read_text(encoding="utf-8"))


def files(folder: str) -> set[str]:
    """What is in a run folder besides what a training needs to go on."""
    found = {path.name for path in Path(folder).iterdir()}
    assert found >= RESUMABLE
    return found - RESUMABLE
