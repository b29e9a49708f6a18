"""A playground that is served, and Debian's Chromium to look at it with."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ..chromium import chromium
from .browser import Looking

__all__ = ["chromium"]

SERVE = [sys.executable, "-u", "-m", "glasswork", "playground", "--port", "0", "--no-browser"]


@pytest.fixture(scope="module")
def address(chromium: Any) -> Iterator[str]:
    """Where a playground is served, by a process of its own."""
    with subprocess.Popen(SERVE, stdout=subprocess.PIPE, text=True) as server:
        said = server.stdout.readline()
        try:
            yield re.search(r"http://\S+/", said)[0]
        finally:
            server.terminate()


@pytest.fixture
def look(chromium: Any, address: str) -> Iterator[Callable[..., Looking]]:
    """Open the page, at some state in its address; at the end there was no error in any."""
    opened: list[Looking] = []

    def look(state: str = "", **how: Any) -> Looking:
        context = chromium.new_context(**({"viewport": {"width": 1440, "height": 900}} | how))
        opened.append(Looking(context, address, state))
        return opened[-1]

    yield look
    for looking in opened:
        looking.context.close()
    assert [line for looking in opened for line in looking.complaints] == []
