"""Terms in LaTeX's mathematics, without its delimiters."""

from __future__ import annotations

import unicodedata
from typing import Any

from .naming import Name
from .notation import ATOM, FRACTION, NAME, POWER, ROOT, Form
from .text import Term, Text, digits

__all__ = ["Latex"]

_SIGNS = {
    "⊙": r"\odot ", "·": r"\cdot ", "Σ": r"\sum ", "ᵀ": r"^\top ", "²": "^2", "≤": r"\leq ",
    "≥": r"\geq ", "≠": r"\neq ", "⌊": r"\left\lfloor ", "⌋": r"\right\rfloor ", "…": r"\ldots ",
    "(": r"\left(", ")": r"\right)", "[": r"\left[", "]": r"\right]", "𝟏": r"\mathbf{1}",
}  # fmt: skip
_FUNCTIONS = {"exp", "ln", "max", "min", "tanh", "sin", "cos"}


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
