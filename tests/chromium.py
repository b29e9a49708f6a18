"""Debian's Chromium, to look at pages with, and axe-core, to find what others cannot read."""

from __future__ import annotations

import importlib
import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

__all__ = ["chromium", "faults"]

OFFLINE = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]


def needed(module: str) -> Any:
    """A module that such tests need."""
    try:
        return importlib.import_module(module)
    except ImportError:
        return without(module)


def without(what: str) -> Any:
    """A test that cannot look at a page is skipped; where a browser is promised it fails."""
    promised = os.environ.get("GLASSWORK_BROWSER") == "required"
    reason = f"there is no {what} to look at the page with"
    return (pytest.fail if promised else pytest.skip)(reason)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A browser, as long as the tests of one file run."""
    playwright = needed("playwright.sync_api")
    program = shutil.which("chromium") or without("chromium")
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=program, args=OFFLINE)
        yield browser
        browser.close()


def faults(page: Any) -> list[str]:
    """The serious and critical faults that axe-core finds on a page."""
    axe = needed("axe_playwright_python.sync_playwright").Axe()
    found = axe.run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{fault['id']}: {fault['help']}: {[node['html'][:120] for node in fault['nodes'][:3]]}"
        for fault in found
        if fault["impact"] in {"serious", "critical"}
    ]
