"""Take the pictures of the playground anew, from its page in Chromium, into docs/pictures.

$ python scripts/playground_pictures.py
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pictures import DOCS, shrink
from playwright.sync_api import sync_playwright

SERVE = [sys.executable, "-u", "-m", "glasswork", "playground", "--port", "0", "--no-browser"]
STROKES = DOCS.parent / "tests" / "playground" / "strokes.json"
COLORS, LARGEST = 224, 150_000
AROUND = 12  # pixels around a part of the page


def spirals(page: Any) -> dict[str, float]:
    """The whole first screen, when the spirals are parted."""
    learn(page, epochs=63)
    return {"x": 0, "y": 0, "width": 1400, "height": 830}


def closer(page: Any) -> dict[str, float]:
    """One unit, a step of the walk, and the lines of it."""
    learn(page, epochs=10)
    page.click("#step")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.click("#next")
    page.locator("#tape button").nth(8).click()
    page.locator("#lines .lit").first.wait_for()
    return around(page, "#unit", "#walk", "#page")


def digits(page: Any) -> dict[str, float]:
    """A digit that is drawn, and what the network makes of it."""
    learn(page, epochs=26)
    box = page.locator("#pad").bounding_box()
    for stroke in json.loads(STROKES.read_text())["5"]:
        places = [[box["x"] + 2.2 * x, box["y"] + 2.2 * y] for x, y in stroke]
        page.mouse.move(*places[0])
        page.mouse.down()
        for place in places[1:]:
            page.mouse.move(*place)
        page.mouse.up()
    page.locator("#verdict[data-digit='5']").wait_for()
    return around(page, ".network", ".result")


PICTURES = {
    spirals: ("unit=1.3", {"viewport": {"width": 1400, "height": 900}}),
    closer: ("unit=1.2", {"viewport": {"width": 1440, "height": 900}}),
    digits: ("data=digits", {"viewport": {"width": 1240, "height": 900}, "color_scheme": "dark"}),
}


def learn(page: Any, epochs: int) -> None:
    """Learn so many whole epochs, so that each picture is the same again."""
    for epoch in range(1, epochs + 1):
        page.click("#epoch")
        page.locator("#now-epoch").get_by_text(str(epoch), exact=True).wait_for()


def around(page: Any, *selectors: str) -> dict[str, float]:
    """A part of the page, and a little of what is around it."""
    boxes = [page.locator(selector).bounding_box() for selector in selectors]
    left, top = (min(box[side] for box in boxes) - AROUND for side in ("x", "y"))
    right = max(box["x"] + box["width"] for box in boxes) + AROUND
    bottom = max(box["y"] + box["height"] for box in boxes) + AROUND
    return {"x": left, "y": top, "width": right - left, "height": bottom - top}


def take(address: str, folder: Path) -> None:
    """Open a page for each picture, and take it."""
    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=shutil.which("chromium"))
        for picture, (state, how) in PICTURES.items():
            page = browser.new_page(**how)
            page.goto(f"{address}#{state}")
            clip = picture(page)
            page.mouse.move(0, 0)
            page.wait_for_timeout(1000)  # all has been drawn, and stands still
            name = f"playground-{picture.__name__}.png"
            page.screenshot(path=folder / name, clip=clip)
            size = shrink(folder / name, DOCS / "pictures" / name, COLORS, LARGEST)
            print(f"{name}: {size:,} bytes")


if __name__ == "__main__":
    with subprocess.Popen(SERVE, stdout=subprocess.PIPE, text=True) as server:
        try:
            (address,) = re.findall(r"http://\S+/", server.stdout.readline())
            with TemporaryDirectory() as folder:
                take(address, Path(folder))
        finally:
            server.terminate()
