"""Data that scikit-learn brings along, for tests that have it."""

from __future__ import annotations

import numpy as np
import pytest


@pytest.fixture(scope="session")
def digits() -> tuple[np.ndarray, np.ndarray]:
    """500 images of ten classes, from 0 to 1."""
    from sklearn.datasets import load_digits

    x, y = load_digits(return_X_y=True)
    return x[:500] / 16, y[:500]


@pytest.fixture(scope="session")
def two_classes(digits) -> tuple[np.ndarray, np.ndarray]:
    """Those of them that are zeros or ones."""
    x, y = digits
    return x[y < 2], y[y < 2]


@pytest.fixture(scope="session")
def values() -> tuple[np.ndarray, np.ndarray]:
    """200 samples of five features, and a value that they lead to."""
    x = np.random.default_rng(7).normal(size=(200, 5))
    return x, np.sin(x[:, 0]) + x[:, 1] * x[:, 2]
