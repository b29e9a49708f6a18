"""States in files: nested dicts of arrays and plain values, as a training leaves them.

The file is a safetensors file. Its tensors are the arrays, under the names that lead to them; the
rest is JSON in its metadata, where an array is {"tensor": name} and a dict is {"dict": {…}}:

    {"dict": {"steps": 3, "0.velocity": {"tensor": "0.velocity"}, "best": {"float": "inf"}}}

An array comes back with its axes in the same order in memory, for sums over rows and over columns
differ in their last bit.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError, OptionError, seen
from .files import parse_json
from .safetensors import read_safetensors, write_safetensors

__all__ = ["read_state", "write_state"]

Array = NDArray[Any]
FORMAT = "1"


def write_state(path: str | os.PathLike[str], state: Mapping[str, Any]) -> None:
    """Write a nested state to one file, whole or not at all.

    Parameters
    ----------
    path : str or path
        The file; an older one is replaced only when the new one is complete.
    state : mapping with text as keys
        Of arrays, numbers, text, None, and lists, tuples and dicts of such.

    Raises
    ------
    OptionError
        If something else is in it; it is named.
    OSError
        If the file cannot be written.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_state(f"{folder}/a", {"best": np.inf, "seen": {"w": np.ones(2)}})
    ...     read_state(f"{folder}/a")
    {'best': inf, 'seen': {'w': array([1., 1.])}}
    """
    tensors: dict[str, Array] = {}
    words = json.dumps(_words(dict(state), "", tensors))
    write_safetensors(path, tensors, {"glasswork": FORMAT, "state": words})


def read_state(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Read what `write_state` wrote; nothing in the file is run.

    Raises
    ------
    DataError
        If the file is damaged or holds no state.
    OSError
        If it cannot be read.
    """
    tensors, metadata = read_safetensors(path)
    try:
        state = _made(parse_json(metadata["state"]), tensors)
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        problem = f"{type(error).__name__}: {error!s:.200}"
    else:
        if metadata.get("glasswork") == FORMAT and isinstance(state, dict):
            return state
        problem = f"Its metadata begins with {metadata!r:.80}."
    raise DataError(
        f"{os.fspath(path)}: the file holds no state that can be read.\n  {problem}\n"
        "  It is damaged, or was written by another program or version."
    )


def _words(value: Any, place: str, tensors: dict[str, Array]) -> Any:
    """`value` in the words of JSON; the arrays in it go to `tensors`."""
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else {"float": str(value)}
    if isinstance(value, np.ndarray):
        return _placed(value, place, tensors)
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return {"dict": {k: _words(v, _joined(place, k), tensors) for k, v in value.items()}}
    if isinstance(value, list | tuple):
        parts = [_words(v, _joined(place, i), tensors) for i, v in enumerate(value)]
        return parts if isinstance(value, list) else {"tuple": parts}
    raise OptionError(
        f"write_state: {place or 'the state'} is {seen(value)}, a {type(value).__name__}.\n"
        "  A state holds arrays, numbers, text, None, and lists, tuples and dicts (by text) of\n"
        "  such.\n"
        "  Let state_dict() give one of these, and load_state_dict() make the rest of it."
    )


def _placed(array: Array, place: str, tensors: dict[str, Array]) -> dict[str, Any]:
    """The words for an array that is put among the tensors, its outermost axis first."""
    while place in tensors:  # a key with a dot in it can read like another path
        place += "'"
    axes = sorted(range(array.ndim), key=lambda axis: -abs(array.strides[axis]))
    if array.flags.c_contiguous or axes == sorted(axes):
        tensors[place] = array
        return {"tensor": place}
    tensors[place] = array.transpose(axes)
    return {"tensor": place, "axes": axes}


def _made(words: Any, tensors: Mapping[str, Array]) -> Any:
    """The value that `_words` put in words."""
    match words:
        case list():
            return [_made(part, tensors) for part in words]
        case {"dict": dict(table)}:
            return {key: _made(part, tensors) for key, part in table.items()}
        case {"tuple": list(parts)}:
            return tuple(_made(part, tensors) for part in parts)
        case {"tensor": str(name)}:
            axes = list(words.get("axes", range(tensors[name].ndim)))
            return tensors[name].transpose([axes.index(axis) for axis in range(len(axes))])
        case {"float": str(number)}:
            return float(number)
        case dict():
            raise ValueError(f"{words!r:.80} stands for nothing.")
    return words


def _joined(place: str, key: object) -> str:
    return f"{place}.{key}" if place else str(key)
