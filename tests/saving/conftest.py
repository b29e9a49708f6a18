"""Classes that a test registers are forgotten after it."""

import pytest

from glasswork.saving import classes


@pytest.fixture(autouse=True)
def registered(monkeypatch):
    known = {}
    monkeypatch.setattr(classes, "_registered", known)
    return known
