"""What is said on standard output, and how."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from ..report import figures

__all__ = ["found", "one_line", "say", "silence"]


def found(result: Mapping[str, float | None]) -> str:
    """What a network came to, in one line.

    Examples
    --------
    >>> found({"loss": 0.0861, "accuracy": 0.9777})
    'loss 0.0861, accuracy 97.77%'
    """
    return ", ".join(f"{name} {number}" for name, number in figures(result).items())


def say(line: str) -> None:
    """Print a line at once; when whoever read them has gone, as `head` goes, in vain."""
    try:
        print(line, flush=True)
    except BrokenPipeError:
        silence()


def silence() -> None:
    """Let standard output lead nowhere from now on."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def one_line(error: BaseException) -> str:
    """What an error says, in one line that names its file; with the notes that were added to it.

    Examples
    --------
    >>> one_line(OSError(28, "No space left on device", "run/model"))
    'run/model: No space left on device'
    """
    text = str(error)
    if isinstance(error, OSError) and error.filename is not None:
        text = f"{error.filename}: {error.strerror}"
    said = " ".join(text.split()) or type(error).__name__
    return "; ".join([said, *getattr(error, "__notes__", ())])
