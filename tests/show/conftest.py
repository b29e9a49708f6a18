"""What is drawn is read back from the axes: structure, and never pixels."""

from __future__ import annotations

import pytest


@pytest.fixture
def figure():
    """A figure that belongs to no window; without Matplotlib the test is skipped."""
    return pytest.importorskip("matplotlib.figure").Figure()
