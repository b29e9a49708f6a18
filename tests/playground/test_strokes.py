from __future__ import annotations

import numpy as np
import pytest

from glasswork.data import digits
from glasswork.errors import OptionError
from glasswork.playground.strokes import digit_of

DIGITS = digits()


def enlarged(picture: np.ndarray, size: int) -> np.ndarray:
    """The points of a digit, each count as so many dark points, drawn at another size."""
    ranks = np.array([[6, 7, 8, 9], [5, 0, 1, 10], [4, 3, 2, 11], [15, 14, 13, 12]])
    dark = (picture.reshape(8, 8, 1, 1) * 16 > ranks).swapaxes(1, 2).reshape(32, 32)
    places = np.arange(size) * 32 // size
    return dark[np.ix_(places, places)].astype(float)


@pytest.mark.parametrize("size", [32, 64, 128])
def test_a_digit_of_the_data_that_is_drawn_again_stays_much_as_it_is(size):
    known = DIGITS.x[:300]
    drawn = np.stack([digit_of(enlarged(x, size)).ravel() for x in known])
    distances = np.linalg.norm(drawn[:, None] - known[None], axis=2)
    assert (DIGITS.y[distances.argmin(axis=1)] == DIGITS.y[:300]).mean() > 0.95


def test_place_and_size_of_a_drawing_do_not_matter():
    drawing = enlarged(DIGITS.x[2], 32)
    small, moved = np.zeros((100, 100)), np.zeros((100, 100))
    small[3:35, 5:37], moved[60:92, 50:82] = drawing, drawing
    large = np.repeat(np.repeat(drawing, 3, axis=0), 3, axis=1)
    assert np.array_equal(digit_of(small), digit_of(moved))
    assert np.array_equal(digit_of(small), digit_of(large))


@pytest.mark.parametrize("width", [1, 2, 6, 10])
def test_strokes_are_about_as_thick_as_those_of_the_data(width):
    drawing = np.zeros((64, 64))
    for start, stop in ((8, 8 + width), (54 - width, 54)):
        drawing[8:56, start:stop] = 1
        drawing[start:stop, 8:56] = 1
    assert DIGITS.x.mean() == pytest.approx(0.305, abs=0.001)
    assert 0.2 < digit_of(drawing).mean() < 0.45


def test_a_line_keeps_its_form():
    across = np.zeros((32, 32))
    across[15, 2:30] = 1
    rows = digit_of(across).sum(axis=1)
    assert rows[:2].sum() == rows[6:].sum() == 0 and rows[3:5].sum() > 0


def test_a_single_dot_is_a_drawing():
    dot = np.zeros((28, 28))
    dot[3, 4] = 1
    assert digit_of(dot).any()


def test_white_paper_is_refused():
    with pytest.raises(OptionError, match="nothing is drawn"):
        digit_of(np.full((8, 8), 0.4))
