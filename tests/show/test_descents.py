from __future__ import annotations

import numpy as np
import pytest

import glasswork as gw
from glasswork.optim import exponential_decay
from glasswork.show import descend, descents

STEEPNESS = np.array([1.0, 20.0])
START = [-10.0, 2.0]


def valley(w):
    return (STEEPNESS * w**2).sum(axis=-1) / 2


def test_a_way_is_that_of_gradient_descent():
    path = descend(valley, START, lambda w: gw.SGD(w, 0.01), steps=5)
    expected = np.array(START) * (1 - 0.01 * STEEPNESS) ** np.arange(6)[:, None]
    np.testing.assert_allclose(path, expected, rtol=1e-12)


def test_momentum_and_decay_take_other_ways():
    w, v, path = np.array(START), np.zeros(2), [START]
    for _ in range(4):
        v = 0.5 * v - 0.02 * STEEPNESS * w
        w = w + v
        path.append(w)
    found = descend(valley, START, lambda w: gw.SGD(w, 0.02, momentum=0.5), steps=4)
    np.testing.assert_allclose(found, path, rtol=1e-12)
    falling = descend(valley, START, lambda w: gw.SGD(w, exponential_decay(0.02, 1.0)), steps=2)
    second = np.array(START) * (1 - 0.02 * STEEPNESS) * (1 - 0.02 * np.exp(-1) * STEEPNESS)
    np.testing.assert_allclose(falling[2], second, rtol=1e-12)


def test_the_start_stays_as_it_is():
    start = np.array(START)
    descend(valley, start, lambda w: gw.SGD(w, 0.01), steps=1)
    assert start.tolist() == START


@pytest.fixture
def paths() -> dict[str, np.ndarray]:
    rates = {"slow": 0.01, "fast": 0.09, "away": 0.2}
    return {
        name: descend(valley, START, lambda w, r=r: gw.SGD(w, r), 20) for name, r in rates.items()
    }


def test_each_way_is_a_line_with_a_color_a_mark_and_a_name(figure, paths):
    axes = descents(valley, paths, figure.subplots())
    for line, (name, path) in zip(axes.get_lines(), paths.items(), strict=True):
        np.testing.assert_array_equal(line.get_xydata(), path)
        assert line.get_label() == name
    assert len({line.get_marker() for line in axes.get_lines()}) == 3
    assert len({line.get_color() for line in axes.get_lines()}) == 3
    assert [text.get_text() for text in axes.get_legend().get_texts()] == list(paths)


def test_the_picture_spans_what_is_no_higher_than_the_start(figure, paths):
    axes = descents(valley, paths, figure.subplots())
    low, high = axes.get_ylim()
    assert -3 < low < paths["fast"][:, 1].min() and 2 < high < 3  # "away" runs off to 10⁹
    assert descents(valley, paths, span=[(-1, 1), (-2, 2)]).get_xlim() == (-1, 1)


def test_contour_lines_are_those_of_the_function(figure, paths):
    axes = descents(valley, paths, figure.subplots())
    contours = axes.collections[0]
    for level, path in zip(contours.levels, contours.get_paths(), strict=True):
        if len(path.vertices):
            np.testing.assert_allclose(valley(path.vertices), level, rtol=0.2)
