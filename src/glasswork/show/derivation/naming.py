"""Names: X and Y for what goes in, W₁ and b₁ for parameters, A₁, H₁ and Z for what comes of them.

An index tells the layer, counted as the network uses it; where there is only one thing of a letter,
it has none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from ...compiler.calls import DRAW
from ...compiler.lines import Line
from .simplify import Known

__all__ = ["Name", "Names", "leaves"]

_ATTRIBUTES = {  # a letter, and which layers are counted together
    "weights": ("W", "A"), "biases": ("b", "A"), "scale": ("γ", "N"), "shift": ("β", "N"),
    "weight": ("W", "A"), "bias": ("b", "A"), "W": ("W", "A"), "b": ("b", "A"),
    "running_mean": ("m", "N"), "running_variance": ("v", "N"),
}  # fmt: skip
_RESULTS = {"np.subtract": "E", "np.sqrt": "S", "np.divide": "Q"}
_PARTS = {"onehot": "Y", "softmax": "P"}


class Name:
    """A letter with an index, or the gradient of the loss with respect to what has one.

    Attributes
    ----------
    letter, index : str
        The index is empty where there is only one thing of the letter.
    of : Name or None
        Of a gradient: what it is with respect to.
    """

    def __init__(self, letter: str = "", index: str = "", of: Name | None = None) -> None:
        self.letter = letter
        self.index = index
        self.of = of


class Names:
    """The names of all that is given and of all that has an equation.

    Attributes
    ----------
    of : dict of Line to Name
    """

    def __init__(self) -> None:
        self.of: dict[Line, Name] = {}
        self._layers: dict[str, list[str]] = {"A": [], "N": []}
        self._given: dict[str, list[Name]] = {}

    def give(self, line: Line, letter: str, index: int = 0) -> None:
        """Name a term by a letter, with this index if it is free, and else with a later one."""
        others = self._given.setdefault(letter, [])
        free = index and all(name.index != str(index) for name in others)
        self.of[line] = Name(letter, str(index) if free else "")
        others.append(self.of[line])

    def give_gradient(self, line: Line, of: Line) -> None:
        """Name a term as the gradient with respect to another."""
        self.of[line] = Name(of=self.of[of])

    def give_leaf(self, line: Line) -> None:
        """Name what is given: by its place in the network, or by what it is called around it."""
        path, _, attribute = line.call.name.rpartition(".")
        if line.call is DRAW:
            self.give(line, "U")
        elif attribute in ("", "constant"):
            self.give(line, "C" if np.ndim(line.value) > 1 else "c")
        elif attribute in _ATTRIBUTES:
            letter, kind = _ATTRIBUTES[attribute]
            self.give(line, letter, self._layer(kind, path))
        elif attribute in ("x", "y") and not path:
            self.give(line, attribute.upper() if np.ndim(line.value) > 1 else attribute)
        else:
            letter, digits = re.fullmatch(r"(\D+?)_?(\d*)", attribute).groups()
            self.give(line, letter, int(digits or 0))

    def _layer(self, kind: str, path: str) -> int:
        """Which layer of its kind this is."""
        if path not in self._layers[kind]:
            self._layers[kind].append(path)
        return self._layers[kind].index(path) + 1

    def give_value(self, line: Line, definition: Line) -> None:
        """Name a value of the tape after what it is made of."""
        made_of = leaves(definition)
        paths = [x.call.name.rpartition(".") for x in made_of if x.kind == "parameter"]
        known = [x for x in made_of if isinstance(x.call, Known)]
        for kind, layers in self._layers.items():
            layer = [layers.index(p) + 1 for p, _, a in paths if a in _ATTRIBUTES and p in layers]
            if layer:
                affine = definition.call.name in ("np.add", "np.matmul")
                self.give(line, kind if affine else "H", layer[0])
                return
        if any(x.call is DRAW for x in made_of):
            self.give(line, "D")
        elif definition.call.name in _RESULTS and (
            definition.inputs[0].kind or definition.call.name != "np.subtract"
        ):
            self.give(line, _RESULTS[definition.call.name])
        elif len(known) == 1 and self.of[known[0]].letter in "ANDH":
            same = np.shape(known[0].value) == np.shape(line.value)
            self.give(line, "H" if same else "T", int(self.of[known[0]].index or 0) if same else 0)
        else:
            self.give(line, "T")

    def give_part(self, line: Line) -> None:
        """Name what is only a part of other terms."""
        self.give(line, _PARTS.get(line.call.name, "T"))

    def settle(self, order: Sequence[Name]) -> None:
        """Count what has no index yet, in this order; what is alone with its letter needs none."""
        for names in self._given.values():
            taken = {name.index for name in names}
            free = (str(i) for i in range(1, 10**9) if str(i) not in taken)
            for name in sorted(names, key=lambda x: order.index(x) if x in order else -1):
                name.index = "" if len(names) == 1 else name.index or next(free)


def leaves(line: Line) -> Sequence[Line]:
    """What a term is made of in the end, each once, from left to right."""
    if line.kind or line.call is DRAW:
        return [line]
    found: dict[Line, None] = {}
    for x in line.inputs:
        found |= dict.fromkeys(leaves(x))
    return list(found)
