"""Trainings that are killed again and again come out as one that nobody disturbs."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from random import Random

import glasswork
from glasswork.saving.states import read_state

__all__ = ["LostError", "survive"]

ROOT = Path(__file__).parents[1]
CHECKPOINT = "checkpoint.safetensors"
MOST_LINES = 60  # that a training may say before it is killed


class LostError(Exception):
    """A checkpoint, or a bit, did not survive."""


def survive(folder: Path, kills: int, seed: int, say: Callable[[str], object]) -> int:
    """Kill trainings in `folder` at random moments, and resume each, until there were enough kills.

    After each kill the checkpoint must be whole and no older than the one before. Each training
    that ends must have the files of the undisturbed one.

    Returns
    -------
    int
        How many trainings came to their end.

    Raises
    ------
    LostError
        As soon as something differs.
    """
    random = Random(seed)
    expected = folder / "undisturbed"
    run(expected, lines=None)
    killed = 0
    for trained in count(1):
        disturbed, steps = folder / f"disturbed-{trained}", 0
        while run(disturbed, random.randrange(MOST_LINES) if killed < kills else None):
            killed += 1
            steps = steps_kept(disturbed, steps)
        check(disturbed, expected)
        say(f"{killed} kills, {trained} trainings, all as the undisturbed one")
        if killed >= kills:
            return trained
    raise AssertionError("count ends never")


def run(folder: Path, lines: int | None) -> bool:
    """Train in a process of its own; kill it after so many lines, if it says more.

    Returns
    -------
    bool
        Whether it was killed.
    """
    command = [sys.executable, "-m", "benchmarks.killed", str(folder)]
    paths = os.pathsep.join([str(Path(glasswork.__file__).parents[1]), str(ROOT)])
    environment = os.environ | {"PYTHONPATH": paths, "OPENBLAS_NUM_THREADS": "1"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, text=True
    ) as child:
        for number, _ in enumerate(child.stdout or ()):
            if number == lines:
                child.send_signal(signal.SIGKILL)
        failure = (child.stderr or sys.stdin).read()
    if child.returncode not in (0, -signal.SIGKILL):
        raise LostError(f"{folder}: the training failed\n{failure}")
    return child.returncode != 0


def steps_kept(folder: Path, before: int) -> int:
    """How many steps the checkpoint has; none is lost."""
    path = folder / CHECKPOINT
    steps: int = read_state(path)["steps"] if path.exists() else 0
    if steps < before:
        raise LostError(f"{folder}: the checkpoint has {steps} steps, and had {before}")
    return steps


def check(folder: Path, expected: Path) -> None:
    """Compare what two trainings came to, all but the time that it took."""
    for name in ("final", "trace.csv"):
        if (folder / name).read_bytes() != (expected / name).read_bytes():
            raise LostError(f"{folder / name} is not {expected / name}")
    for name in ("log.csv", "log.jsonl"):
        if list(rows(folder / name)) != list(rows(expected / name)):
            raise LostError(f"{folder / name} has other rows than {expected / name}")
    if left := list(folder.glob(".glasswork-*")):
        raise LostError(f"{folder} has leftovers: {left}")


def rows(path: Path) -> Iterator[list[str]]:
    """The rows of a log without their last cell, the seconds of an epoch."""
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.reader(file):
            yield row[:-1] if "batch_loss" not in row[-1] else row
