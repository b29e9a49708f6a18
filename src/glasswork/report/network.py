"""The network: its drawing, and its layers with what each of them learns."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import OptionError
from ..nn.summary import Summary, outputs_of
from ..show.network import Column, Sketch, sketch
from .html import Html, drawing, element, joined, scrollable, table
from .material import Material

__all__ = ["network"]

ACROSS, DOWN, MARGIN = 150, 20, 60  # between columns, between units, beside them
LEVELS = 8  # widths of lines
LONGEST = 8  # letters of a class that has room beside its unit


def network(material: Material) -> Html:
    """What the network is."""
    summary = Summary(material.model, outputs_of(material.model, (material.x[:1],)))
    rows = [
        (
            row.label.lstrip("│├└─ "),
            _shape(row.output),
            f"{row.parameters:,}" if row.parameters else "",
            element("td", row.notes, class_="words"),
        )
        for row in summary.rows[1:]
    ]
    total = summary.rows[0].parameters
    return joined(
        _drawing(material),
        table(
            f"The layers, which learn {total:,} numbers",
            ("layer", "gives", "learns", element("span", "holds", class_="words")),
            rows,
            "numbers",
        ),
    )


def _shape(output: str) -> str:
    """The shape of what a layer makes of one sample, without the one."""
    return output.strip("()").removeprefix("1,").strip(" ,") or "1"


def _drawing(material: Material) -> Html | None:
    try:
        found = sketch(material.model)
    except OptionError:  # it is no chain of layers, and the table has to do
        return None
    caption = element(
        "figcaption",
        element("b", "The network. "),
        "Solid red lines are weights above 0, dashed blue ones below; the wider, the larger among"
        " those of their layer.",
    )
    title = f"The network: {' – '.join(column.title for column in found.columns)}"
    drawn = _svg(found, title, material.dataset.classes)
    return element("figure", scrollable(title, drawn), caption, class_="net")


def _svg(found: Sketch, title: str, classes: Sequence[str]) -> Html:
    tallest = max(column.heights.max() for column in found.columns)
    middle, width = DOWN * tallest + 14, _x(len(found.columns) - 1) + MARGIN
    names: Sequence[Sequence[str]] = [*([()] * (len(found.columns) - 1)), classes]
    columns = [
        _column(column, _x(place), middle, named)
        for place, (column, named) in enumerate(zip(found.columns, names, strict=True))
    ]
    content = _edges(found, middle), columns
    return drawing(title, width, 2 * middle + 34, *content, style=f"max-width:{1.3 * width:g}px")


def _x(column: int) -> int:
    return MARGIN + ACROSS * column


def _edges(found: Sketch, middle: float) -> list[Html]:
    """A path for all lines of one width and sign, the widest above."""
    lines: dict[tuple[int, bool], list[str]] = {}
    for column, start, end, weight in found.edges():
        level = max(1, round(abs(weight) * LEVELS))
        ends = f"M{_x(column)} {middle - DOWN * start:g}L{_x(column + 1)} {middle - DOWN * end:g}"
        lines.setdefault((level, weight > 0), []).append(ends)
    return [
        element(
            "path",
            d="".join(lines[level, is_above]),
            class_="above" if is_above else "below",
            stroke_width=round(2.6 * level / LEVELS, 2),
            opacity=round(0.1 + 0.75 * level / LEVELS, 2),
        )
        for level, is_above in sorted(lines)
    ]


def _column(column: Column, x: int, middle: float, names: Sequence[str]) -> list[Html]:
    """The units of a layer with their names, where these are short; and below, what they are."""
    drawn = []
    for unit, height in zip(column.shown, column.heights, strict=True):
        y = middle - DOWN * height
        drawn.append(element("circle", cx=x, cy=f"{y:g}", r=6))
        if unit < len(names) and len(names[unit]) <= LONGEST:
            drawn.append(element("text", names[unit], x=x + 11, y=f"{y + 4:g}"))
    if column.note:
        drawn.append(element("text", "⋮", x=x, y=middle + 6, class_="more"))
    told = filter(None, (column.title.partition(", ")[0], column.note))
    drawn += [
        element("text", text, x=x, y=2 * middle + 14 + 15 * row, class_="middle")
        for row, text in enumerate(told)
    ]
    return drawn
