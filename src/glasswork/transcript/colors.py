"""Tables for a terminal: aligned, and in color where it has colors."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TextIO

__all__ = ["BOLD", "DIM", "GRADIENT", "STYLES", "WARNING", "aligned", "has_color", "painted", "put"]

BOLD, DIM, GRADIENT, WARNING = "1", "2", "33", "1;31"
STYLES = {"parameter": "34", "leaf": "32", "constant": DIM}  # of the kinds of a row


def has_color(stream: TextIO) -> bool:
    """Whether what is written there is shown in color: on a terminal that has it, unless unwanted.

    The variable NO_COLOR turns it off (no-color.org).
    """
    dumb = os.environ.get("TERM", "dumb" if os.name != "nt" else "") == "dumb"
    return stream.isatty() and not dumb and not os.environ.get("NO_COLOR")


def painted(text: str, style: str) -> str:
    """The text in a style, which is the number of a terminal's escape sequence, or empty."""
    return f"\033[{style}m{text}\033[0m" if style and text else text


def put(stream: TextIO, text: str) -> None:
    """Write a text; what the encoding of the stream has no letter for is escaped."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding))


def aligned(
    table: Sequence[Sequence[str]], style: Callable[[int, int], str] = lambda row, column: ""
) -> list[str]:
    """The lines of a table.

    Parameters
    ----------
    style : callable
        The style of the cell in a row and a column.

    Examples
    --------
    >>> aligned([["γ₁", "leaf"], ["γ₁₀", "exp(γ₁)"]])
    ['γ₁   leaf', 'γ₁₀  exp(γ₁)']
    """
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return [
        "".join(
            painted(cell, style(i, k)) + " " * (width - len(cell) + 2)
            for k, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for i, row in enumerate(table)
    ]
