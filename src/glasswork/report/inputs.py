"""What the network says of every input, where one or two features are all there is."""

from __future__ import annotations

import numpy as np

from ..show.axes import COLORS
from ..show.boundary import Plane, plane
from ..train import predict
from .chart import Series, chart
from .html import Html, element
from .material import Material, number
from .png import png

__all__ = ["inputs"]

KEY = {"viewBox": "-6 -6 12 12", "class_": "mark", "aria_hidden": "true"}
POINTS, SIDE, MOST = 90, 360, 400  # of the grid, of the picture, of the samples
MARKS = "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0", "M-4-4h8v8h-8z", "M0-5L5 4H-5z", "M0-5L5 0L0 5L-5 0z"


def inputs(material: Material) -> Html | None:
    """The curve that a network of one feature is, or the classes in the plane of two."""
    told = material.dataset
    if told.columns or not np.isfinite(material.x).all():
        return None
    if told.inputs == 1 and not told.classes and told.outputs == 1:
        return _curve(material)
    if told.inputs == 2 and 2 <= len(told.classes) <= len(MARKS):
        return _map(material, plane(material.model, material.x, points=POINTS))
    return None


def _curve(material: Material) -> Html:
    x, y = material.x[:MOST, 0], material.y[:MOST, 0]
    grid = np.linspace(x.min(), x.max(), 200, dtype=np.float32)
    line = predict(material.model, grid[:, None])[:, 0]
    name, *_ = material.names
    points = Series("the test part", x, y, "points")
    series = [points, Series("the network", grid, line)]
    title = "What the network says of every input"
    return chart(title, series, name)


def _map(material: Material, found: Plane) -> Html:
    names, (x_name, y_name) = material.dataset.classes, material.names
    title = "What the network says of every input, and the test part on it"
    (left, right), (low, high) = found.x[[0, -1]], found.y[[0, -1]]
    places = (material.x[:MOST] - [left, low]) * SIDE / [right - left, high - low]
    marks = [
        element(
            "path",
            d=MARKS[k],
            transform=f"translate({across:.0f} {SIDE - up:.0f})",
            fill=COLORS[k],
        )
        for k, (across, up) in zip(material.y[:MOST].tolist(), places.tolist(), strict=True)
    ]
    image = element(
        "image", href=png(found.colors()[::-1]), width=SIDE, height=SIDE, preserveAspectRatio="none"
    )
    drawn = element(
        "svg",
        element("title", title),
        image,
        marks,
        viewBox=f"0 0 {SIDE} {SIDE}",
        role="img",
        class_="map",
    )
    keys = [
        element("span", element("svg", element("path", d=MARKS[k], fill=COLORS[k]), **KEY), name)
        for k, name in enumerate(names)
    ]
    spans = (
        f"{x_name} from {number(left)} to {number(right)}",
        f"{y_name} from {number(low)} to {number(high)}",
    )
    note = element(
        "span", f"Across: {spans[0]}; up: {spans[1]}. Where it is pale, the lead is small."
    )
    return element(
        "figure", element("figcaption", element("b", title), keys), drawn, note, class_="chart"
    )
