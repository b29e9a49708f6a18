"""The report of a digits run as Chromium shows it, from disk."""

from __future__ import annotations

import pytest

from glasswork.report import write_report

from ..chromium import faults

SIZES = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1280, "height": 900}}
ROOT = "document.documentElement"
SHADES = """(({backgroundColor, color}) => [backgroundColor, color].map(rgb => +/\\d+/.exec(rgb)))(
  getComputedStyle(document.body))"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_a_report_is_quiet_asks_for_nothing_fits_and_has_no_serious_fault(
    chromium, digits, tmp_path, size, scheme
):
    write_report(digits, tmp_path / "report.html")
    address = (tmp_path / "report.html").as_uri()
    said, asked = [], []
    context = chromium.new_context(viewport=SIZES[size], color_scheme=scheme)
    page = context.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    page.click("summary >> nth=0")
    assert said == [] and [url for url in asked if not url.startswith("data:")] == [address]
    width, height = page.evaluate(f"[{ROOT}.scrollWidth, {ROOT}.scrollHeight]")
    assert width == SIZES[size]["width"] and height > 3 * SIZES[size]["height"]
    paper, ink = page.evaluate(SHADES)
    assert (paper < ink) == (scheme == "dark")
    assert faults(page) == []
    context.close()
