"""The page that a run folder keeps: the program of a training step."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..compiler import Compiled
from ..compiler.program import Program
from ..saving import atomic_write
from ..train import Callback, Run
from .run_folder import PAGE

__all__ = ["KeepPage"]


class KeepPage(Callback):
    """Leaves the page of the compiled step in a run folder, as soon as an epoch is over.

    Attributes
    ----------
    folder : path
        Of the run.
    program : Program or None
        The one that the page is of.
    arrays : tuple of array
        A batch for it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._kept = ""
        self.program: Program | None = None
        self.arrays: tuple[Any, ...] = ()

    def on_batch(self, run: Run) -> None:
        """Keep the first batch, which is whole."""
        self.arrays = self.arrays or run.arrays

    def on_epoch(self, run: Run) -> None:
        """Keep the page of whole batches, which is the first that is written."""
        step = run.step.run
        self.program = step.programs[0] if isinstance(step, Compiled) else None
        source = self.program.page.source if self.program else ""
        if source != self._kept:
            with atomic_write(self.folder / PAGE, "w") as file:
                file.write(source)
            self._kept = source
