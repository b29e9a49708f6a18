"""What a run folder gets for people to look at: a picture of the curves, and the report."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from ..data import Dataset
from ..errors import MissingExtraError
from ..nn import Module
from ..report import Material, write_report
from ..show import save_curves
from ..train import History
from .ctrl_c import CtrlC
from .lesson import Lesson
from .output import one_line
from .page import KeepPage
from .run_folder import PICTURE, REPORT, command_of

__all__ = ["Trained", "draw_curves", "report"]


class Trained(NamedTuple):
    """A training that is over.

    Attributes
    ----------
    dataset, lesson, model, history
        What was learned by what, and how that went.
    page : KeepPage
        Saw the compiled step.
    record : dict
        What the history of the run folder says.
    """

    dataset: Dataset
    lesson: Lesson
    model: Module
    history: History
    page: KeepPage
    record: dict[str, Any]


def draw_curves(history: History, folder: Path, ctrl_c: CtrlC) -> str:
    """Draw the learning curves: what is to be told of the picture, or why there is none."""
    if not len(history):
        return "; no picture, for no epoch was finished"
    try:
        draw = partial(save_curves, history, folder / PICTURE, held_out="test")
        return _ended("picture", PICTURE, draw, ctrl_c)
    except (MissingExtraError, OSError) as error:
        return f"; no picture: {one_line(error)}"


def report(trained: Trained, folder: Path, ctrl_c: CtrlC) -> str:
    """Write the report: what is to be told of it. No fault of it is one of the training."""
    try:
        return _ended("report", REPORT, partial(_write, trained, folder), ctrl_c)
    except Exception as error:  # noqa: BLE001 (whatever it is: what was learnt is worth more)
        return f"; no report: {one_line(error)}"


def _ended(what: str, file: str, action: Callable[[], object], ctrl_c: CtrlC) -> str:
    return f"; no {what}: interrupted" if ctrl_c.ends(action) else f", {file}"


def _write(trained: Trained, folder: Path) -> None:
    dataset, lesson, model, history, page, record = trained
    x, y = lesson.raw_test
    material = Material(
        dataset=dataset,
        samples=(len(lesson.train.x), len(x)),
        model=model,
        loss=record["options"]["loss"],
        history=history,
        x=x,
        y=y.argmax(axis=1) if dataset.classes and y.ndim == 2 else y,
        result=record["test"],
        baseline=lesson.baseline,
        trivial=lesson.trivial,
        program=page.program,
        arrays=page.arrays,
        options=record["options"],
        versions=record["versions"],
        command=command_of(folder),
        interrupted=record["interrupted"],
    )
    write_report(material, folder / REPORT)
