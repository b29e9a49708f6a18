"""A derivation: equations beside the lines of NumPy that compute them, in several notations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape

import numpy as np

from ...compiler.calls import DRAW
from ...compiler.lines import Line
from .equations import Row, Rows
from .markup import Latex, MathML
from .naming import Name
from .page import Code, Page
from .terms import is_given, shape_of
from .text import Text

__all__ = ["Derivation", "Equation", "Given"]

WIDE = 48  # characters of an equation that has code beside it, and not below


class Given(NamedTuple):
    """What is there before: the input, the target, a parameter, a constant.

    Attributes
    ----------
    name, latex, mathml : str
    shape : tuple of int
    origin : str
        The path of a parameter, such as "0.weights", and what else is called by a name.
    elements : array
        The numbers that it had.
    """

    name: str
    latex: str
    mathml: str
    shape: tuple[int, ...]
    origin: str
    elements: np.ndarray


class Equation(NamedTuple):
    """One line of mathematics.

    Attributes
    ----------
    name : str
        Of what is computed, such as "∂L/∂W₁".
    text, latex, mathml : str
        The equation in three notations; that of MathML is one `<mrow>`.
    shape : tuple of int
        Of what is computed.
    section : str
        "forward" or "backward".
    code : tuple of Code
        The lines of the compiled page that compute it, each with its number and its text; none
        where it is computed in lines of other equations.
    """

    name: str
    text: str
    latex: str
    mathml: str
    shape: tuple[int, ...]
    section: str
    code: tuple[Code, ...] = ()


class Derivation:
    """The mathematics of a network; `explain` makes it.

    Printing gives the equations with their shapes. A notebook shows them as mathematics.

    Attributes
    ----------
    given : list of Given
        What is there before.
    lines : list of Equation
        In an order in which they can be computed.
    source : str
        The compiled page; empty for a loss that was computed before.
    """

    def __init__(self, rows: Rows) -> None:
        write = Text(rows.names), Latex(rows.names), MathML(rows.names)
        self.given = [_given(x, name, *write) for x, name in rows.names.items() if is_given(x)]
        self.lines = [_equation(row, *write) for row in rows.rows]
        self.source = ""

    def attach(self, page: Page, rows: Rows) -> None:
        """Note which lines of a page compute which equation."""
        shares = page.shares(rows.rows)
        self.lines = [e._replace(code=tuple(c)) for e, c in zip(self.lines, shares, strict=True)]
        self.source = page.source

    def text(self) -> str:
        """All equations with their shapes, one a line."""
        parts: list[tuple[str, str, str]] = [("given", "", "")]
        parts += [(given.name, str(given.shape), given.origin) for given in self.given]
        for section in ("forward", "backward"):
            parts.append((section, "", ""))
            parts += [(e.text, str(e.shape), "") for e in self.lines if e.section == section]
        wide, shapes = (max(len(row[i]) for row in parts) for i in (0, 1))
        lines = [
            f"{first:{wide}}  {shape:{shapes}}  {origin}".rstrip() for first, shape, origin in parts
        ]
        return "\n".join(lines)

    __str__ = text

    def __repr__(self) -> str:
        return f"<derivation of {len(self.lines)} equations>"

    def latex(self) -> str:
        """All equations as one aligned block, without delimiters."""
        lines = " \\\\\n".join(e.latex.replace(" = ", " &= ", 1) for e in self.lines)
        return f"\\begin{{aligned}}\n{lines}\n\\end{{aligned}}"

    def mathml(self) -> str:
        """All equations as one element, a table with a row for each."""
        cell = '<mtd style="text-align: left">'
        rows = "".join(f"<mtr>{cell}{e.mathml}</mtd></mtr>" for e in self.lines)
        return (
            '<math xmlns="http://www.w3.org/1998/Math/MathML" display="block">'
            f'<mtable displaystyle="true">{rows}</mtable></math>'
        )

    def beside(self) -> str:
        """Each equation beside the lines of the page that compute it."""
        wide = max((len(e.text) for e in self.lines if len(e.text) <= WIDE), default=0)
        lines = []
        for e in self.lines:
            code = [f"{number:4}  {text}" for number, text in e.code]
            if len(e.text) > WIDE or not code:
                code.insert(0, "")
            lines += [f"{e.text:{wide}}  {code[0]}".rstrip()]
            lines += [f"{'':{wide}}  {more}" for more in code[1:]]
        return "\n".join(lines)

    def on(self, source: str) -> dict[int, Equation]:
        """The equations that the lines of another page belong to, by the numbers of the lines.

        On the page of a training step of the same network, a line of the same words does the same.
        """
        known = {code.text: e for e in reversed(self.lines) for code in e.code}
        words = (line.partition("  #")[0].strip() for line in source.splitlines())
        return {i: known[text] for i, text in enumerate(words, 1) if text in known}

    def _repr_latex_(self) -> str:
        return f"$$\n{self.latex()}\n$$"

    def _repr_html_(self) -> str:
        rows = "".join(
            f'<tr><td style="text-align: left"><math displaystyle="true">{e.mathml}</math></td>'
            f'<td>{e.shape}</td><td style="text-align: left">{_shown(e.code)}</td></tr>'
            for e in self.lines
        )
        return f"<table>{rows}</table>"


def _given(line: Line, name: Name, text: Text, latex: Latex, mathml: MathML) -> Given:
    names = text.name(name), latex.name(name), mathml.name(name)
    return Given(*names, shape_of(line), _origin(line), np.asarray(line.value))


def _equation(row: Row, text: Text, latex: Latex, mathml: MathML) -> Equation:
    sides = row.name, row.line
    written = text.equation(*sides), latex.equation(*sides), mathml.equation(*sides)
    return Equation(text.name(row.name), *written, shape_of(row.line), row.section)


def _origin(line: Line) -> str:
    """What an array is called in the code: a path without the network's own name."""
    name = "drawn from [0, 1)" if line.call is DRAW else line.call.name or "constant"
    return name.partition(".")[2] or name


def _shown(code: Sequence[Code]) -> str:
    return "<br/>".join(f"<code>{number}  {escape(text)}</code>" for number, text in code)
