"""What the tests of networks share."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest


@pytest.fixture
def slopes() -> Callable[[Callable[[np.ndarray], float], np.ndarray], np.ndarray]:
    """The gradient of a function of an array by central differences, in float64."""

    def differences(f: Callable[[np.ndarray], float], x: np.ndarray) -> np.ndarray:
        gradient = np.empty_like(x)
        for place in np.ndindex(x.shape):
            step = np.zeros_like(x)
            step[place] = 1e-6
            gradient[place] = (f(x + step) - f(x - step)) / 2e-6
        return gradient

    return differences
