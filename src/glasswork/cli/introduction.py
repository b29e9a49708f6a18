"""What is told before a training: the data, what was decided of them, and the network."""

from __future__ import annotations

from argparse import Namespace

import numpy as np

from ..data import DATASETS, Dataset
from ..data.columns import Column
from ..nn import Module
from .lesson import Lesson
from .output import say

__all__ = ["introduce"]

MOST_CLASSES, MOST_COLUMNS = 10, 30  # that are told one by one
KINDS = "number", "category", "left out"


def introduce(dataset: Dataset, lesson: Lesson, model: Module, options: Namespace) -> None:
    """Tell what there is to learn from, what is taken for what in a file, and what learns it."""
    learnt, tested = len(lesson.train.x), len(lesson.test.x)
    say(f"{dataset.name}: {learnt:,} samples to learn from and {tested:,} to test on")
    if options.data not in DATASETS:
        say(f"targets: {_targets(dataset, options)}")
    for line in _columns(dataset.columns):
        say(line)
    say(f"{model!r}\n")


def _targets(dataset: Dataset, options: Namespace) -> str:
    """What is taken for the targets in a file, and how they are distributed."""
    holds = _balance(dataset) if dataset.classes else f"values from {_range(dataset)}"
    target = next((column for column in dataset.columns if column.kind == "target"), None)
    if target is not None:
        name = target.name if target.name.startswith("column ") else f"column {target.name}"
        dropped = f"; {_count(target.missing, 'row')} without one left out"
        return f"{name}, {holds}{dropped if target.missing else ''}"
    if options.target is not None:
        return f"column {options.target}, {holds}"
    is_array = options.data.lower().removesuffix(".gz").endswith(".npy")
    return f"the last column, {holds}" if is_array else holds


def _range(dataset: Dataset) -> str:
    return f"{dataset.y.min():g} to {dataset.y.max():g}"


def _balance(dataset: Dataset) -> str:
    """How many classes there are, and the share of each of the largest."""
    counts = np.bincount(dataset.y, minlength=dataset.outputs)
    largest = np.sort(np.argsort(-counts, kind="stable")[:MOST_CLASSES])
    shares = [f"{dataset.classes[k]} {counts[k] / len(dataset):.1%}" for k in largest]
    more = ", …" if len(shares) < dataset.outputs else ""
    return f"{dataset.outputs} classes: {', '.join(shares)}{more}"


def _columns(columns: tuple[Column, ...]) -> list[str]:
    """How many columns there are of each kind, and what is special of some of them."""
    if not columns:
        return []
    count = {kind: sum(column.kind == kind for column in columns) for kind in KINDS}
    found = ", ".join(_count(n, kind) for kind, n in count.items() if n)
    special = [c for c in columns if c.kind in KINDS and (c.kind != "number" or c.missing)]
    width = max((len(column.name) for column in special[:MOST_COLUMNS]), default=0)
    lines = [
        f"  {column.name:<{width}}  {column.kind:<8}  {_told(column)}"
        for column in special[:MOST_COLUMNS]
    ]
    more = [f"  … and {len(special) - MOST_COLUMNS:,} more"] if special[MOST_COLUMNS:] else []
    return [f"columns: {found}", *lines, *more]


def _told(column: Column) -> str:
    if not column.missing or column.kind == "left out":
        return column.remark
    instead = "the median in their place" if column.kind == "number" else "a word of their own"
    return f"{column.remark}; {column.missing:,} missing, {instead}"


def _count(number: int, noun: str) -> str:
    if number == 1 or noun == "left out":
        return f"{number:,} {noun}"
    return f"{number:,} {noun.removesuffix('y')}{'ies' if noun.endswith('y') else 's'}"
