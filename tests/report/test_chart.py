from __future__ import annotations

import re
from xml.etree.ElementTree import fromstring

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasswork.report.chart import Series, chart, ticks

X = np.arange(1, 5)


def numbers(text: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?[\d.]+(?:e-?\d+)?", text)]


def drawn(figure: str, kind: str) -> np.ndarray:
    """The points of the path of this kind, (points, 2)."""
    (path,) = (p for p in fromstring(figure).iter("path") if p.get("class") == kind)
    return np.array(numbers(path.get("d").replace("h0", ""))).reshape(-1, 2)


def scale(figure: str, anchor: str) -> tuple[np.ndarray, np.ndarray]:
    """The numbers that are written beside an axis, and where."""
    texts = [t for t in fromstring(figure).iter("text") if re.match(r"^-?[\d.,e-]+$", t.text)]
    found = [t for t in texts if t.get("class") == anchor]
    place = "y" if anchor == "end" else "x"
    told = [float(t.text.replace(",", "")) for t in found]
    return np.array(told), np.array([float(t.get(place)) for t in found])


@pytest.mark.parametrize(
    ("y", "transform"),
    [
        ([3.0, 1.0, 2.0, 0.5], lambda v: v),
        ([-2e6, 4e6, 0.0, 1e6], lambda v: v),
        ([1.0, 0.1, 0.01, 0.001], np.log10),
    ],
)
def test_points_lie_where_the_scales_say(y, transform):
    figure = chart("loss", [Series("", X, np.array(y))], "epoch")
    points = drawn(figure, "first")
    told, places = scale(figure, "end")
    slope, start = np.polyfit(transform(told), places - 4, 1)
    np.testing.assert_allclose(points[:, 1], start + slope * transform(np.array(y)), atol=0.3)
    told, places = scale(figure, "middle")
    slope, start = np.polyfit(told, places, 1)
    np.testing.assert_allclose(points[:, 0], start + slope * X, atol=0.3)


def test_a_line_has_a_gap_where_there_is_no_number():
    figure = chart("loss", [Series("", X, np.array([1.0, np.nan, 2.0, 3.0]))], "epoch")
    (path,) = (p for p in fromstring(figure).iter("path") if p.get("class") == "first")
    assert re.sub(r"[^ML]", "", path.get("d")) == "MML"


def test_points_are_not_joined():
    figure = chart("it", [Series("a", X, X * 1.0, "points")], "x")
    (path,) = (p for p in fromstring(figure).iter("path") if p.get("class") == "points")
    assert re.sub(r"[^MLh]", "", path.get("d")) == "MhMhMhMh"


def test_a_chart_has_a_title_for_those_who_do_not_see_it_and_a_legend():
    series = [Series("training", X, X * 1.0), Series("test", X, X * 2.0, "second")]
    figure = fromstring(chart("loss", series, "epoch"))
    (svg,) = figure.iter("svg")
    assert svg.get("role") == "img" and svg.find("title").text == "loss"
    assert "".join(figure.find("figcaption").itertext()) == "losstrainingtest"
    alone = fromstring(chart("loss", series[:1], "epoch"))
    assert "".join(alone.find("figcaption").itertext()) == "loss"


@pytest.mark.parametrize(
    "y", [[5.0], [np.nan], [0.0, 0.0], [np.inf, 1.0], [1e-30, 1e30], [-1e-12, 1e-12], [1e9, 1e9]]
)
def test_whatever_the_numbers_are_there_is_a_chart(y):
    figure = chart("it", [Series("", np.arange(1, len(y) + 1), np.array(y))], "epoch")
    assert "nan" not in figure and "inf" not in figure
    assert fromstring(figure).tag == "figure"


def test_epochs_are_whole():
    figure = chart("it", [Series("", np.array([1, 2]), np.array([1.0, 2.0]))], "epoch")
    assert scale(figure, "middle")[0].tolist() == [1, 2]


def test_a_scale_may_begin_at_0():
    y = np.array([0.5, 0.49])
    figure = chart("rate", [Series("", np.array([1, 2]), y)], "epoch", from_zero=True)
    assert scale(figure, "end")[0][0] == 0


@given(st.floats(-1e9, 1e9), st.floats(1e-3, 1e9))
def test_ticks_are_a_few_numbers_in_the_span(low, size):
    found = ticks(low, low + size)
    assert 1 <= len(found) <= 6
    assert all(low - size / 100 <= tick <= low + size * 1.01 for tick in found)


@given(st.floats(1e-12, 1e9), st.floats(21, 1e9))
def test_logarithmic_ticks_are_in_the_span(low, factor):
    found = ticks(low, low * factor, is_log=True)
    assert found and all(low * 0.94 <= tick <= low * factor * 1.06 for tick in found)
