"""`glasswork show`, and the page that a run folder keeps: the program of a training step."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

from ..compiler import Compiled
from ..errors import DataError
from ..saving import atomic_write
from ..saving.files import parse_json
from ..train import Callback, Run
from .run_folder import HISTORY, PAGE, read_run

__all__ = ["KeepPage", "show_run"]


class KeepPage(Callback):
    """Leaves the page of the compiled step in a run folder, as soon as an epoch is over."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / PAGE
        self._kept = ""

    def on_epoch(self, run: Run) -> None:
        """Keep the page of whole batches, which is the first that is written."""
        step = run.step.run
        source = step.programs[0].page.source if isinstance(step, Compiled) else ""
        if source != self._kept:
            with atomic_write(self._path, "w") as file:
                file.write(source)
            self._kept = source


def show_run(options: Namespace) -> int:
    """Print what a run folder holds."""
    folder: Path = options.run_folder
    run = read_run(folder)
    if options.source:
        sys.stdout.write(_page(folder))
        return 0
    test = parse_json((folder / HISTORY).read_text(encoding="utf-8"))["test"]
    print(run.model)
    print("test part:", ", ".join(f"{name} {number:.4g}" for name, number in test.items()))
    return 0


def _page(folder: Path) -> str:
    """The page of a run."""
    try:
        return (folder / PAGE).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise DataError(
            f"{folder}: there is no {PAGE}, the page of NumPy that trained it.\n"
            "  It is there after a training without --eager whose step could be compiled."
        ) from None
