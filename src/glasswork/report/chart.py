"""Charts as SVG: lines or points on two axes."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, isfinite, log10
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .html import Html, drawing, element

__all__ = ["Series", "chart", "ticks"]

WIDTH, HEIGHT = 360, 236
RIGHT, TOP, BOTTOM = 12, 12, 38
LETTER = 6.4  # the width of a digit
STEEP = 20  # numbers that span more than this factor stand on a logarithmic scale
KINDS = "first", "second", "points", "guide"


class Series(NamedTuple):
    """What is drawn in one way.

    Attributes
    ----------
    name : str
        For the legend; empty for what is not in it.
    x, y : array
        Its points. The line has a gap where one is not finite.
    kind : str
        "first", a line; "second", one with dashes; "points"; or "guide", a thin line.
    """

    name: str
    x: NDArray[Any]
    y: NDArray[Any]
    kind: str = "first"


class Axis(NamedTuple):
    """Where numbers stand: from low to high, at places from start to end."""

    low: float
    high: float
    start: float
    end: float
    is_log: bool = False

    def __call__(self, value: float) -> float:
        low, high, value = (log10(v) if self.is_log else v for v in (self.low, self.high, value))
        return round(self.start + (value - low) / (high - low) * (self.end - self.start), 1)

    def ticks(self, whole: bool = False) -> list[float]:
        """The numbers that are written beside it."""
        return ticks(self.low, self.high, is_log=self.is_log, whole=whole)


def chart(
    title: str, series: Sequence[Series], x_name: str, y_name: str = "", from_zero: bool = False
) -> Html:
    """A figure: a chart with its title, and a legend if there is more than one series.

    The vertical scale is logarithmic where the numbers span much.
    """
    is_line = any(s.kind == "first" for s in series)
    y = _axis([s.y for s in series], HEIGHT - BOTTOM, TOP, 0.05, may_be_log=is_line, zero=from_zero)
    left = 20 + 14 * bool(y_name) + LETTER * max(len(_told(v)) for v in y.ticks())
    x = _axis([s.x for s in series], left, WIDTH - RIGHT, pad=0.0)
    epochs = x_name == "epoch"
    drawn = drawing(
        title,
        WIDTH,
        HEIGHT,
        _grid(x, y, epochs),
        element("text", x_name, x=round((left + WIDTH - RIGHT) / 2), y=HEIGHT - 4, class_="middle"),
        y_name
        and element(
            "text",
            y_name,
            transform=f"translate(11 {HEIGHT / 2 - 10}) rotate(-90)",
            class_="middle",
        ),
        [element("path", d=_path(s, x, y), class_=s.kind) for s in series],
    )
    named = [s for s in series if s.name]
    legend = [
        element("span", element("span", class_=f"key {s.kind}", aria_hidden="true"), s.name)
        for s in named
    ]
    caption = element("figcaption", element("b", title), legend if len(named) > 1 else None)
    return element("figure", caption, drawn, class_="chart")


def ticks(
    low: float, high: float, most: int = 5, is_log: bool = False, whole: bool = False
) -> list[float]:
    """Round numbers from low to high: 1, 2 or 5 times a power of ten apart, or such numbers.

    Examples
    --------
    >>> ticks(0.13, 0.98), ticks(1, 30, whole=True), ticks(0.002, 3, is_log=True)
    ([0.2, 0.4, 0.6, 0.8], [10.0, 20.0, 30.0], [0.01, 0.1, 1.0])
    """
    if is_log:
        powers = range(floor(log10(low)), ceil(log10(high)) + 1)
        found = [m * 10.0**k for k in powers for m in (1, 2, 5) if low <= m * 10.0**k <= high]
        decades = [10.0**k for k in powers if low <= 10.0**k <= high]
        return [float(f"{v:.1g}") for v in (decades if len(found) > most else found)]
    span = high - low
    power = 10.0 ** floor(log10(span / most))
    steps = (m * power for m in (1, 2, 5, 10) if span <= m * power * most)
    step = next(steps, 10 * power)
    step = max(step, 1.0) if whole else step
    first = ceil(low / step - 1e-9)
    digits = max(0, -floor(log10(step)))
    return [round(k * step, digits) for k in range(first, floor(high / step + 1e-9) + 1)]


def _axis(
    columns: Sequence[NDArray[Any]], start: float, end: float, pad: float, *,
    may_be_log: bool = False, zero: bool = False,
) -> Axis:  # fmt: skip
    """An axis that holds all finite numbers of these columns."""
    numbers = np.concatenate([np.asarray(column, float).reshape(-1) for column in columns])
    numbers = numbers[np.isfinite(numbers)]
    low, high = (float(numbers.min()), float(numbers.max())) if numbers.size else (0.0, 1.0)
    if may_be_log and not zero and 0 < low * STEEP < high:
        margin = 10 ** (pad * (log10(high) - log10(low)))
        return Axis(low / margin, high * margin, start, end, True)
    low = min(low, 0.0) if zero else low
    if low == high:
        low, high = low - (abs(low) or 1.0) / 2, high + (abs(high) or 1.0) / 2
    margin = pad * (high - low)
    return Axis(low if zero else low - margin, high + margin, start, end)


def _grid(x: Axis, y: Axis, epochs: bool) -> Html:
    lines = [f"M{x.start} {y(v)}H{x.end}" for v in y.ticks()]
    lines += [f"M{x(v)} {y.start}V{y.end}" for v in x.ticks(whole=epochs)]
    numbers = [
        *(element("text", _told(v), x=x.start - 6, y=y(v) + 4, class_="end") for v in y.ticks()),
        *(
            element("text", _told(v), x=x(v), y=y.start + 16, class_="middle")
            for v in x.ticks(whole=epochs)
        ),
    ]
    return element("g", element("path", d="".join(lines), class_="grid"), numbers)


def _told(value: float) -> str:
    return f"{value:,.10g}" if 1e-5 <= abs(value) < 1e9 or not value else f"{value:g}"


def _path(series: Series, x: Axis, y: Axis) -> str:
    """The points of a series, each a dot or joined to the one before it."""
    written, joins = [], False
    for across, up in zip(series.x.tolist(), series.y.tolist(), strict=True):
        if not (isfinite(across) and isfinite(up)):
            joins = False
            continue
        written.append(f"{'L' if joins else 'M'}{x(across):g} {y(up):g}")
        joins = series.kind != "points"
        if not joins:
            written.append("h0")
    return "".join(written)
