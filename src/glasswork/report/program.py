"""What each step computed: the mathematics of the network, and the program with its times."""

from __future__ import annotations

from collections.abc import Sequence

from ..compiler.page import Statement
from ..compiler.table import seconds_of
from ..errors import GlassworkError
from ..show.derivation import Equation, explain
from ..show.derivation.page import Code
from .data import share
from .html import Html, element, joined, table
from .material import Material

__all__ = ["derivation", "program"]

EFFORT = 0.1  # seconds that the clock may run
MOST_LINES = 12  # of one equation
TITLES = {"forward": "Forward", "backward": "Backward", "update": "Update", "": "Result"}


def derivation(material: Material) -> Html | None:
    """The equations of the network and its gradients, for the shapes of a batch."""
    if len(material.arrays) != 2:
        return None
    try:
        found = explain(material.network, material.criterion, *material.arrays)
    except GlassworkError as error:
        return element("p", f"There is none: {error}")
    given = [
        (_mathematics(each.mathml, each.name), str(each.shape), element("code", each.origin))
        for each in found.given
    ]
    return joined(
        element(
            "p",
            "What each step computed: the loss, and how it changes with each parameter, for a batch"
            f" of {len(material.arrays[0])} samples.",
        ),
        table("What is given", ("name", "shape", "in the code"), given),
        [
            table(title, ("equation", "shape", "computed by"), _equations(found.lines, section))
            for title, section in (("Forward", "forward"), ("Backward", "backward"))
        ],
    )


def _equations(lines: Sequence[Equation], section: str) -> list[tuple[Html, str, Html]]:
    return [
        (_mathematics(line.mathml, line.text), str(line.shape), _code(line.code))
        for line in lines
        if line.section == section
    ]


def _code(lines: Sequence[Code]) -> Html:
    """The lines that compute something; many of them are shown when they are asked for."""
    written = joined([element("code", text, class_="line") for _, text in lines])
    if len(lines) <= MOST_LINES:
        return written
    return element("details", element("summary", f"{len(lines)} lines"), written)


def _mathematics(mathml: str, text: str) -> Html:
    """Mathematics, with its text for those whose reader knows no MathML."""
    return element("math", Html(mathml), role="math", aria_label=text)


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
