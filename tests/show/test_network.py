from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

import glasswork as gw
from glasswork.errors import OptionError
from glasswork.nn import Standardize
from glasswork.show import network, sketch


def model(*sizes: int) -> gw.Sequential:
    layers = [gw.Linear(a, b, rng=a) for a, b in pairwise(sizes)]
    between = [part for layer in layers for part in (layer, gw.Tanh())]
    return gw.Sequential(*between[:-1])


def test_a_small_network_is_shown_whole():
    made = model(2, 3, 1)
    found = sketch(made)
    assert [column.title for column in found.columns] == ["2 inputs", "3 Tanh", "1 output"]
    assert [column.shown for column in found.columns] == [(0, 1), (0, 1, 2), (0,)]
    assert not any(column.note for column in found.columns)
    for weights, layer in zip(found.weights, (made[0], made[2]), strict=True):
        np.testing.assert_array_equal(weights, layer.weights.els)


def test_of_a_large_layer_the_first_and_the_last_units_are_shown_and_how_many():
    made = model(64, 5, 10)
    first, *_ = found = sketch(made, most=5).columns
    assert first.shown == (0, 1, 2, 62, 63)
    assert first.note == "5 of them shown"
    assert [column.note for column in found] == ["5 of them shown", "", "5 of them shown"]
    np.testing.assert_array_equal(
        sketch(made, most=5).weights[0], made[0].weights.els[[0, 1, 2, 62, 63]]
    )


def test_units_stand_about_the_middle_with_a_gap_where_some_are_left_out():
    whole, parted = (sketch(model(size, 1), most=4).columns[0].heights for size in (4, 5))
    assert whole.tolist() == [1.5, 0.5, -0.5, -1.5]
    assert parted.tolist() == [2, 1, -1, -2]


def test_an_edge_has_the_weight_over_the_largest_of_its_layer_the_smallest_first():
    made = gw.Linear(2, 1)
    made.weights.els = np.array([[4.0], [-1.0]], np.float32)
    assert sketch(made).edges() == [(0, -0.5, 0.0, -0.25), (0, 0.5, 0.0, 1.0)]


def test_a_weight_that_is_no_number_has_no_edge(figure):
    layer = gw.Linear(3, 2, rng=0)
    layer.weights.els[:2, 0] = np.nan, np.inf
    found = sketch(layer)
    assert len(found.edges()) == 4 and max(abs(weight) for *_, weight in found.edges()) == 1
    (lines,) = network(layer, figure.subplots()).collections[:1]
    assert len(lines.get_segments()) == 4


def test_what_stands_between_layers_is_told_and_what_stands_before_them_is_not():
    scaled = Standardize.of(np.eye(3, dtype=np.float32))
    made = gw.Sequential(
        scaled, gw.Linear(3, 4), gw.ReLU(), gw.Dropout(0.25), gw.Linear(4, 2), gw.Softmax()
    )
    titles = [column.title for column in sketch(made).columns]
    assert titles == ["3 inputs", "4 ReLU · Dropout(probability=0.25)", "2 outputs, Softmax"]


def test_layers_that_are_no_chain_are_an_error():
    with pytest.raises(OptionError, match=r"no chain.\n.*gives 3 numbers.*takes 2."):
        sketch(gw.Sequential(gw.Linear(2, 3), gw.Linear(2, 1)))
    with pytest.raises(OptionError, match="has no Linear layer"):
        sketch(gw.Sequential(gw.ReLU()))


def test_a_picture_has_a_line_for_each_weight_as_wide_as_it_is_large(figure):
    made = model(2, 3, 1)
    axes = network(made, figure.subplots(), inputs=["age", "size"], outputs=["price"])
    (lines,) = axes.collections[:1]
    edges = sketch(made).edges()
    ends = [[(c, start), (c + 1, end)] for c, start, end, _ in edges]
    assert [segment.tolist() for segment in lines.get_segments()] == [
        [list(a), list(b)] for a, b in ends
    ]
    sizes = np.array([abs(weight) for *_, weight in edges])
    assert (np.argsort(lines.get_linewidths()) == np.argsort(sizes)).all()
    reds = lines.get_colors()[:, 0] > lines.get_colors()[:, 2]
    assert reds.tolist() == [weight > 0 for *_, weight in edges]
    dashed = [dashes is not None for _, dashes in lines.get_linestyles()]
    assert dashed == [weight < 0 for *_, weight in edges]  # told without the color, too


def test_a_picture_has_a_circle_for_each_unit_and_says_what_each_column_is(figure):
    axes = network(sketch(model(20, 3, 1), most=4), figure.subplots(), outputs=["price"])
    circles = [units.get_offsets().tolist() for units in axes.collections[1:]]
    assert [len(units) for units in circles] == [4, 3, 1]
    texts = [text.get_text() for text in axes.texts]
    assert {"20 inputs\n4 of them shown", "3 Tanh", "1 output", "price", "⋮"} == set(texts)
