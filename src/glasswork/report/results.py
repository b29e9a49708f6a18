"""How well the network does on the test part, and where it goes wrong."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .. import functional as F
from ..show.axes import COLORS
from ..show.boundary import Plane, plane
from ..show.images import hardest
from ..train import confusion_matrix, predict
from .chart import Series, chart
from .data import picture
from .html import Html, drawing, element, joined, png, table
from .material import Material, figures, number

__all__ = ["results"]

MOST_CLASSES = 20  # of a confusion matrix that is shown whole
MOST_MISTAKES, MOST_PAIRS, MOST_FEATURES, MOST_POINTS = 12, 15, 6, 600
KEY = {"viewBox": "-6 -6 12 12", "class_": "mark", "aria_hidden": "true"}
POINTS, SIDE, MOST = 90, 360, 400  # of the grid, of the picture, of the samples
MARKS = "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0", "M-4-4h8v8h-8z", "M0-5L5 4H-5z", "M0-5L5 0L0 5L-5 0z"


def results(material: Material) -> Html:
    """What came out: beside a trivial prediction, by classes or values, and the worst mistakes."""
    found, trivial = figures(material.result), figures(material.baseline)
    rows = [(name, value, trivial.get(name, "–")) for name, value in found.items()]
    heads = ("measure", "the network", f"to compare: {material.trivial}")
    compared = table("On the test part", heads, rows, "numbers")
    if material.dataset.classes:
        return joined(compared, _confusion(material), inputs(material), _mistakes(material))
    charts = element("div", _scatter(material), inputs(material), class_="charts")
    return joined(compared, charts, _misses(material))


def _confusion(material: Material) -> Html:
    names = material.dataset.classes
    counts = confusion_matrix(material.outputs, material.y, len(names))
    if len(names) > MOST_CLASSES:
        return _confused(counts, names)
    real = np.maximum(counts.sum(axis=1), 1)
    rows = []
    for k, name in enumerate(names):
        cells = [_cell(int(n), n / real[k], j == k) for j, n in enumerate(counts[k])]
        rows.append((name, *cells, f"{counts[k, k] / real[k]:.0%}" if counts[k].any() else ""))
    caption = "Confusion matrix: rows are true classes, columns predicted ones"
    return table(caption, ("true class", *names, "right"), rows, "confusion")


def _cell(count: int, share: float, is_right: bool) -> Html:
    depth = round(100 * (share if is_right else share**0.5))
    return element(
        "td",
        str(count) if count else "·",
        class_="right" if is_right else "wrong",
        style=f"--depth:{depth}%" if count else None,
    )


def _confused(counts: NDArray[np.int64], names: tuple[str, ...]) -> Html:
    wrong = counts * (1 - np.eye(len(counts), dtype=int))
    most = np.argsort(-wrong, None, "stable")[:MOST_PAIRS]
    pairs = [divmod(place, len(counts)) for place in most.tolist()]
    rows = [(names[i], names[j], f"{wrong[i, j]:,}") for i, j in pairs if wrong[i, j]]
    return table("What is most often confused", ("is", "is taken for", "samples"), rows, "numbers")


def _mistakes(material: Material) -> Html:
    """The worst mistakes, as pictures where they are some."""
    told, true = material.dataset, material.y
    scores = material.outputs
    sure = F.softmax(scores) if material.loss == "cross-entropy" else scores
    guesses = sure.argmax(axis=1)
    wrong = int((guesses != true).sum())
    title = element("h3", "The worst mistakes")
    if not wrong:
        return joined(title, element("p", "There are none: all of the test part is right."))
    worst = hardest(sure, true, min(wrong, MOST_MISTAKES))
    how = "{:.0%} sure" if material.loss == "cross-entropy" else "output {:.2f}"
    named = [
        (told.classes[true[k]], told.classes[guesses[k]], how.format(sure[k, guesses[k]]))
        for k in worst
    ]
    intro = element(
        "p",
        f"{wrong:,} of {len(true):,} are wrong. First those whose true class seemed least likely.",
    )
    shape = told.image_shape
    if shape is not None and len(shape) == 2:
        shown = [
            element(
                "figure",
                picture(material.x[k].reshape(shape), f"A picture of {is_}, taken for {said}"),
                element("figcaption", f"{is_}, taken for {said}", element("br"), surely),
            )
            for k, (is_, said, surely) in zip(worst, named, strict=True)
        ]
        return joined(title, intro, element("div", shown, class_="pictures"))
    return joined(title, intro, _samples(material, worst, ("is", "taken for", "how sure"), named))


def _scatter(material: Material) -> list[Html]:
    """Predicted values against true ones, one chart for each output."""
    charts = []
    chosen = np.unique(np.linspace(0, len(material.y) - 1, MOST_POINTS).astype(int))
    for output in range(min(material.y.shape[1], 6)):
        true, said = material.y[chosen, output], material.outputs[chosen, output]
        ends = np.array([min(true.min(), said.min()), max(true.max(), said.max())])
        name = f"output {output}: " if material.y.shape[1] > 1 else ""
        points = Series("a sample", true, said, "points")
        guide = Series("where both are equal", ends, ends, "guide")
        title = f"{name}predicted against true values"
        charts.append(chart(title, [guide, points], "true value", "predicted"))
    return charts


def _misses(material: Material) -> Html:
    errors = material.outputs - material.y
    worst = np.argsort(-np.abs(errors).max(axis=1), kind="stable")[:MOST_MISTAKES]
    named = [
        tuple(
            ", ".join(map(number, row[k].tolist()))
            for row in (material.y, material.outputs, errors)
        )
        for k in worst
    ]
    heads = ("true", "predicted", "error")
    title = element("h3", "The worst mistakes")
    return joined(title, _samples(material, worst, heads, named))


def _samples(
    material: Material,
    chosen: NDArray[np.intp],
    heads: tuple[str, ...],
    told: Sequence[tuple[str, ...]],
) -> Html:
    """A table of samples: what is told of each, and its first features."""
    names = material.names[:MOST_FEATURES]
    rows = [
        (f"{k}", *words, *(material.cell(i, float(material.x[k, i])) for i in range(len(names))))
        for k, words in zip(chosen, told, strict=True)
    ]
    rest = material.dataset.inputs - len(names)
    caption = "Samples of the test part, counted from 0" + (
        f", with the first {len(names)} of {material.dataset.inputs:,} features" if rest else ""
    )
    return table(caption, ("sample", *heads, *names), rows, "numbers")


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
    drawn = drawing(title, SIDE, SIDE, image, marks, class_="map")
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
