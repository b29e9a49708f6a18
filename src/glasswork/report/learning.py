"""How the network learned: its curves, and the numbers under them."""

from __future__ import annotations

import numpy as np

from ..show.axes import finite
from .chart import Series, chart
from .html import Html, element, joined, table
from .material import Material, number, title

__all__ = ["learning"]

MOST_ROWS = 40  # of the table


def learning(material: Material) -> Html:
    """Loss, metrics and learning rate over the epochs."""
    history = material.history
    if not len(history):
        return element("p", "The training was ended before its first epoch was over.")
    epochs = np.arange(1, len(history) + 1)
    names = [n for n in history.columns if not n.startswith(("validation_", "gradient_norm"))]
    charts = []
    for name in names:
        drawn = [Series("training part", epochs, finite(history[name]))]
        if (tested := f"validation_{name}") in history.columns:
            drawn.append(Series("test part", epochs, finite(history[tested]), "second"))
        charts.append(chart(title(name), drawn, "epoch", from_zero=name == "learning_rate"))
    stopped = element("p", f"It ended early: {history.stopped}.") if history.stopped else None
    return joined(stopped, element("div", charts, class_="charts"), _numbers(material))


def _numbers(material: Material) -> Html:
    history = material.history
    shown = np.unique(np.linspace(0, len(history) - 1, MOST_ROWS).round().astype(int)).tolist()
    columns = list(history.columns.values())
    tested = {name for name in history.columns if name.startswith("validation_")}
    rows = [(epoch + 1, *(number(column[epoch]) for column in columns)) for epoch in shown]
    heads = [
        f"test {title(name.removeprefix('validation_'))}" if name in tested else title(name)
        for name in history.columns
    ]
    some = "" if len(shown) == len(history) else f", {len(shown)} of {len(history)} epochs"
    caption = f"What each epoch came to{some}"
    return element(
        "details",
        element("summary", "The numbers"),
        table(caption, ("epoch", *heads), rows, "numbers"),
    )
