"""What a run folder keeps from the beginning: how to go on, and the program of a training step."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any

from ..compiler import Compiled
from ..compiler.program import Program
from ..saving import atomic_write
from ..train import Callback, Run
from .run_folder import PAGE, write_options

__all__ = ["KeepPage"]


class KeepPage(Callback):
    """Leaves the options in a run folder, and the page of the compiled step after an epoch.

    Parameters
    ----------
    folder : path
        Of the run.
    said : Namespace
        What was said on the command line.

    Attributes
    ----------
    program : Program or None
        The one that the page is of.
    arrays : tuple of array
        A batch for it.
    """

    def __init__(self, folder: Path, said: Namespace) -> None:
        self.folder = folder
        self._said = said
        self._kept = ""
        self.program: Program | None = None
        self.arrays: tuple[Any, ...] = ()

    def on_start(self, run: Run) -> None:
        """Keep the options, which fit a training that goes on, or this would not be reached."""
        write_options(self._said, self.folder)

    def on_batch(self, run: Run) -> None:
        """Keep the first batch, which is whole."""
        self.arrays = self.arrays or run.arrays

    def on_epoch(self, run: Run) -> None:
        """Keep the page of whole batches, which is the first that is written."""
        step = run.step.run
        if not isinstance(step, Compiled):
            self.program = None
        elif step.programs:  # none, if this epoch had been learnt before it was gone on with
            self.program = step.programs[0]
        source = self.program.page.source if self.program else ""
        if source != self._kept:
            with atomic_write(self.folder / PAGE, "w") as file:
                file.write(source)
            self._kept = source
