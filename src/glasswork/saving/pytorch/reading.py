"""The files of PyTorch: which kind one is, and the arrays in it."""

from __future__ import annotations

import os
from typing import Any

from numpy.typing import NDArray

from ...errors import DataError
from ...limits import path_of
from ..safetensors import read_safetensors
from .archives import Content, open_archive, open_sequence
from .views import View

__all__ = ["read_pytorch"]

Array = NDArray[Any]

ZIP, PICKLE = b"PK", b"\x80"  # how a file of torch.save begins: since version 1.6, and before
SPARE = 1 << 20  # bytes that tensors may take beyond four times the file


def read_pytorch(path: str | os.PathLike[str], entry: str | None = None) -> dict[str, Array]:
    """Read the state dict in a file of PyTorch's, without torch and without running any of it.

    Parameters
    ----------
    path : str or path
        A file of `torch.save` (.pt or .pth, the zip archive or the kind before it), or of
        safetensors: told apart by their content. It may come from a stranger.
    entry : str, optional
        Under which name the state dict stands, where the file holds a dict of several things.

    Returns
    -------
    dict
        The arrays by PyTorch's names, in PyTorch's shapes. bfloat16, which NumPy lacks, becomes
        float32, which holds each of its values.

    Raises
    ------
    DataError
        If the file is damaged, is of another kind, or holds anything but numbers, text, lists,
        dicts and tensors.
    OSError
        If the file cannot be read.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from glasswork.saving import write_safetensors
    >>> with TemporaryDirectory() as folder:
    ...     write_safetensors(f"{folder}/a.safetensors", {"weight": np.ones((1, 2))})
    ...     read_pytorch(f"{folder}/a.safetensors")
    {'weight': array([[1., 1.]])}
    """
    with path_of("load_pytorch", path).open("rb") as file:
        start, size = file.read(9), file.seek(0, os.SEEK_END)
        file.seek(0)
        if start[8:] == b"{" or not start.startswith((ZIP, PICKLE)):
            return read_safetensors(path)[0]
        try:
            content = (open_archive if start.startswith(ZIP) else open_sequence)(file, size)
            return _arrays(content, _state(content.value, entry), 4 * size + SPARE)
        except DataError as error:
            raise DataError(f"{os.fspath(path)}: {error}") from None


def _state(value: Any, entry: str | None) -> dict[str, View]:
    """The dict of tensors that the value of a file is, or has under a name."""
    if entry is not None:
        if not isinstance(value, dict) or entry not in value:
            raise DataError(
                f"there is no entry {entry!r:.60}.\n  The file holds {_described(value)}.\n"
                "  Pass the name of one that is a state dict."
            )
        value = value[entry]
    if not isinstance(value, dict) or not all(_is_tensor(*item) for item in value.items()):
        raise DataError(
            f"this is no state dict.\n  It is {_described(value)}.\n"
            "  Pass entry=…, the name of one in it, or keep nothing but tensors in the file:\n"
            "  torch.save(model.state_dict(), path)."
        )
    return value


def _is_tensor(name: object, value: object) -> bool:
    return isinstance(name, str) and isinstance(value, View)


def _described(value: object) -> str:
    if not isinstance(value, dict):
        return f"one {_kind(value)}"
    kinds = (f"{name!r:.40} ({_kind(part)})" for name, part in [*value.items()][:10])
    return f"a dict of {len(value)}: {', '.join(kinds)}"


def _kind(value: object) -> str:
    return "tensor" if isinstance(value, View) else type(value).__name__


def _arrays(content: Content, views: dict[str, View], room: int) -> dict[str, Array]:
    """The arrays of the views, as long as they are not much larger than the file."""
    arrays, read = {}, {}
    for name, view in views.items():
        room -= view.nbytes
        if room < 0:
            raise DataError(
                f"{name!r:.60} repeats its numbers beyond what the file has.\n"
                f"  Its shape is {view.shape}, its storage has {view.storage.length:,} numbers.\n"
                "  Where the file was made, save a copy of it: tensor.clone()."
            )
        if view.storage not in read:
            read[view.storage] = content.read(view.storage)
        arrays[name] = view.array(read[view.storage], content.order)
    return arrays
