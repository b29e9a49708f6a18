"""What every test may rely on."""

from __future__ import annotations

import os

import hypothesis
import numpy as np
import pytest

hypothesis.settings.register_profile(
    "glasswork", deadline=None, derandomize="CI" in os.environ, print_blob=True
)
hypothesis.settings.load_profile("glasswork")


@pytest.fixture
def rng() -> np.random.Generator:
    """A generator with a stated seed, new for each test."""
    return np.random.default_rng(1986)
