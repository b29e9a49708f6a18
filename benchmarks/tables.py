"""Tables that read well on a terminal and in Markdown."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.rounds import Figures, Spread
from benchmarks.worker import Worker


def table(header: list[str], rows: list[list[str]]) -> str:
    """Columns as wide as they must be; the first is aligned left, the others right."""
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    rule = ["-" * widths[0]] + ["-" * (width - 1) + ":" for width in widths[1:]]
    return "\n".join(
        "| " + " | ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) + " |"
        for row in [header, rule, *rows]
    )


def of_contenders(
    workers: list[Worker], columns: dict[str, tuple[Figures, Callable[[Spread], str]]]
) -> str:
    """One row a contender; a column is a heading, figures, and how their spread is written."""
    return table(
        ["contender", *columns],
        [
            [
                worker.title,
                *(
                    write(Spread.of(figures[worker.name])) if worker.name in figures else "–"
                    for figures, write in columns.values()
                ),
            ]
            for worker in workers
        ],
    )


def middle(unit: float, digits: int = 0) -> Callable[[Spread], str]:
    """The median alone."""
    return lambda spread: f"{spread.median / unit:,.{digits}f}"


def whole(unit: float, digits: int = 0) -> Callable[[Spread], str]:
    """The median with its quartiles: 1.52 (1.48 to 1.60)."""

    def write(spread: Spread) -> str:
        low, high = (f"{value / unit:,.{digits}f}" for value in (spread.low, spread.high))
        return f"{middle(unit, digits)(spread)} ({low} to {high})"

    return write
