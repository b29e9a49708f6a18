"""Terms in one line of letters and signs, with as few parentheses as can be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import pi, sqrt
from typing import Any

import numpy as np

from ...compiler.calls import CAST, KEY, Ufunc
from ...compiler.lines import Line
from ...ops.indexing import Slot
from .naming import Name
from .notation import ATOM, JOIN, NAME, OPEN, PRODUCT, SUM, Form, form_of
from .terms import NOWHERE, number, uniform

__all__ = ["Term", "Text", "digits"]

Term = tuple[str, int]  # what is written, and how much it binds

_TOKENS = re.compile(r"[a-z]+|\d+|\s+|.")
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_REDUCED = {"np.add.reduce": "sum", "np.maximum.reduce": "max", "np.minimum.reduce": "min"}


def _number(ufunc: np.ufunc, *args: Any) -> Line:
    return Line(Ufunc(ufunc), args, {}, 0.0, NOWHERE)


_IRRATIONAL = {
    sqrt(0.5): _number(np.sqrt, 0.5),
    sqrt(2 / pi): _number(np.sqrt, _number(np.divide, 2, "π")),
    1 / sqrt(2 * pi): _number(np.divide, 1, _number(np.sqrt, _number(np.multiply, 2, "π"))),
    2 / sqrt(pi): _number(np.divide, 2, _number(np.sqrt, "π")),
}


class Text:
    """Text; other notations write other words, signs and numbers, and stack what is tall.

    Parameters
    ----------
    names : dict of Line to Name
        What has a name is written by it, but for the term that is asked for.
    """

    def __init__(self, names: dict[Line, Name]) -> None:
        self.names = names

    def equation(self, name: Name, line: Line) -> str:
        """A name, and what it is equal to."""
        return f"{self.name(name)} = {self.write(line)}"

    def write(self, line: Line) -> str:
        """What a term is equal to."""
        value = uniform(line)
        if value is not None or line.kind:
            return self._term(line if value is None else value)[0]
        return self._made(line)[0]

    def name(self, name: Name) -> str:
        """A letter with its index, or a gradient."""
        if name.of:
            return f"∂L/∂{self.name(name.of)}"
        return name.letter + name.index.translate(_SUBSCRIPTS)

    def _term(self, x: Any) -> Term:
        if isinstance(x, Line) and x in self.names:
            return self.name(self.names[x]), NAME if self.names[x].of else ATOM
        value = number(x)
        if value in _IRRATIONAL:
            return self._made(_IRRATIONAL[value])
        if value is not None:
            return self._number(value), SUM if value < 0 else ATOM
        return self._made(x) if isinstance(x, Line) else (self._other(x), ATOM)

    def _made(self, line: Line) -> Term:
        """What a term is made of, and how much that binds."""
        if line.call == CAST:
            return self._term(line.args[0])
        form = form_of(line)
        if form is not None:
            return self._formed(form, line.args)
        return self._indexed(line) if line.call is KEY else self._call(line), ATOM

    def _formed(self, form: Form, args: tuple[Any, ...]) -> Term:
        operands = [self._around(x, n) for x, n in zip(args, form.least, strict=False)]
        return self._filled(form.text, operands), form.binds

    def _around(self, x: Any, least: int = OPEN) -> str:
        """A term, in parentheses if it binds less, or in another way."""
        written, binds = self._term(x)
        fits = binds >= least and (binds, least) != (PRODUCT, JOIN)
        return written if fits else self._enclosed(written)

    def _filled(self, text: str, operands: list[str]) -> str:
        return "".join(self._tokens(text, operands))

    def _tokens(self, text: str, operands: list[str]) -> Iterator[str]:
        """Each part of a form: an operand, a word, a number, space or a sign."""
        for token in _TOKENS.findall(text):
            if token in ("a", "b"):
                yield operands["ab".index(token)]
            elif token.isalpha() and token not in "Σᵀ":
                yield self._word(token)
            elif token.isascii() and token.isdigit():
                yield self._number(int(token))
            else:
                yield self._sign(token)

    def _call(self, line: Line) -> str:
        """f(x, …, option=value): for what has no notation."""
        given = line.args[:1] if "key" in line.kwargs else line.args
        args = [self._around(x) for x in given if not isinstance(x, np.dtype)]
        args += [
            f"{self._word(option)}{self._sign('=')}{self._around(value)}"
            for option, value in _options(line).items()
        ]
        name = _REDUCED.get(line.call.name, line.call.name.removeprefix("np."))
        return self._word(name) + self._enclosed(self._listed(args))

    def _indexed(self, line: Line) -> str:
        x, key = line.args
        places = [self._around(k) for k in (key if isinstance(key, tuple) else (key,))]
        return f"{self._around(x, ATOM)}{self._sign('[')}{self._listed(places)}{self._sign(']')}"

    def _other(self, x: Any) -> str:
        """An option: a shape, part of an index, a word."""
        if isinstance(x, tuple | list):
            parts = self._listed([self._around(part) for part in x])
            return self._enclosed(parts + self._sign(",") if len(x) == 1 else parts)
        if isinstance(x, slice):
            ends = [x.start, x.stop, *([] if x.step is None else [x.step])]
            return self._sign(":").join("" if end is None else self._number(end) for end in ends)
        quoted = isinstance(x, str) and x != "π"
        return self._sign("…") if x is Ellipsis else self._word(f"'{x}'" if quoted else str(x))

    def _listed(self, parts: list[str]) -> str:
        return f"{self._sign(',')} ".join(parts)

    def _enclosed(self, written: str) -> str:
        return f"({written})"

    def _number(self, value: float) -> str:
        return digits(value)

    def _word(self, word: str) -> str:
        return word

    def _sign(self, sign: str) -> str:
        return "1" if sign == "𝟏" else sign


def _options(line: Line) -> dict[str, Any]:
    """The options of a call that are not as they are anyway, with arrays in a key's places."""
    options = {k: v for k, v in line.kwargs.items() if v is not None and v is not False}
    if "key" in options:
        options["key"] = tuple(
            line.args[1 + k.position] if isinstance(k, Slot) else k for k in options["key"]
        )
    return options


def digits(value: float) -> str:
    """A number as it is written: in full, and without an exponent where that is short.

    >>> digits(32.0), digits(1e-5), digits(1e-12)
    ('32', '0.00001', '1e-12')
    """
    if np.isinf(value):
        return "∞" if value > 0 else "-∞"
    if abs(value) < 1e15 and value == int(value):
        return str(int(value))
    text = np.format_float_positional(np.float64(value), trim="-")
    return text if abs(value) > 1e-7 else repr(float(value))
