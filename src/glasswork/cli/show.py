"""`glasswork show`: what a run folder holds, in short; and its report, in a browser."""

from __future__ import annotations

import sys
import webbrowser
from argparse import Namespace
from pathlib import Path

from ..errors import DataError
from ..nn import Module
from ..saving.files import parse_json
from .output import found, say
from .run_folder import HISTORY, PAGE, REPORT, read_run

__all__ = ["show_run"]


def show_run(options: Namespace) -> int:
    """Print what a run folder holds, and open its report where somebody looks at a terminal."""
    folder: Path = options.run_folder
    run = read_run(folder)
    if options.source:
        sys.stdout.write(_page(folder))
        return 0
    for line in _told(folder, run.model):
        say(line)
    report = folder / REPORT
    if not report.exists():
        say(f"there is no {REPORT}")
        return 0
    opened = (
        not options.no_open and sys.stdout.isatty() and webbrowser.open(report.resolve().as_uri())
    )
    say(f"report: {report}{' (in your browser)' if opened else ''}")
    return 0


def _told(folder: Path, model: Module) -> list[str]:
    """The data, the network and the results."""
    match parse_json((folder / HISTORY).read_text(encoding="utf-8")):
        case {
            "dataset": {
                "name": name,
                "inputs": int(inputs),
                "classes": classes,
                "samples": {"train": int(learnt), "test": int(tested)},
            },
            "test": dict(result),
            "seconds": list(seconds),
        }:
            features = f"{inputs:,} feature{'s' * (inputs != 1)}"
            targets = f"{len(classes)} classes" if classes else "values"
            parts = f"{learnt:,} samples learnt from and {tested:,} tested on"
            epochs = f"{len(seconds)} epoch{'s' * (len(seconds) != 1)}"
            return [
                f"{name}: {parts}, {features}, {targets}",
                f"{model!r}\n",
                f"test part: {found(result)}, after {epochs}",
            ]
    raise DataError(f"{folder / HISTORY} is damaged.\n  Train the network again.")


def _page(folder: Path) -> str:
    """The page of a run."""
    try:
        return (folder / PAGE).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise DataError(
            f"{folder}: there is no {PAGE}, the page of NumPy that trained it.\n"
            "  It is there after a training without --eager whose step could be compiled."
        ) from None
