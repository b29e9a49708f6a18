"""Networks for several tests."""

from __future__ import annotations

import pytest

import glasswork as gw


@pytest.fixture(scope="session")
def reader() -> gw.Sequential:
    """A network that has learned to read digits."""
    gw.seed(1)
    digits = gw.data.digits()
    layers = [gw.Linear(64, 32), gw.BatchNorm(32), gw.ReLU(), gw.Dropout(0.1), gw.Linear(32, 10)]
    model = gw.Sequential(*layers)
    optimizer = gw.Adam(model.parameters(), learning_rate=0.01)
    gw.fit(model, gw.CrossEntropy(), optimizer, (digits.x, digits.y), epochs=2, rng=0)
    return model.eval()
