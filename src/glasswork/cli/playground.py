"""`glasswork playground`: a page on which a network learns while one watches."""

from __future__ import annotations

from argparse import Namespace

from ..playground import serve

__all__ = ["open_playground"]


def open_playground(options: Namespace) -> int:
    """Serve the page until Ctrl-C, and open it in a browser."""
    serve(options.host, options.port)
    return 0
