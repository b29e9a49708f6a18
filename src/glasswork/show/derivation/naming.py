"""Names: X and Y for what goes in, W₁ and b₁ for parameters, A₁, H₁ and Z for what comes of them.

An index tells the layer, counted as the network uses it; where there is only one thing of a letter,
it has none.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...compiler.calls import DRAW
from ...compiler.lines import Line
from .terms import is_known, leaves

__all__ = ["Name", "Names"]

_ATTRIBUTES = {  # a letter, and by which other the layers are counted
    "weights": ("W", "A"), "biases": ("b", "A"), "weight": ("W", "A"), "bias": ("b", "A"),
    "W": ("W", "A"), "b": ("b", "A"), "scale": ("γ", "N"), "shift": ("β", "N"),
    "running_mean": ("m", "N"), "running_variance": ("v", "N"),
}  # fmt: skip
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
        self._alike: dict[str, list[Name]] = {}
        self._layers: dict[str, list[str]] = {"A": [], "N": []}

    def give(self, line: Line, letter: str, index: int = 0) -> None:
        """Name a term by a letter; with this index, if nothing has it yet."""
        others = self._alike.setdefault(letter, [])
        free = index and all(name.index != str(index) for name in others)
        self.of[line] = Name(letter, str(index) if free else "")
        others.append(self.of[line])

    def give_gradient(self, line: Line, of: Line) -> None:
        """Name a term as the gradient with respect to another."""
        self.of[line] = Name(of=self.of[of])

    def give_given(self, line: Line) -> None:
        """Name what is there before: by its place in the network, or as the code calls it."""
        path, _, attribute = line.call.name.rpartition(".")
        letter = attribute.rstrip("0123456789")
        if line.call is DRAW:
            self.give(line, "U")
        elif letter in ("", "constant"):
            self.give(line, "C" if np.ndim(line.value) > 1 else "c")
        elif attribute in _ATTRIBUTES and line.kind == "parameter":
            letter, kind = _ATTRIBUTES[attribute]
            self.give(line, letter, self._layer(kind, path))
        elif attribute in ("x", "y") and not path:
            self.give(line, letter.upper() if np.ndim(line.value) > 1 else letter)
        else:
            self.give(line, letter.rstrip("_") or letter, int(attribute[len(letter) :] or 0))

    def give_value(self, line: Line, definition: Line) -> None:
        """Name a value of the tape after what it is made of."""
        made_of = leaves(definition)
        known = [self.of[x] for x in made_of if is_known(x)]
        first = definition.inputs[0]
        layer, kind = self._layer_of(made_of)
        if layer:
            affine = definition.call.name in ("np.add", "np.matmul")
            self.give(line, kind if affine else "H", layer)
        elif any(x.call is DRAW for x in made_of):
            self.give(line, "D")
        elif definition.call.name == "np.subtract" and first.kind:
            self.give(line, "E")
        elif definition.call.name == "np.divide" and is_known(first):
            self.give(line, "Q")
        elif (
            len(known) == 1 and known[0].letter in "ANDH" and first.value.shape == line.value.shape
        ):
            self.give(line, "H", int(known[0].index or 0))
        else:
            self.give(line, "T")

    def give_part(self, line: Line) -> None:
        """Name what is only a part of other terms."""
        self.give(line, _PARTS.get(line.call.name, "T"))

    def settle(self, order: Sequence[Name]) -> None:
        """Count what has no index yet, in this order; what is alone with its letter needs none."""
        places = {name: i for i, name in enumerate(order)}
        several = {x for x, kind in _ATTRIBUTES.values() if len(self._layers[kind]) > 1}
        for letter, names in self._alike.items():
            alone = len(names) == 1 and letter not in several
            taken = {name.index for name in names}
            free = (str(i) for i in range(1, 10**9) if str(i) not in taken)
            for name in sorted(names, key=lambda x: places.get(x, -1)):
                name.index = "" if alone else name.index or next(free)

    def _layer(self, kind: str, path: str) -> int:
        """Which layer of its kind this is."""
        if path not in self._layers[kind]:
            self._layers[kind].append(path)
        return self._layers[kind].index(path) + 1

    def _layer_of(self, made_of: Sequence[Line]) -> tuple[int, str]:
        """The layer whose parameters are among these, and its kind; 0 if there is none."""
        for line in made_of:
            path, _, attribute = line.call.name.rpartition(".")
            if attribute in _ATTRIBUTES and line.kind == "parameter":
                kind = _ATTRIBUTES[attribute][1]
                return self._layer(kind, path), kind
        return 0, ""
