"""The program that each step of the training was, with the time of each line."""

from __future__ import annotations

from ..compiler.page import Statement
from ..compiler.table import seconds_of
from .data import share
from .html import Html, element, joined
from .material import Material

__all__ = ["program"]

EFFORT = 0.1  # seconds that the clock may run
TITLES = {"forward": "Forward", "backward": "Backward", "update": "Update", "": "Result"}


def program(material: Material) -> Html:
    """The page of the compiled step, line by line."""
    step = material.program
    if step is None:
        return element("p", "Each step ran as it was written, and not as a compiled program.")
    step.settle()
    seconds = seconds_of(step, list(material.arrays), EFFORT)
    body = step.page.body
    total, slowest = sum(seconds) or 1.0, max(seconds)
    groups: dict[str, list[Html]] = {}
    for statement, time in zip(body, seconds, strict=True):
        row = _row(statement, time, share(time / total, slowest / total))
        groups.setdefault(statement.section, []).append(row)
    heads = [element("th", title, scope="col") for title in ("line", "µs", "share of the step")]
    bodies = [
        element(
            "tbody",
            element("tr", element("th", TITLES[name], colspan=3, scope="rowgroup")),
            rows,
        )
        for name, rows in groups.items()
    ]
    caption = f"Each line with its time: the median of some runs; {total * 1e6:,.0f} µs together"
    table = element(
        "table",
        element("caption", caption),
        element("thead", element("tr", heads)),
        bodies,
        class_="page bars",
    )
    return joined(
        element(
            "p",
            "This is all that happened in each step, forward, backward and update, as NumPy, for ",
            element("code", step.arguments),
            ". The run folder has it as ",
            element("code", "page.py"),
            ".",
        ),
        table,
    )


def _row(statement: Statement, seconds: float, bar: Html) -> Html:
    line = element(
        "div",
        element("code", statement.text.strip()),
        element("span", statement.comment, class_="mathematics") if statement.comment else None,
        class_="line",
    )
    time = element("td", f"{seconds * 1e6:,.1f}")
    return element("tr", element("th", line, scope="row"), time, bar)
