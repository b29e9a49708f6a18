from __future__ import annotations

import os

import pytest


@pytest.fixture
def nothing_waits_for_the_disk(monkeypatch) -> None:
    """Let no test be as slow as a disk."""
    monkeypatch.setattr(os, "fsync", lambda handle: None)
