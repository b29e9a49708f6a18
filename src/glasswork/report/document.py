"""The document: all sections of a report as one file of HTML that needs nothing else."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from ..saving import atomic_write
from .data import data
from .html import Html, element, facts, joined
from .learning import learning
from .material import Material, figures
from .network import network
from .program import derivation, program
from .results import results

__all__ = ["report", "write_report"]


def write_report(material: Material, path: str | os.PathLike[str]) -> None:
    """Write the report of a training, whole or not at all."""
    text = report(material)
    with atomic_write(path, "w") as file:
        file.write(text)


def report(material: Material) -> Html:
    """The report of a training, as one document of HTML."""
    name = material.dataset.name
    made = ((title, make(material)) for title, make in SECTIONS.items())
    parts = {title: part for title, part in made if part is not None}
    style = Path(__file__).with_name("style.css").read_text(encoding="utf-8")
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name_="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name_="color-scheme", content="light dark"),
        element("title", f"{name}: a Glasswork run"),
        element("style", Html(style)),
    )
    links = [element("li", element("a", title, href=f"#{_id(title)}")) for title in parts]
    sections = [
        element("section", element("h2", title, id=_id(title)), part, aria_labelledby=_id(title))
        for title, part in parts.items()
    ]
    body = element(
        "body",
        element("a", "To the content", href="#content", class_="skip"),
        element("header", _headline(material)),
        element("nav", element("ul", links), aria_label="Sections"),
        element("main", sections, id="content"),
        element("footer", element("p", f"Written by Glasswork {material.versions['glasswork']}.")),
    )
    return joined(Html("<!DOCTYPE html>\n"), element("html", head, body, lang="en"), Html("\n"))


def _headline(material: Material) -> Html:
    history, told = material.history, material.dataset
    what = f"{told.outputs} classes" if told.classes else "values"
    learned = sum(p.size for p in material.model.parameters())
    cards = figures(material.result) | {
        "numbers learnt": f"{learned:,}",
        "epochs": f"{len(history):,}",
        "seconds": f"{sum(history.seconds):,.1f}",
    }
    ended = " It was interrupted, and what was learnt until then is kept." * material.interrupted
    return joined(
        element("h1", told.name),
        element(
            "p",
            f"A network that learned to tell {what} from {told.inputs:,}"
            f" feature{'s' * (told.inputs != 1)}. What it came to"
            f" on {material.samples[1]:,} samples that it had not seen:{ended}",
        ),
        element(
            "dl",
            [element("div", element("dt", k), element("dd", v)) for k, v in cards.items()],
            class_="cards",
        ),
    )


def _reproduction(material: Material) -> Html:
    now = datetime.now().astimezone()
    said = {k.replace("_", " "): v for k, v in material.options.items() if v is not None}
    options = facts({name: _option(value) for name, value in said.items()})
    versions = ", ".join(f"{name} {version}" for name, version in material.versions.items())
    return joined(
        element("p", "This command, in the folder in which it was said:"),
        element("pre", element("code", material.command)),
        element(
            "p",
            f"With {versions}, on the same kind of machine, it gives the same network, bit for bit"
            f"{', if it is interrupted at the same step' if material.interrupted else ''}."
            " This report was written on ",
            element("time", f"{now:%Y-%m-%d at %H:%M}", datetime=now.isoformat(timespec="seconds")),
            ".",
        ),
        element("details", element("summary", "What all options were"), options),
    )


def _option(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _id(title: str) -> str:
    return title.lower().replace(" ", "-")


SECTIONS: dict[str, Callable[[Material], Html | None]] = {
    "The data": data,
    "The network": network,
    "The learning": learning,
    "The results": results,
    "The mathematics": derivation,
    "The program": program,
    "How to do it again": _reproduction,
}
