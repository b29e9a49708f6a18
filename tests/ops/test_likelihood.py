"""Cross-entropy of labels, with few classes and with many."""

from __future__ import annotations

import numpy as np
import pytest

from glasswork.errors import ShapeError
from glasswork.functional import cross_entropy, softmax
from glasswork.ops import OPS
from glasswork.tensor import Tensor

CLASSES = [1, 2, 256, 257, 1000]
SLOPE = OPS["cross_entropy"].vjp[0]


def slope(x, labels):
    return SLOPE(np.ones(labels.shape, x.dtype), None, x, labels)


@pytest.mark.parametrize("classes", CLASSES)
def test_the_slope_is_softmax_less_one_at_the_label(classes, rng):
    x = rng.standard_normal((6, classes)).astype(np.float32)
    labels = rng.integers(0, classes, 6)
    expected = softmax(x)
    expected[np.arange(6), labels] -= 1
    found = slope(x, labels)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("classes", CLASSES)
def test_label_minus_one_is_the_last_class(classes, rng):
    x = rng.standard_normal((2, classes))
    last, minus = np.full(2, classes - 1), np.full(2, -1)
    np.testing.assert_array_equal(cross_entropy(x, minus), cross_entropy(x, last))
    np.testing.assert_array_equal(slope(x, minus), slope(x, last))


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int64, np.uint64])
@pytest.mark.parametrize("classes", [3, 300])
def test_labels_are_whole_numbers_of_any_size(dtype, classes, rng):
    x, labels = rng.standard_normal((3, classes)), np.array([0, 2, 1])
    np.testing.assert_array_equal(cross_entropy(x, labels.astype(dtype)), cross_entropy(x, labels))
    np.testing.assert_array_equal(slope(x, labels.astype(dtype)), slope(x, labels))


@pytest.mark.parametrize("shape", [(), (0,), (2, 3)])
def test_labels_have_any_number_of_axes(shape, rng):
    x = rng.standard_normal((*shape, 4))
    assert cross_entropy(x, np.ones(shape, int)).shape == shape
    assert slope(x, np.ones(shape, int)).shape == x.shape


def test_labels_of_another_shape_are_refused():
    with pytest.raises(ShapeError, match=r"(?s)cross_entropy.*\(4, 3\).*\(2,\)"):
        cross_entropy(Tensor(np.ones((4, 3))), np.zeros(2, int))
