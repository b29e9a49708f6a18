"""Files that are either written whole or not touched at all."""

from __future__ import annotations

import errno
import json
import math
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from typing import IO, Any, Literal, NoReturn

import numpy as np

from ..errors import OptionError
from ..limits import path_of

__all__ = ["atomic_write", "parse_json", "remove_leftovers", "write_json"]

TEMPORARY = ".glasswork-"


@contextmanager
def atomic_write(
    path: str | os.PathLike[str], mode: Literal["w", "wb"] = "wb"
) -> Iterator[IO[Any]]:
    """Open a file whose content appears under `path` all at once, when the block ends well.

    What is written goes to a temporary file in the same folder, is flushed to the disk, and then
    takes the name `path` in one step. When anything fails before that (an exception in the block, a
    full disk, Ctrl-C), the temporary file is removed and an older file at `path` stays as it was.

    Parameters
    ----------
    path : str or path
        The file to write; its folder must exist. Through a symbolic link the file it points to
        is written. An older file's permissions are kept.
    mode : "wb" or "w"
        Bytes, or text in UTF-8.

    Raises
    ------
    OptionError
        If `mode` is another one.
    OSError
        If the file cannot be written; it names `path`. So it is where a device or a pipe has that
        name: a file would take its place.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     with atomic_write(f"{folder}/note.txt", "w") as file:
    ...         _ = file.write("γ₁")
    ...     Path(folder, "note.txt").read_text(encoding="utf-8")
    'γ₁'
    """
    if mode not in ("w", "wb"):
        raise OptionError(
            f"atomic_write: mode is {mode!r}.\n  Pass 'wb' for bytes or 'w' for text."
        )
    target = path_of("save", path).resolve()
    if target.exists() and not (target.is_file() or target.is_dir()):
        raise OSError(errno.EINVAL, "Not a regular file", str(path))
    encoding = "utf-8" if mode == "w" else None
    temporary = target.with_name(f"{TEMPORARY}{token_hex(8)}")
    try:
        with temporary.open(mode.replace("w", "x"), encoding=encoding) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileNotFoundError):
            shutil.copymode(target, temporary)
        temporary.replace(target)
    except BaseException as error:
        with suppress(OSError):
            temporary.unlink()
        if isinstance(error, OSError) and error.errno and error.filename in (None, str(temporary)):
            raise OSError(error.errno, error.strerror, str(path)) from None
        raise
    _sync_folder(target.parent)


def remove_leftovers(folder: str | os.PathLike[str]) -> None:
    """Remove the temporary files of processes that were killed while they wrote to this folder.

    Call it where nobody else writes to the folder.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     _ = Path(folder, ".glasswork-0123").write_text("half of a mo")
    ...     remove_leftovers(folder)
    ...     list(Path(folder).iterdir())
    []
    """
    for temporary in Path(folder).glob(f"{TEMPORARY}*"):
        temporary.unlink(missing_ok=True)


def write_json(path: str | os.PathLike[str], value: object) -> None:
    """Write `value` as JSON, atomically. NumPy's arrays and scalars become lists and numbers.

    JSON has no NaN and no infinity: they are written as null, as browsers do.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_json(f"{folder}/history.json", {"loss": np.array([0.5, np.nan])})
    ...     parse_json(Path(folder, "history.json").read_text(encoding="utf-8"))
    {'loss': [0.5, None]}
    """
    text = json.dumps(_plain(value), indent=2, ensure_ascii=False, allow_nan=False)
    with atomic_write(path, "w") as file:
        file.write(text + "\n")


def parse_json(text: str) -> Any:
    """Read JSON strictly: one meaning per text, no NaN, and ValueError for anything else.

    Examples
    --------
    >>> parse_json('{"a": 1, "a": 2}')
    Traceback (most recent call last):
      ...
    ValueError: The name 'a' is used twice.
    """
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except RecursionError:
        raise ValueError("It is nested too deeply.") from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table: dict[str, Any] = {}
    for name, value in pairs:
        if name in table:
            raise ValueError(f"The name {name!r} is used twice.")
        table[name] = value
    return table


def _no_constant(word: str) -> NoReturn:
    raise ValueError(f"It says {word}, which is not JSON.")


def _plain(value: object) -> object:
    """`value` in the words of JSON; what JSON cannot say is left for `json` to refuse."""
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    return value


def _sync_folder(folder: Path) -> None:
    """Put the new name itself on the disk, on systems that can sync a folder."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
