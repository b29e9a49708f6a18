"""bfloat16 is the upper half of a float32."""

import numpy as np

from glasswork.saving.bfloat16 import widened


def test_the_halves_become_the_floats_whose_upper_half_they_are():
    bits = [[0x3F80, 0xC000], [0x7F80, 0x0001]]
    for order in "<>":
        wide = widened(np.array(bits, f"{order}u2"))
        assert wide.dtype == np.float32
        np.testing.assert_array_equal(wide, np.float32([[1, -2], [np.inf, 2.0**-133]]))


def test_a_single_one_and_views_are_widened():
    assert widened(np.array(0x3F80, "<u2")).shape == ()
    assert widened(np.array([[1, 0x4000], [2, 0x3F80]], "<u2")[:, 1]).tolist() == [2, 1]
