"""What the data are: how many, of what, and how the classes or values are spread."""

from __future__ import annotations

import numpy as np

from ..data.columns import Column
from .html import Html, drawing, element, facts, ink, joined, png, table
from .material import Material, number

__all__ = ["data"]

MOST_CLASSES, MOST_COLUMNS, BINS = 30, 30, 20
MOST_PICTURES = 10


def data(material: Material) -> Html:
    """The samples, the classes with their balance or the values with their spread, the columns."""
    told = material.dataset
    learnt, tested = material.samples
    about = {
        "samples": f"{learnt:,} to learn from, {tested:,} to test on",
        "features of each": f"{told.inputs:,}",
        "license": told.license,
        "source": told.source,
    }
    return joined(
        element("p", f"{told.description}.") if told.description else None,
        facts(about),
        _classes(material) if told.classes else _values(material),
        _pictures(material),
        _columns(told.columns),
    )


def _classes(material: Material) -> Html:
    """How many samples each class has."""
    told = material.dataset
    classes = told.y if told.y_test is None else np.concatenate([told.y, told.y_test])
    counts = np.bincount(classes, minlength=told.outputs)
    shown = np.sort(np.argsort(-counts, kind="stable")[:MOST_CLASSES])
    rows = [
        (
            told.classes[k],
            f"{counts[k]:,}",
            share(counts[k] / counts.sum(), counts.max() / counts.sum()),
        )
        for k in shown
    ]
    rest = told.outputs - len(shown)
    caption = f"The {told.outputs:,} classes"
    return table(
        caption + (f", the {len(shown)} largest of them" if rest else ""),
        ("class", "samples", "share"),
        rows,
        "bars",
    )


def share(part: float, largest: float) -> Html:
    """A table's cell with a share of the whole, and a bar as long as it is beside the largest."""
    length = 100 * part / largest if largest else 0
    bar = element("span", class_="bar", style=f"width:{length:.1f}%", aria_hidden="true")
    track = element("span", bar, class_="track")
    told = element("span", f"{part:.1%}", class_="part")
    return element("td", element("div", track, told, class_="share"))


def _values(material: Material) -> Html:
    """How the values are spread that are to be predicted."""
    spread = material.dataset.y.astype(np.float64)
    counts, edges = np.histogram(spread, BINS)
    bars = [
        element(
            "rect",
            x=18 * place + 1,
            width=16,
            y=round(100 - 96 * count / counts.max(), 1),
            height=round(96 * count / counts.max(), 1),
        )
        for place, count in enumerate(counts.tolist())
    ]
    title = f"The values, from {number(edges[0])} to {number(edges[-1])}, in {BINS} equal steps"
    drawn = drawing(title, 18 * BINS, 100, bars, class_="bars")
    told = {
        "least": spread.min(),
        "mean": spread.mean(),
        "deviation": spread.std(),
        "largest": spread.max(),
    }
    return joined(
        element("figure", element("figcaption", element("b", title)), drawn, class_="chart"),
        facts({name: number(value) for name, value in told.items()}),
    )


def _pictures(material: Material) -> Html | None:
    """The first picture of each class; or, without classes, the first few."""
    told = material.dataset
    if told.image_shape is None or len(told.image_shape) != 2:
        return None
    if told.classes:
        first = {k: int(np.flatnonzero(told.y == k)[0]) for k in np.unique(told.y).tolist()}
        chosen = [(told.classes[k], place) for k, place in first.items()][:MOST_PICTURES]
    else:
        places = range(min(MOST_PICTURES, len(told)))
        chosen = [(" ".join(map(number, told.y[place].tolist())), place) for place in places]
    shown = [
        (name, picture(told.x[place].reshape(told.image_shape), f"A sample: {name}"))
        for name, place in chosen
    ]
    return element(
        "div",
        [element("figure", drawn, element("figcaption", name)) for name, drawn in shown],
        class_="pictures",
    )


def picture(values: np.ndarray, described: str) -> Html:
    """A sample that is a picture."""
    rows, columns = values.shape
    size = {"width": 64, "height": max(1, round(64 * rows / columns))}
    return element("img", src=png(ink(values)), alt=described, **size)


def _columns(columns: tuple[Column, ...]) -> Html | None:
    """What each column of a table was taken for."""
    if not columns:
        return None
    rows = [
        (column.name, column.kind, f"{column.missing:,}" if column.missing else "", column.remark)
        for column in columns[:MOST_COLUMNS]
    ]
    rest = len(columns) - len(rows)
    caption = f"The first {len(rows)} of {len(columns)} columns" if rest else "The columns"
    return table(caption, ("column", "kind", "missing", "what it holds"), rows, "words")
