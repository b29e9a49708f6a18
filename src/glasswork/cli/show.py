"""`glasswork show`: what a run folder holds, in short; and its report, in a browser."""

from __future__ import annotations

import sys
import webbrowser
from argparse import Namespace
from pathlib import Path
from typing import Any

from ..errors import DataError
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
    record = parse_json((folder / HISTORY).read_text(encoding="utf-8"))
    say(_data(record["dataset"]))
    say(f"{run.model!r}\n")
    epochs = len(record["seconds"])
    say(f"test part: {found(record['test'])}, after {epochs} epoch{'s' * (epochs != 1)}")
    report = folder / REPORT
    if not report.exists():
        say(f"there is no {REPORT}")
        return 0
    opened = (
        not options.no_open and sys.stdout.isatty() and webbrowser.open(report.resolve().as_uri())
    )
    say(f"report: {report}{' (in your browser)' if opened else ''}")
    return 0


def _data(told: dict[str, Any]) -> str:
    """What was learnt from, in one line."""
    samples, classes = told["samples"], len(told["classes"])
    return (
        f"{told['name']}: {samples['train']:,} samples learnt from and {samples['test']:,} tested"
        f" on, {told['inputs']:,} feature{'s' * (told['inputs'] != 1)},"
        f" {f'{classes} classes' if classes else 'values'}"
    )


def _page(folder: Path) -> str:
    """The page of a run."""
    try:
        return (folder / PAGE).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise DataError(
            f"{folder}: there is no {PAGE}, the page of NumPy that trained it.\n"
            "  It is there after a training without --eager whose step could be compiled."
        ) from None
