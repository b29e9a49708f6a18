"""Journals: text files that grow line by line, and can be cut back to where a checkpoint was."""

from __future__ import annotations

import os
from io import BufferedRandom
from typing import Any

from ..errors import OptionError
from ..limits import path_of
from .callbacks import Callback, Run

__all__ = ["Journal", "Keeper"]


class Journal:
    """A file to which lines are added.

    What was flushed to the disk at a checkpoint is known by its length. A training that goes on
    from there cuts off what came later, and writes it again.

    Parameters
    ----------
    path : str or path
        The file; its folder must exist.
    heading : str
        The first line of an empty file, if there is to be one.
    anew : bool
        Whether to begin an empty file; else lines are added to what is there.

    Raises
    ------
    OptionError
        If what is there has another heading.
    OSError
        If the file cannot be written.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     journal = Journal(f"{folder}/a.csv", heading="step,loss")
    ...     journal.add("1,0.5")
    ...     length = journal.length()
    ...     journal.add("2,0.25")
    ...     journal.cut(length)
    ...     journal.close()
    ...     with open(f"{folder}/a.csv", encoding="utf-8") as file:
    ...         print(file.read())
    step,loss
    1,0.5
    <BLANKLINE>
    """

    def __init__(self, path: str | os.PathLike[str], heading: str = "", anew: bool = False) -> None:
        self.path = path_of("a log", path)
        with self.path.open("ab"):  # make it, if it is not there
            pass
        self._file: BufferedRandom = self.path.open("r+b")
        if anew:
            self._file.truncate()
        first = self._file.readline().decode(errors="replace").rstrip("\r\n")
        if heading and first and first != heading:
            self._file.close()
            raise OptionError(
                f"{self.path}: the file has other columns.\n"
                f"  They are {first:.200}\n  and to come are {heading:.200}\n"
                "  Pass another path, or remove the file."
            )
        self._go_to_the_end()
        if heading and not first:
            self.add(heading)

    def add(self, line: str) -> None:
        """Write one more line; it is on the disk after `flush` or `length`."""
        self._file.write(f"{line}\n".encode())

    def flush(self) -> None:
        """Let other readers of the file see all lines."""
        self._file.flush()

    def length(self) -> int:
        """How many bytes the file has, all of them safe on the disk."""
        self._file.flush()
        os.fsync(self._file.fileno())
        return self._file.tell()

    def cut(self, length: int) -> None:
        """Remove what lies beyond this length."""
        self._file.flush()
        if self._file.seek(0, os.SEEK_END) > length:
            self._file.truncate(length)
        self._go_to_the_end()

    def close(self) -> None:
        """Write what is left to write, and let go of the file."""
        self._file.close()

    def _go_to_the_end(self) -> None:
        """Stand where the next line begins: half a line, as a kill leaves it, is ended."""
        if self._file.seek(0, os.SEEK_END):
            self._file.seek(-1, os.SEEK_END)
            if self._file.read(1) != b"\n":
                self._file.write(b"\n")


class Keeper(Callback):
    """One that writes a journal, and has it cut back to where it was when a training goes on."""

    _journal: Journal

    def on_end(self, run: Run) -> None:
        self._journal.close()

    def state_dict(self) -> dict[str, Any]:
        return {"length": self._journal.length()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self._journal.cut(state["length"])
