"""What a run folder gets for people to look at: a picture of the curves, and the report."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from ..data import Dataset
from ..errors import OptionError
from ..nn import Module
from ..report import Material, write_report
from ..show import save_curves
from ..train import History
from .ctrl_c import CtrlC
from .lesson import Lesson
from .output import one_line
from .page import KeepPage
from .run_folder import PICTURE, REPORT, command_of

__all__ = ["Trained", "draw"]


class Trained(NamedTuple):
    """A training that is over.

    Attributes
    ----------
    dataset, lesson, model, network, history
        What was learned by what, and how that went.
    page : KeepPage
        Saw the compiled step.
    record : dict
        What the history of the run folder says.
    """

    dataset: Dataset
    lesson: Lesson
    model: Module
    network: Module
    history: History
    page: KeepPage
    record: dict[str, Any]


def draw(trained: Trained, folder: Path, ctrl_c: CtrlC) -> tuple[list[str], list[str]]:
    """Write both: the files that are there then, and of each other one why there is none."""
    files, reasons = [], []
    for what, file, write in (("picture", PICTURE, _curves), ("report", REPORT, _report)):
        if reason := _fault(partial(write, trained, folder / file), ctrl_c):
            reasons.append(f"no {what}: {reason}")
        else:
            files.append(file)
    return files, reasons


def _fault(write: Callable[[], None], ctrl_c: CtrlC) -> str:
    """Write something, and tell what hindered it: no fault of it is one of the training."""
    try:
        return "interrupted" if ctrl_c.ends(write) else ""
    except Exception as error:  # noqa: BLE001 (whatever it is: what was learnt is worth more)
        return one_line(error)


def _curves(trained: Trained, path: Path) -> None:
    if not len(trained.history):
        raise OptionError("no epoch was finished")
    save_curves(trained.history, path, held_out="test")


def _report(trained: Trained, path: Path) -> None:
    dataset, lesson, model, network, history, page, record = trained
    x, y = lesson.raw_test
    material = Material(
        dataset=dataset,
        samples=(len(lesson.train.x), len(x)),
        model=model,
        network=network,
        criterion=lesson.loss,
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
        command=command_of(path.parent),
        interrupted=record["interrupted"],
    )
    write_report(material, path)
