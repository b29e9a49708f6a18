"""Writing: terms as text, as LaTeX and as MathML, with as few parentheses as can be."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from math import pi, sqrt
from typing import Any
from xml.sax.saxutils import escape

import numpy as np

from ...compiler.calls import CAST, KEY, Ufunc
from ...compiler.lines import Line
from ...ops.indexing import Slot
from .naming import Name
from .notation import ATOM, FRACTION, JOIN, NAME, OPEN, POWER, PRODUCT, ROOT, SUM, Form, form_of
from .simplify import number, uniform
from .symbols import NOWHERE

__all__ = ["Latex", "MathML", "Text"]

Term = tuple[str, int]  # what is written, and how much it binds

_TOKENS = re.compile(r"[a-z]+|\d+|\s+|.")
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def _number(ufunc: np.ufunc, *args: Any) -> Line:
    return Line(Ufunc(ufunc), args, {}, 0.0, NOWHERE)


_SURDS = {
    sqrt(0.5): _number(np.sqrt, 0.5),
    sqrt(2 / pi): _number(np.sqrt, _number(np.divide, 2, "π")),
    1 / sqrt(2 * pi): _number(np.divide, 1, _number(np.sqrt, _number(np.multiply, 2, "π"))),
    2 / sqrt(pi): _number(np.divide, 2, _number(np.sqrt, "π")),
}
_REDUCED = {"np.add.reduce": "sum", "np.maximum.reduce": "max", "np.minimum.reduce": "min"}
_RAISED = {"²": "2", "ᵀ": "⊤"}


class Text:
    """One line of letters and signs.

    Parameters
    ----------
    names : dict of Line to Name
        What has a name is written by it, but for the line that is asked for.
    """

    def __init__(self, names: Mapping[Line, Name]) -> None:
        self._names = names

    def write(self, line: Line) -> str:
        """What a line is equal to."""
        value = uniform(line)
        if value is not None:
            return self._number(value)
        return self._term(line)[0] if line.kind else self._written(line)[0]

    def name(self, name: Name) -> str:
        """A name, with its index."""
        if name.of:
            return f"∂L/∂{self.name(name.of)}"
        return name.letter + name.index.translate(_SUBSCRIPTS)

    def _term(self, x: Any) -> Term:
        if isinstance(x, Line) and x in self._names:
            name = self._names[x]
            return self.name(name), NAME if name.of else ATOM
        value = number(x)
        if value in _SURDS:
            return self._written(_SURDS[value])
        if value is not None:
            return self._number(value), SUM if value < 0 else ATOM
        if isinstance(x, Line):
            return self._written(x)
        return self._other(x), ATOM

    def _written(self, line: Line) -> Term:
        """What a line does, and how much that binds."""
        if line.call == CAST:
            return self._term(line.args[0])
        if line.call is KEY:
            return self._indexed(line), ATOM
        form = form_of(line)
        if form is None:
            return self._call(line), ATOM
        return self._formed(form, line.args)

    def _formed(self, form: Form, args: tuple[Any, ...]) -> Term:
        operands = [self._around(x, n) for x, n in zip(args, form.least, strict=False)]
        return self._filled(form, operands), form.binds

    def _around(self, x: Any, least: int) -> str:
        """A term, in parentheses if it binds less."""
        written, binds = self._term(x)
        fits = binds >= least and (binds, least) != (PRODUCT, JOIN)
        return written if fits else self._enclosed(written)

    def _filled(self, form: Form, operands: list[str]) -> str:
        return "".join(self._tokens(form.text, operands))

    def _tokens(self, text: str, operands: list[str]) -> Iterator[str]:
        """Each part of a form: an operand, a word, a number, space or a sign."""
        for token in _TOKENS.findall(text):
            if token in ("a", "b", "c"):
                yield operands["abc".index(token)]
            elif token.isalpha() and token not in "Σᵀ":
                yield self._word(token)
            elif token.isdigit() and token.isascii():
                yield self._number(int(token))
            else:
                yield self._sign(token)

    def _call(self, line: Line) -> str:
        """f(x, …, option=value): for what has no notation."""
        given = line.args[:1] if "key" in line.kwargs else line.args
        args = [self._around(x, OPEN) for x in given if not isinstance(x, np.dtype)]
        options = [
            f"{self._word(key)}{self._sign('=')}{self._around(value, OPEN)}"
            for key, value in _told(line).items()
        ]
        name = _REDUCED.get(line.call.name, line.call.name.removeprefix("np."))
        return self._word(name) + self._enclosed(self._listed([*args, *options]))

    def _indexed(self, line: Line) -> str:
        x, key = line.args
        places = [self._around(k, OPEN) for k in (key if isinstance(key, tuple) else (key,))]
        return f"{self._around(x, ATOM)}{self._sign('[')}{self._listed(places)}{self._sign(']')}"

    def _other(self, x: Any) -> str:
        """An option: a shape, part of an index, a word."""
        if isinstance(x, tuple | list):
            parts = self._listed([self._around(part, OPEN) for part in x])
            return self._enclosed(parts + self._sign(",") if len(x) == 1 else parts)
        if isinstance(x, slice):
            parts = [x.start, x.stop, *([] if x.step is None else [x.step])]
            return self._sign(":").join("" if p is None else self._number(p) for p in parts)
        if isinstance(x, str) and x != "π":
            return self._word(f"'{x}'")
        return self._sign("…") if x is Ellipsis else self._word(str(x))

    def _listed(self, parts: list[str]) -> str:
        return f"{self._sign(',')} ".join(parts)

    def _enclosed(self, written: str) -> str:
        return f"({written})"

    def _number(self, value: float) -> str:
        return _digits(value)

    def _word(self, word: str) -> str:
        return word

    def _sign(self, sign: str) -> str:
        return sign


class Latex(Text):
    """LaTeX's mathematics, without its delimiters."""

    _SIGNS = {
        "⊙": r"\odot ", "·": r"\cdot ", "Σ": r"\sum ", "ᵀ": r"^\top", "²": "^2", "≤": r"\le ",
        "≥": r"\ge ", "≠": r"\ne ", "⌊": r"\lfloor ", "⌋": r"\rfloor ", "…": r"\ldots ",
        "(": r"\left(", ")": r"\right)", "[": r"\left[", "]": r"\right]",
    }  # fmt: skip
    _WORDS = {"exp", "ln", "tanh", "sin", "cos", "max", "min"}

    def name(self, name: Name) -> str:
        if name.of:
            return rf"\frac{{\partial L}}{{\partial {self.name(name.of)}}}"
        return self._letter(name.letter) + (f"_{{{name.index}}}" if name.index else "")

    def _formed(self, form: Form, args: tuple[Any, ...]) -> Term:
        if form is FRACTION:
            return rf"\frac{{{self._around(args[0], OPEN)}}}{{{self._around(args[1], OPEN)}}}", NAME
        if form is ROOT:
            return rf"\sqrt{{{self._around(args[0], OPEN)}}}", NAME
        if form is POWER:
            return f"{self._around(args[0], ATOM)}^{{{self._around(args[1], OPEN)}}}", ATOM
        return super()._formed(form, args)

    def _enclosed(self, written: str) -> str:
        return rf"\left({written}\right)"

    def _word(self, word: str) -> str:
        return rf"\{word}" if word in self._WORDS else self._letter(word, "operatorname")

    def _letter(self, letter: str, font: str = "mathrm") -> str:
        if len(letter) == 1:
            name = unicodedata.name(letter)
            return rf"\{name.split()[-1].lower()} " if name.startswith("GREEK") else letter
        escaped = letter.replace("_", r"\_")
        return rf"\{font}{{{escaped}}}"

    def _sign(self, sign: str) -> str:
        return self._SIGNS.get(sign, sign)


class MathML(Text):
    """The elements of MathML Core, without the one around all of them."""

    def name(self, name: Name) -> str:
        if name.of:
            return _element(
                "mfrac", "<mrow><mo>∂</mo><mi>L</mi></mrow>",
                _element("mrow", "<mo>∂</mo>", self.name(name.of)),
            )  # fmt: skip
        letter = _element("mi", escape(name.letter))
        return _element("msub", letter, _element("mn", name.index)) if name.index else letter

    def _formed(self, form: Form, args: tuple[Any, ...]) -> Term:
        if form in (FRACTION, ROOT):
            parts = [_element("mrow", self._around(x, OPEN)) for x in args]
            return _element("mfrac" if form is FRACTION else "msqrt", *parts), NAME
        if form is POWER:
            parts = [self._around(x, least) for x, least in zip(args, (ATOM, OPEN), strict=True)]
            return _element("msup", *(_element("mrow", part) for part in parts)), ATOM
        return super()._formed(form, args)

    def _filled(self, form: Form, operands: list[str]) -> str:
        base, raised = form.text[:-1], _RAISED.get(form.text[-1])
        if raised:
            written = _element("mrow", *self._tokens(base, operands))
            return _element("msup", written, _element("mo" if raised == "⊤" else "mn", raised))
        if form.text.startswith("1ᵀ"):
            return f"<msup><mn>1</mn><mo>⊤</mo></msup>{operands[0]}"
        return _element("mrow", *self._tokens(form.text, operands))

    def _enclosed(self, written: str) -> str:
        return _element("mrow", "<mo>(</mo>", written, "<mo>)</mo>")

    def _number(self, value: float) -> str:
        return _element("mn", _digits(value).replace("-", "−"))

    def _word(self, word: str) -> str:
        return _element("mi", escape(word))

    def _sign(self, sign: str) -> str:
        shown = {"-": "−", "Σ": "∑", "[": "[", " ": ""}.get(sign, sign)
        return _element("mo", escape(shown)) if shown.strip() else ""


def _element(tag: str, *parts: str) -> str:
    return f"<{tag}>{''.join(parts)}</{tag}>"


def _told(line: Line) -> dict[str, Any]:
    """The options of a call that are not as they are anyway, with arrays in a key's places."""
    options = {k: v for k, v in line.kwargs.items() if v is not None and v is not False}
    if "key" in options:
        options["key"] = tuple(
            line.args[1 + k.position] if isinstance(k, Slot) else k for k in options["key"]
        )
    return options


def _digits(value: float) -> str:
    """A number as it is written: in full, and without an exponent where that is short."""
    if np.isinf(value):
        return "∞" if value > 0 else "-∞"
    if abs(value) < 1e15 and value == int(value):
        return str(int(value))
    text = np.format_float_positional(np.float64(value), trim="-")
    return text if len(text) < 24 else repr(float(value))
