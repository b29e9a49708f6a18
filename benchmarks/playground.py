"""`python -m benchmarks.playground`: how fast the page draws, and what its server survives."""

from __future__ import annotations

import argparse
import shutil
import time
from typing import Any

from benchmarks.waves import serving, survived

NETWORK = "data=spirals&layers=8,8"
SPEEDS = (200, 500, 2000)  # steps a second that are wanted
COUNTERS = "() => [window.playground.frames, window.playground.step, performance.now() / 1000]"


def drawing(seconds: float, speed: int) -> None:
    """Frames and steps a second, as the page counts them while a 2-8-8-1 network learns."""
    from playwright.sync_api import sync_playwright

    with serving() as (port, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"http://127.0.0.1:{port}/#{NETWORK}&speed={speed}")
        page.locator("#play").click()
        time.sleep(2)
        (frames, steps, began), _ = page.evaluate(COUNTERS), time.sleep(seconds)
        more_frames, more_steps, ended = page.evaluate(COUNTERS)
        browser.close()
    passed = ended - began
    print(
        f"wanted {speed:>4} steps a second:"
        f" {(more_steps - steps) / passed:6.0f} steps and {(more_frames - frames) / passed:5.1f}"
        " frames a second"
    )


def waves(pages: int, messages: int) -> None:
    """Three waves of pages that mean no good, and the memory after each."""
    first = None
    for number, (ends, megabytes) in enumerate(survived(pages, messages), 1):
        first = megabytes if first is None else first
        told = ", ".join(f"{count} × {end}" for end, count in sorted(ends.items()))
        print(
            f"wave {number}: {megabytes:.1f} MB, {megabytes - first:+.1f} since the first; {told}"
        )


def options() -> Any:
    """What was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.playground", description=__doc__)
    parser.add_argument("part", nargs="?", choices=("all", "drawing", "waves"), default="all")
    parser.add_argument("--seconds", type=float, default=10.0, help="of drawing (default: 10)")
    parser.add_argument("--pages", type=int, default=200, help="of a wave (default: 200)")
    parser.add_argument("--messages", type=int, default=70, help="of each (default: 70)")
    return parser.parse_args()


def main() -> None:
    """Measure and print."""
    asked = options()
    if asked.part in {"all", "drawing"}:
        for speed in SPEEDS:
            drawing(asked.seconds, speed)
    if asked.part in {"all", "waves"}:
        waves(asked.pages, asked.messages)


if __name__ == "__main__":
    main()
