"""The article's gradient tape, γ₁ … γₙ: printed, drawn, and written for other tools to draw."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from html import escape
from typing import TextIO, overload

import numpy as np

from ..autodiff import pull
from ..errors import TapeError
from ..tape import Entry, Graph
from .colors import BOLD, DIM, GRADIENT, STYLES, aligned, has_color, put
from .rows import Row, named, rows

__all__ = ["Tape"]

_DRAWN = 200  # values: a notebook shows more as a table alone


class Tape:
    """Everything that one value was made from, oldest first.   (article: the gradient tape)

    Iterating gives the tensors themselves. Printing gives a line for each: what it was made of, by
    which equation, its shape and value and, once `backward` has been called on the last, the
    gradient that flows through it. These gradients are computed anew for the page; none is kept.
    A notebook shows the table and the drawing.

    Examples
    --------
    >>> x1, x2 = gw.Tensor(2.0, requires_grad=True), gw.Tensor(3.0, requires_grad=True)
    >>> z = x1 * x2 + np.sin(x1)
    >>> z.backward()
    >>> print(z.tape)
    γ   made of  equation   shape  value   ∂γ₅/∂γ
    γ₁  leaf                ()     2       2.584
    γ₂  leaf                ()     3       2
    γ₃  γ₁ · γ₂  y = a b    ()     6       1
    γ₄  sin(γ₁)  y = sin x  ()     0.9093  1
    γ₅  γ₃ + γ₄  y = a + b  ()     6.909   1
    """

    __slots__ = ("_entries", "_output")

    def __init__(self, output: Entry) -> None:
        self._output = output
        changed = output.serial  # a leaf that has changed since is newer than what it went into
        self._entries = sorted(Graph.of(output), key=lambda e: e.serial * (e.serial <= changed))

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries)

    @overload
    def __getitem__(self, position: int) -> Entry: ...
    @overload
    def __getitem__(self, position: slice) -> list[Entry]: ...
    def __getitem__(self, position: int | slice) -> Entry | list[Entry]:
        return self._entries[position]

    def __repr__(self) -> str:
        return f"Tape of {len(self)} values, the last of shape {self._output._els.shape}"

    def __str__(self) -> str:
        return self._table(color=False)

    def show(self, stream: TextIO | None = None) -> None:
        """Print the table, in color where the terminal has it and NO_COLOR is not set.

        Parameters
        ----------
        stream : text stream, optional
            Where to; standard output by default.
        """
        stream = stream or sys.stdout
        put(stream, self._table(has_color(stream)) + "\n")

    def svg(self) -> str:
        """The tape drawn as an SVG: a box for each value, above those that it went into.

        It is legible on light and on dark; as a file, `path.write_text(tape.svg())`, it follows
        what the reader's system prefers. Beside its value stands the gradient, after `backward`.
        """
        from .picture import svg

        return svg(self._rows()[0], repr(self))

    def mermaid(self) -> str:
        """The tape as text for Mermaid, which draws it in many a README and wiki."""
        from .picture import mermaid

        return mermaid(self._rows()[0])

    def dot(self) -> str:
        """The tape as text for Graphviz: `dot -Tpdf`."""
        from .picture import dot

        return dot(self._rows()[0])

    def _repr_svg_(self) -> str:
        return self.svg()

    def _repr_html_(self) -> str:
        from .picture import svg, table

        found, note = self._rows()
        drawing = svg(found, repr(self)) if len(found) <= _DRAWN else ""
        told = f"<p>{escape(note)}</p>" if note else ""
        return table(_cells(found)) + told + drawing

    def _table(self, color: bool) -> str:
        found, note = self._rows()

        def style(row: int, column: int) -> str:
            if not color:
                return ""
            if row == 0:
                return BOLD
            kind = STYLES.get(found[row - 1].kind, "")
            return [kind, kind, DIM, DIM, "", GRADIENT][column]

        return "\n".join([*aligned(_cells(found), style), *([note] if note else [])])

    def _rows(self) -> tuple[list[Row], str]:
        """A row for each value, and why there are no gradients where there should be some."""
        gradients: Mapping[Entry, np.ndarray] = {}
        note = ""
        if self._output.op is not None and self._output._grad is not None:
            try:
                gradients = pull({self._output: self._output._grad}, self)
            except TapeError as error:
                note = f"No gradients: {error}"
        return rows(named(self), gradients), note


def _cells(found: list[Row]) -> list[list[str]]:
    """The cells of the table, with its head."""
    head = ["γ", "made of", "equation", "shape", "value", f"∂{found[-1].name}/∂γ"]
    body = ([r.name, r.made_of, r.equation, r.shape, r.value, r.gradient] for r in found)
    return [cells[: 5 + bool(found[-1].gradient)] for cells in (head, *body)]
