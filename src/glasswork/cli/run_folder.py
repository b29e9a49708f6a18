"""Run folders: what a training leaves, and where."""

from __future__ import annotations

import shlex
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from ..data.columns import Column, features_of
from ..errors import DataError, OptionError
from ..nn import Categories, Module
from ..saving import load, write_json
from ..saving.files import parse_json
from ..train.checkpoints import CHECKPOINT, TRACE

__all__ = [
    "HISTORY", "MODEL", "PAGE", "PICTURE", "REPORT", "StoredRun", "check_resumed", "command_of",
    "new_folder", "options_of", "read_run", "write_options",
]  # fmt: skip

MODEL, HISTORY, PICTURE = "model.safetensors", "history.json", "curves.png"
OPTIONS, PAGE, REPORT = "options.json", "page.py", "report.html"
FILES = MODEL, HISTORY, PICTURE, REPORT, OPTIONS, PAGE, CHECKPOINT, TRACE
MAY_CHANGE = {"epochs", "checkpoint_every"}
OF_ONE_COMMAND = {"command", "run", "resume", "out", "quiet"}  # not of all that go on with a run


@contextmanager
def new_folder(out: Path | None, name: str) -> Iterator[Path]:
    """A new folder for a run: `out`, or runs/name-1, or the next number that is free.

    If an error ends the block, the folder is removed with the files of a run that are in it; but
    not if it was a full disk or memory, and there is a checkpoint to go on from.

    Raises
    ------
    OptionError
        If out is there already.
    OSError
        If no folder can be made there.
    """
    folder = out if out is not None else _next_free(Path("runs"), name)
    created = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        raise OptionError(
            f"--out: {folder} is there already.\n"
            "  Pass another path, or remove it: nothing is overwritten."
        ) from None
    try:
        yield folder
    except BaseException as error:
        if isinstance(error, OSError | MemoryError) and (folder / CHECKPOINT).exists():
            error.add_note(f"`glasswork train --resume {folder}` goes on from the last checkpoint")
            raise
        with suppress(OSError):  # what holds something else stays
            for file in FILES:
                (folder / file).unlink(missing_ok=True)
            for path in created:
                path.rmdir()
        raise


def _next_free(parent: Path, name: str) -> Path:
    numbered = (parent / f"{name}-{number}" for number in count(1))
    return next(path for path in numbered if not path.exists())


def write_options(options: Namespace, folder: Path) -> None:
    """Keep what was said on the command line, so that a run can be gone on with."""
    said = {name: _text(value) for name, value in vars(options).items() if value is not None}
    write_json(
        folder / OPTIONS, {name: text for name, text in said.items() if name not in OF_ONE_COMMAND}
    )


def options_of(folder: Path) -> dict[str, str | bool]:
    """What was said on the command line that began a run, by the names of the options.

    Raises
    ------
    DataError
        If it is no run folder, or the file is damaged.
    """
    try:
        said = parse_json((folder / OPTIONS).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(
            f"{folder} is no run that can be gone on with.\n"
            f"  {OPTIONS}: {error}.\n"
            "  Pass a folder that `glasswork train` has written."
        ) from error
    match said:
        case {"data": str()} if all(isinstance(value, str | bool) for value in said.values()):
            return {str(name): value for name, value in said.items()}
    raise DataError(f"{folder / OPTIONS} is damaged.\n  Train the network again.")


def check_resumed(options: Namespace, stored: dict[str, str | bool]) -> None:
    """Refuse options of a command that goes on with a run, if it was begun with others."""
    for name, value in vars(options).items():
        if name in OF_ONE_COMMAND | MAY_CHANGE or value is None:
            continue
        if (text := _text(value)) != (begun := stored.get(name, False)):
            option = f"--{name.replace('_', '-')}"
            raise OptionError(
                f"{option} is {text}, and this run was begun with {begun or 'what suits the data'}."
                "\n  Begin a new run; --epochs and --checkpoint-every alone may change."
            )


def command_of(folder: Path) -> str:
    """The command that begins the run of a folder anew: all that was said, or meant."""
    said = options_of(folder)
    words = ["glasswork", "train", str(said.pop("data"))]
    for name, value in said.items():
        option = f"--{name.replace('_', '-')}"
        if isinstance(value, bool):
            words += [option] * value
        else:  # joined by =, so that a value may begin with a hyphen
            words.append(f"{option}={value}")
    return shlex.join(words)


def _text(value: object) -> str | bool:
    """The value of an option as it would be said; a flag says nothing but that it is there."""
    if isinstance(value, list):
        return ",".join(map(str, value)) or "none"
    return value if isinstance(value, bool) else str(value)


class StoredRun(NamedTuple):
    """What a run folder tells of a network.

    Attributes
    ----------
    model : Module
        Takes samples as they stand in the dataset.
    inputs : int
        Features per sample.
    classes : list of str
        The name of each class; empty in regression.
    loss : str
        What it was trained with.
    columns : list of Column
        Those of the table that it was trained on; empty if it was something else.
    """

    model: Module
    inputs: int
    classes: list[str]
    loss: str
    columns: list[Column]


def read_run(folder: Path) -> StoredRun:
    """The network in a run folder, with what is needed to read its outputs.

    Raises
    ------
    DataError
        If it is no run folder, or one of its files is damaged.
    """
    try:
        text = (folder / HISTORY).read_text(encoding="utf-8")
        model = load(folder / MODEL)
    except OSError as error:
        if (folder / CHECKPOINT).exists():
            raise DataError(
                f"{folder}: this run is not finished.\n"
                f"  Go on with it: glasswork train --resume {folder}"
            ) from error
        raise DataError(
            f"{folder} is no run folder.\n"
            f"  {error.filename}: {error.strerror}.\n"
            "  Pass a folder that `glasswork train` has written."
        ) from error
    try:
        record = parse_json(text)
    except ValueError as error:
        raise DataError(
            f"{folder / HISTORY} is damaged.\n  {error}\n  Train the network again."
        ) from error
    match record:
        case {
            "dataset": {"inputs": int(inputs), "classes": [*classes], **told},
            "options": {"loss": str(loss)},
        }:
            columns = _columns(folder, model, told.get("columns", ()))
            return StoredRun(model, inputs, [str(name) for name in classes], loss, columns)
    raise DataError(
        f"{folder / HISTORY} does not say how to use the network.\n"
        "  It is damaged, or was written by another program."
    )


def _columns(folder: Path, model: Module, told: Any) -> list[Column]:
    """The columns of the table that a network was trained on, with the words that it knows."""
    try:
        columns = [Column(**column) for column in told]
        layers = [part for _, part in model.named_modules() if isinstance(part, Categories)]
        places = {column.name: place for place, column in enumerate(features_of(columns))}
        words = layers[0].vocabulary if layers else {}
        return [c._replace(words=words.get(places.get(c.name, -1), ())) for c in columns]
    except TypeError as error:
        raise DataError(f"{folder / HISTORY} is damaged.\n  {error}.\n  Train again.") from error
