"""The tape as a picture: an SVG that needs nothing else, and text for other tools that draw."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from .layout import Layout, Point, layered
from .rows import Row

__all__ = ["dot", "mermaid", "svg", "table"]

_HIGH, _BETWEEN = 46.0, 36.0  # a box; and between two layers
_LETTER, _MARGIN = 7.9, 12.0  # the width of a letter of 13 pixels; from a box's edge to its text
_LONGEST = 30  # letters of what a value was made of
_TIP = 5.0  # from the end of a line to the end of its arrow
_MERMAID = {ord(c): f"#{ord(c)};" for c in '"#&<>`\\'}
_DOT = str.maketrans({'"': '\\"', "\\": "\\\\"})

# Colors mix with the text's, so that they can be read on any page. Only a file of its own decides
# what is behind it, and there the reader's system does.
_STYLE = """
svg:root { color-scheme: light dark; color: CanvasText; background: Canvas }
.gw-tape { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace }
.gw-tape text { fill: currentColor }
.gw-tape rect { fill: currentColor; fill-opacity: .05; stroke: currentColor; stroke-opacity: .3 }
.gw-tape path { fill: none; stroke: currentColor; stroke-width: 1.4 }
.gw-tape .tip { fill: currentColor; stroke: none }
.gw-tape .name { font-weight: 700 }
.gw-tape .far { text-anchor: end }
.gw-tape .quiet { fill-opacity: .65 }
.gw-tape .gradient { fill: #c2410c; fill: color-mix(in srgb, #ea580c 75%, currentColor) }
.gw-tape .parameter rect { fill: #2563eb; stroke: #2563eb; fill-opacity: .14; stroke-opacity: .7 }
.gw-tape .leaf rect { fill: #16a34a; stroke: #16a34a; fill-opacity: .14; stroke-opacity: .7 }
.gw-tape .constant rect { stroke-dasharray: 4 3 }
.gw-tape .last rect { stroke-opacity: .9; stroke-width: 1.8 }
"""
_SVG = """\
<svg xmlns="http://www.w3.org/2000/svg" class="gw-tape" role="img" width="{width}" \
height="{height}" viewBox="0 0 {width} {height}" style="max-width:100%;height:auto">
<title>{title}</title>
<desc>{description}</desc>
<style>{style}</style>
<g transform="translate({margin} {margin})">
<g opacity=".5">
{arrows}
</g>
{boxes}
</g>
</svg>
"""


def svg(rows: Sequence[Row], title: str) -> str:
    """The drawing of a tape: a box for each value, an arrow for each use."""
    uses = [(source, target) for target, row in enumerate(rows) for source in row.inputs]
    widths = [_width(row) for row in rows]
    layout = layered(widths, uses, _HIGH + _BETWEEN)
    width, height = layout.width + 2 * _MARGIN, layout.height - _BETWEEN + 2 * _MARGIN
    boxes = [
        _box(row, place, width, last=row is rows[-1])
        for row, place, width in zip(rows, layout.boxes, widths, strict=True)
    ]
    return _SVG.format(
        width=round(width),
        height=round(height),
        title=escape(title),
        description=escape(" ".join(map(_sentence, rows))),
        style=_STYLE,
        margin=_MARGIN,
        arrows="\n".join(_arrows(rows, layout, widths)),
        boxes="\n".join(boxes),
    )


def _lines(row: Row) -> tuple[tuple[str, str], tuple[str, str]]:
    """What stands in a box, after the name: two texts a line, left and right."""
    made_of = f" = {_short(row.made_of)}" if row.kind == "op" else f" {row.made_of}"
    return (made_of, row.shape), (row.value, f"∂ {row.gradient}" if row.gradient else "")


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _width(row: Row) -> float:
    (made_of, shape), (value, gradient) = _lines(row)
    letters = max(len(row.name + made_of + shape), len(value + gradient)) + 2
    return letters * _LETTER + 2 * _MARGIN


def _box(row: Row, place: Point, width: float, last: bool) -> str:
    middle, top = place
    (made_of, shape), (value, gradient) = map(_escaped, _lines(row))
    far = f'x="{width - _MARGIN:.1f}"'
    return (
        f'<g class="{row.kind}{" last" * last}" '
        f'transform="translate({middle - width / 2:.1f} {top:.1f})">'
        f"<title>{escape(_sentence(row))}</title>"
        f'<rect width="{width:.1f}" height="{_HIGH:.0f}" rx="7"/>'
        f'<text x="{_MARGIN:.0f}" y="19"><tspan class="name">{row.name}</tspan>{made_of}</text>'
        f'<text class="far quiet" {far} y="19">{shape}</text>'
        f'<text class="quiet" x="{_MARGIN:.0f}" y="37">{value}</text>'
        f'<text class="far gradient" {far} y="37">{gradient}</text></g>'
    )


def _escaped(pair: tuple[str, str]) -> tuple[str, str]:
    return escape(pair[0]), escape(pair[1])


def _sentence(row: Row) -> str:
    """A value in words, for those who point at it and those who cannot see it."""
    equation = f", {row.equation}" if row.equation else ""
    gradient = f", gradient {row.gradient}" if row.gradient else ""
    return f"{row.name}: {row.made_of}{equation}; shape {row.shape}, value {row.value}{gradient}."


def _arrows(rows: Sequence[Row], layout: Layout, widths: Sequence[float]) -> Iterator[str]:
    """The arrow of each use, which ends at a place of its own on the box that it leads to.

    Where it runs along an earlier one from the same box, it branches off from that.
    """
    paths = iter(layout.edges)
    passed: set[Point] = set()
    for row, (middle, top), width in zip(rows, layout.boxes, widths, strict=True):
        into = sorted((next(paths)[:-1] for _ in row.inputs), key=lambda path: path[-1])
        for k, path in enumerate(into, 1):
            known = max([0, *(i for i, point in enumerate(path) if point in passed)])
            passed.update(path[1:])
            yield _arrow(path[known:], (middle + width * (k / (len(into) + 1) - 0.5), top))


def _arrow(path: list[Point], end: Point) -> str:
    """A line through each layer, straight down beside its boxes and bent between them."""
    (x, y), tip = path[0], (end[0], end[1] - _TIP)
    line = f"M{x:.1f} {y + _HIGH:.1f}"
    for to, top in [*path[1:], tip]:
        bend = (y + _HIGH + top) / 2
        line += f"V{y + _HIGH:.1f}C{x:.1f} {bend:.1f} {to:.1f} {bend:.1f} {to:.1f} {top:.1f}"
        x, y = to, top
    return f'<path d="{line}"/><path class="tip" d="M{x:.1f} {end[1]:.1f}l-4 -7h8z"/>'


def table(cells: Sequence[Sequence[str]]) -> str:
    """A table with its head as a notebook shows it."""
    lines = (_line("td" if place else "th", row) for place, row in enumerate(cells))
    return f"<table>{''.join(lines)}</table>"


def _line(tag: str, cells: Sequence[str]) -> str:
    return f"<tr>{''.join(f'<{tag}>{escape(cell)}</{tag}>' for cell in cells)}</tr>"


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
