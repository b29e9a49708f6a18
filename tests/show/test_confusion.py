from __future__ import annotations

import numpy as np
import pytest

from glasswork.errors import ShapeError
from glasswork.show import confusion

COUNTS = np.array([[8, 2, 0], [0, 5, 5], [0, 0, 0]])


def test_a_cell_has_its_number_and_is_as_dark_as_its_share_of_the_row_or_its_root(figure):
    axes = confusion(COUNTS, figure.subplots(), classes=["cat", "dog", "cow"])
    right, wrong = (np.ma.filled(picture.get_array(), -1) for picture in axes.get_images())
    np.testing.assert_allclose(right, [[0.8, -1, -1], [-1, 0.5, -1], [-1, -1, 0]])
    np.testing.assert_allclose(wrong**2, [[1, 0.2, 0], [0, 1, 0.5], [0, 0, 1]])
    written = {text.get_position(): text.get_text() for text in axes.texts}
    assert written == {(0, 0): "8", (1, 0): "2", (1, 1): "5", (2, 1): "5"}
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("predicted", "true")
    for labels in (axes.get_xticklabels(), axes.get_yticklabels()):
        assert [label.get_text() for label in labels] == ["cat", "dog", "cow"]


@pytest.mark.usefixtures("figure")
def test_of_many_classes_no_numbers_are_written():
    assert not confusion(np.eye(30)).texts


@pytest.mark.usefixtures("figure")
def test_classes_without_names_are_numbered():
    labels = confusion(COUNTS).get_xticklabels()
    assert [label.get_text() for label in labels] == ["0", "1", "2"]


def test_a_matrix_that_is_not_square_is_an_error():
    with pytest.raises(ShapeError, match=r"matrix is \(2, 3\)"):
        confusion(COUNTS[:2])
    with pytest.raises(ShapeError, match=r"\(3, 3\), with 1 name"):
        confusion(COUNTS, classes=["cat"])
    with pytest.raises(ShapeError, match=r"matrix is \(0, 0\)"):
        confusion(np.zeros((0, 0)))
