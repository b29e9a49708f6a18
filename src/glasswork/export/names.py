"""Names for values: from module paths, such that Python and C take them."""

from __future__ import annotations

import builtins
import keyword
import math
import re
from collections.abc import Mapping

from . import c_lines, list_lines, numpy_lines

__all__ = ["Names", "identifier"]

_WORDS_OF_C = [
    "auto", "char", "const", "default", "do", "double", "enum", "extern", "goto", "inline", "long",
    "main", "register", "restrict", "short", "signed", "sizeof", "static", "struct", "switch",
    "typedef", "union", "unsigned", "void", "volatile",
]  # fmt: skip
_WORDS_OF_THE_FILES = [
    "EXAMPLE", "EXPECTED", "accumulate", "base64", "i", "main", "math", "mul", "np", "predict",
    "predict_rows", "self_test", "struct", "sys", "y", *c_lines.FUNCTIONS, *list_lines.FUNCTIONS,
    *numpy_lines.FUNCTIONS,
]  # fmt: skip
_TAKEN = {
    *keyword.kwlist, *dir(builtins), *dir(math), *_WORDS_OF_C, *_WORDS_OF_THE_FILES,
}  # fmt: skip


def identifier(path: str, modules: Mapping[str, str]) -> str:
    """A name for what stands at `path`, from the class of its module where a number is no name.

    Parameters
    ----------
    modules : mapping
        The name of the class of each module, by path.

    Examples
    --------
    >>> identifier("0", {"0": "LeakyReLU"}), identifier("0.weights", {"0": "Linear"})
    ('leaky_relu_0', 'linear_0_weights')
    >>> identifier("encoder.0", {"encoder.0": "Linear"}), identifier("", {"": "Linear"})
    ('encoder_0', 'linear')
    """
    name = path
    if not path:
        name = _snake(modules.get("", ""))
    elif path[0].isdigit():
        first = path.partition(".")[0]
        name = f"{_snake(modules.get(first, 'part'))}_{path}"
    return re.sub(r"\W", "_", name, flags=re.ASCII)


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", "_", name).lower()


class Names:
    """Names that are taken once each.

    Examples
    --------
    >>> names = Names()
    >>> names.take("add"), names.take("add"), names.take("tanh"), names.take("x")
    ('add', 'add_2', 'tanh_1', 'x')
    """

    def __init__(self) -> None:
        self._given: set[str] = set()

    def take(self, wanted: str) -> str:
        """The name, with a number where it is taken or means something in a language."""
        name, number = wanted, 1 + (wanted in self._given)
        if wanted in _TAKEN:
            name = f"{wanted}_{number}"
        while name in self._given:
            name = f"{wanted}_{number}"
            number += 1
        self._given.add(name)
        return name
