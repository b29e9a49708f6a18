"""`glasswork predict`: what a trained network says of samples in a file."""

from __future__ import annotations

import csv
import io
import sys
from argparse import Namespace
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import functional as F
from ..data import read_samples
from ..data.columns import Cells, as_words
from ..data.files import is_table, read_rows
from ..errors import DataError, OptionError
from ..saving import atomic_write
from ..train import predict
from .run_folder import StoredRun, read_run

__all__ = ["predict_samples"]

Array = NDArray[Any]


def predict_samples(options: Namespace) -> int:
    """Read samples, and print or write what the network in a run folder makes of them."""
    out: Path | None = options.out
    if out is not None and out.suffix not in (".csv", ".npz"):
        raise OptionError(
            f"--out: {out} is neither a .csv nor a .npz file.\n"
            "  Pass a name that ends in one of them."
        )
    if out is not None and out.exists() and out.samefile(options.file):
        raise OptionError(f"--out: {out} holds the samples.\n  Pass another name.")
    run = read_run(options.run_folder)
    samples, table = _samples(run, options)
    found = _meaning(run, predict(run.model, samples, progress=True))
    if out is None:
        sys.stdout.write(_csv(table, found, run.classes))
        return 0
    with atomic_write(out) as file:
        if out.suffix == ".npz":
            np.savez_compressed(file, **found)
        else:
            file.write(_csv(table, found, run.classes).encode())
    print(f"{out}: {len(samples):,} predictions")
    return 0


def _samples(run: StoredRun, options: Namespace) -> tuple[Array, dict[str, Cells]]:
    """What the network takes; and of a table for a network that learned one, all of its columns."""
    if not run.columns or not is_table(options.file):
        return read_samples(options.file, run.inputs, target=options.target), {}
    rows = read_rows(options.file, run.columns)
    for remark in rows.remarks:
        print(remark, file=sys.stderr)
    return rows.x, rows.table


def _meaning(run: StoredRun, outputs: Array) -> dict[str, Any]:
    """What the outputs are: values, or classes and what stands for each of them."""
    target = next((c.name for c in run.columns if c.kind == "target"), None)
    if not run.classes:
        return {f"predicted {target}" if target else "value": outputs}
    if len(run.classes) != outputs.shape[1]:
        raise DataError(
            f"the run names {len(run.classes)} classes, and its network knows {outputs.shape[1]}.\n"
            "  One of its files is damaged."
        )
    title = f"predicted {target}" if target else "class"
    classes = np.array(run.classes)[outputs.argmax(axis=1)]
    if run.loss == "cross-entropy":
        return {title: classes, "probability": F.softmax(outputs)}
    return {title: classes, "score": outputs}


def _csv(table: dict[str, Cells], found: dict[str, Array], classes: list[str]) -> str:
    """A line for each sample: its cells in a table, and what was found, by class or value."""
    columns: dict[str, Iterable[Any]] = {}
    for name, cells in table.items():
        different, rows = as_words(cells)
        columns[name] = [different[row] for row in rows.tolist()]
    for name, array in found.items():
        parts = array.reshape(len(array), -1).T
        labels = classes or range(len(parts))
        titles = [name] if len(parts) == 1 else [f"{name} {label}" for label in labels]
        columns |= dict(zip(titles, parts, strict=True))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for row in zip(*columns.values(), strict=True):
        writer.writerow(cell if isinstance(cell, str) else f"{cell:.6g}" for cell in row)
    return text.getvalue()
