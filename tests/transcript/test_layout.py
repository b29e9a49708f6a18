"""Boxes in layers: apart from each other, above what they go into, near what they are linked to."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from glasswork.transcript.layout import layered

STEP = 100.0


def drawn(seed: int) -> tuple[list[float], list[tuple[int, int]]]:
    """A graph in which each box but the last goes into one at least that comes later."""
    rng = np.random.default_rng(seed)
    count = int(rng.integers(2, 25))
    widths = rng.uniform(40, 200, count).tolist()
    edges = [(i, int(rng.integers(i + 1, count))) for i in range(count - 1)]
    edges += [(a, b) for a, b in rng.integers(count, size=(count, 2)).tolist() if a < b]
    return widths, edges


@pytest.mark.parametrize("seed", range(50))
def test_boxes_of_a_layer_stand_apart_and_inside(seed):
    widths, edges = drawn(seed)
    layout = layered(widths, edges, STEP)
    for y in {y for _, y in layout.boxes}:
        row = sorted((x, w) for (x, top), w in zip(layout.boxes, widths, strict=True) if top == y)
        for (x, w), (after, wide) in pairwise(row):
            assert x + w / 2 < after - wide / 2
        assert row[0][0] - row[0][1] / 2 > -1e-9
        assert row[-1][0] + row[-1][1] / 2 < layout.width + 1e-9
        assert 0 <= y <= layout.height - STEP


@pytest.mark.parametrize("seed", range(50))
def test_edges_lead_down_layer_by_layer_and_past_boxes(seed):
    widths, edges = drawn(seed)
    layout = layered(widths, edges, STEP)
    assert len(layout.edges) == len(edges)
    for (source, target), path in zip(edges, layout.edges, strict=True):
        assert path[0] == layout.boxes[source] and path[-1] == layout.boxes[target]
        assert all(below - above == STEP for (_, above), (_, below) in pairwise(path))
        for x, y in path[1:-1]:
            for (middle, top), width in zip(layout.boxes, widths, strict=True):
                assert top != y or abs(middle - x) > width / 2


def test_a_box_stands_right_above_the_first_that_it_goes_into():
    layout = layered([50.0] * 4, [(0, 1), (1, 3), (2, 3)], STEP)
    assert [y for _, y in layout.boxes] == [0, 100, 100, 200]


def test_a_chain_is_straight():
    layout = layered([50.0, 80.0, 60.0], [(0, 1), (1, 2)], STEP)
    assert [x for x, _ in layout.boxes] == [40, 40, 40]


def test_operands_stand_in_their_order():
    layout = layered([50.0] * 3, [(1, 2), (0, 2)], STEP)
    assert layout.boxes[1] < layout.boxes[0]


def test_edges_of_one_box_share_their_way():
    chain = [(i, i + 1) for i in range(1, 5)]
    layout = layered([50.0] * 6, [(0, 1), *chain, (0, 4), (0, 5)], STEP)
    short, long = layout.edges[-2:]
    assert long[: len(short) - 1] == short[:-1]


def test_one_box_is_a_drawing_too():
    assert layered([50.0], [], STEP).boxes == [(25.0, 0.0)]
