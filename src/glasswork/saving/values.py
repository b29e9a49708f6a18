"""The values that modules are configured with, in words that JSON has.

What JSON has stays as it is. Other values carry a tag: {"tuple": [2, 3]}, {"dict": [["a", 1]]},
{"dtype": "float32"}, {"array": ["float32", [0.5, 1.0]]}, {"float": "inf"}.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from ..errors import DataError, OptionError, seen
from ..nn.module import Module
from .headers import DTYPES

__all__ = ["check_size", "decode", "encode"]

DTYPE_OF = {dtype.name: dtype for dtype in DTYPES.values()}


def _array(words: Any) -> Any:
    """The array of a name and lists; whole numbers come from whole numbers only."""
    name, parts = words
    array = np.array(parts)
    floats = array.dtype.kind == "f"
    return array.astype(DTYPE_OF[name], casting="same_kind" if floats else "unsafe")


class Tag(NamedTuple):
    """A kind of value that JSON lacks: how it is put in words, and made from them again."""

    name: str
    kind: type
    words: Callable[[Any], Any]
    made: Callable[[Any], Any]


TAGS = (
    Tag("tuple", tuple, list, tuple),
    Tag("dict", dict, lambda table: [list(pair) for pair in table.items()], dict),
    Tag("dtype", np.dtype, lambda dtype: dtype.name, DTYPE_OF.__getitem__),
    Tag("array", np.ndarray, lambda array: [array.dtype.name, array.tolist()], _array),
    Tag("float", float, str, float),  # infinite, or no number
)


def encode(value: Any, place: str, module: Callable[[Module], Any]) -> Any:
    """Put `value` in words, and the modules in it by the function `module`.

    Raises
    ------
    OptionError
        If there are no words for it; it is called `place`.

    Examples
    --------
    >>> encode([(2, 3), np.float32(0.5), math.inf], "Net.sizes", str)
    [{'tuple': [2, 3]}, 0.5, {'float': 'inf'}]
    """
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    if isinstance(value, list):
        return [encode(part, place, module) for part in value]
    if isinstance(value, Module):
        return module(value)
    for tag in TAGS:
        if isinstance(value, tag.kind):
            return {tag.name: encode(tag.words(value), place, module)}
    raise OptionError(
        f"save: {place} is {seen(value)}, a {type(value).__name__}.\n"
        "  A file holds numbers, text, None, dtypes, arrays, modules, and lists, tuples and dicts\n"
        "  of such.\n"
        "  Let the constructor take one of these and keep it, as it was passed, under its name."
    )


def decode(words: Any, module: Callable[[Any], Module], largest: float = math.inf) -> Any:
    """Make the value that `encode` put in words; it may hold no whole number above `largest`.

    Examples
    --------
    >>> decode([{"tuple": [2, 3]}, {"float": "inf"}], print)
    [(2, 3), inf]
    """
    if isinstance(words, list):
        return [decode(part, module, largest) for part in words]
    if isinstance(words, dict):
        for tag in TAGS:
            if tag.name in words:
                return tag.made(decode(words[tag.name], module, largest))
        return module(words)
    if isinstance(words, int):
        check_size(words, largest)
    return words


def check_size(size: int, largest: float) -> None:
    """Refuse a size that the values at hand could not fill.

    Raises
    ------
    DataError
        If size is above `largest`.
    """
    if size > largest:
        raise DataError(
            f"the description asks for {size:,} elements.\n"
            f"  The tensors beside it have {largest:,}.\n"
            "  They do not belong together: one was changed after glasswork.save wrote them."
        )
