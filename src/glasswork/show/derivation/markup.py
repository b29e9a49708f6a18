"""Terms in the markup of other tools: LaTeX's mathematics, and the elements of MathML Core."""

from __future__ import annotations

import unicodedata
from typing import Any
from xml.sax.saxutils import escape

from ...compiler.lines import Line
from .naming import Name
from .notation import ATOM, FRACTION, NAME, OPEN, POWER, ROOT, Form
from .text import Term, Text, digits

__all__ = ["Latex", "MathML"]

_SIGNS = {
    "⊙": r"\odot ", "·": r"\cdot ", "Σ": r"\sum ", "ᵀ": r"^\top ", "²": "^2", "≤": r"\leq ",
    "≥": r"\geq ", "≠": r"\neq ", "⌊": r"\left\lfloor ", "⌋": r"\right\rfloor ", "…": r"\ldots ",
    "(": r"\left(", ")": r"\right)", "[": r"\left[", "]": r"\right]", "𝟏": r"\mathbf{1}",
}  # fmt: skip
_FUNCTIONS = {"exp", "ln", "max", "min", "tanh", "sin", "cos"}
_RAISED = {"²": "<mn>2</mn>", "ᵀ": "<mo>⊤</mo>"}


class Latex(Text):
    """LaTeX, as MathJax, KaTeX and amsmath read it."""

    def name(self, name: Name) -> str:
        if name.of:
            return rf"\frac{{\partial L}}{{\partial {self.name(name.of)}}}"
        return _letters(name.letter, "mathrm") + (f"_{{{name.index}}}" if name.index else "")

    def _formed(self, form: Form, args: tuple[Any, ...]) -> Term:
        if form is FRACTION:
            return rf"\frac{{{self._around(args[0])}}}{{{self._around(args[1])}}}", NAME
        if form is ROOT:
            return rf"\sqrt{{{self._around(args[0])}}}", NAME
        if form is POWER:
            return f"{self._around(args[0], ATOM)}^{{{self._around(args[1])}}}", ATOM
        return super()._formed(form, args)

    def _filled(self, text: str, operands: list[str]) -> str:
        return " ".join(super()._filled(text, operands).split())

    def _enclosed(self, written: str) -> str:
        return rf"\left({written}\right)"

    def _number(self, value: float) -> str:
        return digits(value).replace("∞", r"\infty ")

    def _word(self, word: str) -> str:
        return rf"\{word}" if word in _FUNCTIONS else _letters(word, "operatorname")

    def _sign(self, sign: str) -> str:
        return _SIGNS.get(sign, sign)


def _letters(word: str, font: str) -> str:
    """One letter as it is, or by its Greek name; a word in upright letters."""
    if len(word) == 1:
        *_, name = unicodedata.name(word).lower().split()
        return word if word.isascii() else rf"\{name} "
    escaped = word.replace("_", r"\_")
    return rf"\{font}{{{escaped}}}"


class MathML(Text):
    """MathML, as browsers read it."""

    def equation(self, name: Name, line: Line) -> str:
        return _element("mrow", self.name(name), "<mo>=</mo>", self.write(line))

    def name(self, name: Name) -> str:
        if name.of:
            below = _element("mrow", "<mo>∂</mo>", self.name(name.of))
            return _element("mfrac", "<mrow><mo>∂</mo><mi>L</mi></mrow>", below)
        letter = _element("mi", escape(name.letter))
        return _element("msub", letter, _element("mn", name.index)) if name.index else letter

    def _formed(self, form: Form, args: tuple[Any, ...]) -> Term:
        if form not in (FRACTION, ROOT, POWER):
            return super()._formed(form, args)
        tag = {FRACTION: "mfrac", ROOT: "msqrt", POWER: "msup"}[form]
        least = (ATOM, OPEN) if form is POWER else (OPEN, OPEN)
        parts = [self._around(x, n) for x, n in zip(args, least, strict=False)]
        return _element(tag, *(_element("mrow", part) for part in parts)), NAME

    def _filled(self, text: str, operands: list[str]) -> str:
        base, raised, rest = text.partition("ᵀ") if "ᵀ" in text else text.partition("²")
        if not raised:
            return _element("mrow", *self._tokens(text, operands))
        power = _element("msup", *self._tokens(base, operands), _RAISED[raised])
        return _element("mrow", power, *self._tokens(rest, operands)) if rest else power

    def _call(self, line: Line) -> str:
        return _element("mrow", super()._call(line))

    def _indexed(self, line: Line) -> str:
        return _element("mrow", super()._indexed(line))

    def _enclosed(self, written: str) -> str:
        return _element("mrow", "<mo>(</mo>", written, "<mo>)</mo>")

    def _number(self, value: float) -> str:
        return _element("mn", digits(value).replace("-", "−"))

    def _word(self, word: str) -> str:
        return _element("mi", escape(word))

    def _sign(self, sign: str) -> str:
        if sign == "𝟏":
            return _element("mn", sign)
        shown = {"-": "−", "Σ": "∑"}.get(sign, sign)
        return _element("mo", escape(shown)) if shown.strip() else ""


def _element(tag: str, *parts: str) -> str:
    return f"<{tag}>{''.join(parts)}</{tag}>"
