"""A check of values is done at once on arrays, and left to the class of whatever has none yet."""

from __future__ import annotations

import numpy as np
import pytest

from glasswork.ops.checks import require


def too_large(x, limit):
    return ValueError(f"{x.max()} is above {limit}")


class Later:
    """A condition that is not known yet."""

    def __require__(self, error, seen):
        self.asked = (error, seen)

    def __bool__(self):
        raise AssertionError("nobody knows")


@pytest.mark.parametrize("holds", [True, np.True_, np.array(True), 3])
def test_what_holds_passes(holds):
    assert require(holds, too_large, np.ones(2), 1) is None


@pytest.mark.parametrize("holds", [False, np.False_, np.array(False), 0])
def test_what_does_not_hold_raises_the_error_made_of_what_was_seen(holds):
    with pytest.raises(ValueError, match=r"^2\.0 is above 1$"):
        require(holds, too_large, np.array([2.0]), 1)


def test_a_condition_with_the_hook_is_handed_over_unasked():
    holds, x = Later(), np.ones(2)
    require(holds, too_large, x, 1)
    assert holds.asked == (too_large, (x, 1))
