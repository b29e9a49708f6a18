"""A page that is looked at: what one waits for, and what it complained about."""

from __future__ import annotations

import json
from typing import Any

PATIENCE = 60  # seconds, on a machine that has much else to do
UNTIL = """([code, seconds]) => new Promise((done, fail) => {
  const end = performance.now() + 1000 * seconds;
  const look = () => {
    if (CONDITION) done();
    else if (performance.now() > end) fail(new Error("it never came: " + code));
    else requestAnimationFrame(look);
  };
  look();
})"""


class Looking:
    """One page, in a context of its own.

    Attributes
    ----------
    page : playwright's Page
    complaints : list of str
        Errors and warnings of the console, and what was asked of other hosts.
    """

    def __init__(self, context: Any, address: str, state: str) -> None:
        self.context, self.address, self.complaints = context, address, []
        self.page = context.new_page()
        self.page.on("console", self._told)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._asked)
        self.page.on("websocket", self._asked)
        self.go(state)

    def go(self, state: str) -> None:
        """Open the page at a state, and wait until there is something to see."""
        self.page.goto(f"{self.address}#{state}" if state else self.address)
        self.until("window.playground?.frames > 0 && window.playground.state")

    def until(self, condition: str) -> None:
        """Wait until something holds; the page may not run text as code, so it is sent as code."""
        self.page.evaluate(UNTIL.replace("CONDITION", condition), [condition, PATIENCE])

    def becomes(self, name: str, value: Any) -> None:
        """Wait until the server has confirmed a value of the state."""
        said = f"JSON.stringify(window.playground.state.{name})"
        self.until(f"{said} === JSON.stringify({json.dumps(value)})")

    def learn(self, condition: str) -> None:
        """Press play until something holds, and pause."""
        self.page.click("#play")
        self.until(condition)
        self.page.click("#play")
        self.until("!window.playground.running")

    def expect(self, selector: str) -> Any:
        """Playwright's assertions about what is there, which wait until they hold."""
        from playwright.sync_api import expect

        expect.set_options(timeout=1000 * PATIENCE)
        return expect(self.page.locator(selector))

    def text(self, selector: str) -> str:
        """What stands there now."""
        return self.page.locator(selector).inner_text()

    @property
    def counters(self) -> dict[str, Any]:
        """What the page counts."""
        return self.page.evaluate("window.playground")

    @property
    def hash(self) -> str:
        """The state in the address."""
        return self.page.evaluate("location.hash")

    def _told(self, message: Any) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def _asked(self, request: Any) -> None:
        url = request.url.replace("ws://", "http://")
        if not url.startswith((self.address, "data:", "blob:")):
            self.complaints.append(f"it asked for {url}")
