"""The tape in the languages of other tools that draw graphs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .rows import Row

__all__ = ["dot", "mermaid"]

_MERMAID = {ord(c): f"#{ord(c)};" for c in '"#&<>`\\'}
_DOT = str.maketrans({'"': '\\"', "\\": "\\\\"})


def mermaid(rows: Sequence[Row]) -> str:
    """A flowchart for Mermaid."""
    labels = ("<br>".join(text.translate(_MERMAID) for text in _texts(row)) for row in rows)
    boxes = (f'    v{i}["{label}"]' for i, label in enumerate(labels, 1))
    return "\n".join(["flowchart TD", *boxes, *(f"    v{a} --> v{b}" for a, b in _uses(rows))])


def dot(rows: Sequence[Row]) -> str:
    """A directed graph for Graphviz."""
    labels = ("\\n".join(text.translate(_DOT) for text in _texts(row)) for row in rows)
    boxes = (f'    v{i} [label="{label}"];' for i, label in enumerate(labels, 1))
    uses = (f"    v{a} -> v{b};" for a, b in _uses(rows))
    return "\n".join(["digraph tape {", "    node [shape=box];", *boxes, *uses, "}"])


def _texts(row: Row) -> Iterator[str]:
    """The lines in a box."""
    yield f"{row.name} = {row.made_of}" if row.kind == "op" else f"{row.name}: {row.made_of}"
    yield f"{row.shape} {row.value}"
    if row.gradient:
        yield f"∂ {row.gradient}"


def _uses(rows: Sequence[Row]) -> Iterator[tuple[int, int]]:
    """From which box to which, counted from 1; a value that is used twice has two arrows."""
    return ((a + 1, b) for b, row in enumerate(rows, 1) for a in row.inputs)
