"""The mathematics of the network, each equation beside the lines that compute it."""

from __future__ import annotations

from typing import Any

from ..errors import GlassworkError
from ..show.derivation import explain
from .html import Html, element, joined, table
from .material import Material

__all__ = ["derivation"]


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
            table(title, ("equation", "shape", "computed by"), _rows(found.lines, section))
            for title, section in (("Forward", "forward"), ("Backward", "backward"))
        ],
    )


def _rows(lines: Any, section: str) -> list[tuple[Html, str, list[Html]]]:
    return [
        (
            _mathematics(line.mathml, line.text),
            str(line.shape),
            [element("code", text, class_="line") for _, text in line.code],
        )
        for line in lines
        if line.section == section
    ]


def _mathematics(mathml: str, text: str) -> Html:
    """Mathematics, with its text for those whose reader knows no MathML."""
    return element("math", Html(mathml), role="math", aria_label=text)
