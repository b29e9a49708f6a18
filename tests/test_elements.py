"""What the elements of a tensor may be, and where they lie."""

from __future__ import annotations

import numpy as np
import pytest

from glasswork import Tensor


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_large_elements_begin_with_a_line_of_the_cache(dtype):
    given = np.arange(10_001, dtype=dtype)
    for part in (given, given[1:], given[2:].reshape(101, 99)):
        tensor = Tensor(part)
        assert tensor.els.ctypes.data % 64 == 0
        np.testing.assert_array_equal(tensor.els, part)
        tensor.els[...] = 0
    np.testing.assert_array_equal(given, np.arange(10_001))


def test_large_elements_keep_their_order_in_memory():
    columns = np.asfortranarray(np.ones((200, 100)))
    assert Tensor(columns).els.strides == columns.strides
