"""`glasswork playground`: a page on which a network learns while one watches."""

from __future__ import annotations

import webbrowser
from argparse import Namespace
from contextlib import suppress

from .output import say

__all__ = ["open_playground"]


def open_playground(options: Namespace) -> int:
    """Serve the page until Ctrl-C, and open it in a browser."""
    from ..playground import serve  # here, so that other commands do not wait for it
    from ..playground.safety import LOOPBACK

    def ready(address: str) -> None:
        say(f"the playground is at {address} (Ctrl-C ends it)")
        if options.host not in LOOPBACK:
            say("whoever can reach that address can use it")
        if not options.no_browser:
            webbrowser.open(address)

    with suppress(KeyboardInterrupt):
        serve(options.host, options.port, ready)
    return 0
