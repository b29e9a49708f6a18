"""Serving: the playground on a port of this machine."""

from __future__ import annotations

from collections.abc import Callable
from socket import AF_INET, AF_INET6, create_server
from typing import TYPE_CHECKING

from ..errors import MissingExtraError, OptionError
from .messages import LONGEST
from .server import PURPOSE, app

if TYPE_CHECKING:
    from uvicorn import Server

__all__ = ["serve", "server_of"]

MOST_CONNECTIONS = 1000  # pages, files and uploads on their way


def serve(host: str, port: int, ready: Callable[[str], object]) -> None:
    """Serve the playground until Ctrl-C.

    Parameters
    ----------
    host, port : str, int
        Where; port 0 is any that is free.
    ready : callable
        Is told the address of the page, as soon as it can be opened.

    Raises
    ------
    MissingExtraError
        If Starlette, uvicorn or websockets is not installed.
    OptionError
        If the port is taken, or the host is not this machine's.
    """
    server, family = server_of(host), AF_INET6 if ":" in host else AF_INET
    try:
        listening = create_server((host, port), family=family)
    except OSError as error:
        why = str(error.strerror).partition(" (")[0]
        raise OptionError(
            f"nothing can be served at {host}, port {port}: {why}.\n"
            "  Pass a host of this machine, and a port that is free: 0 finds one.\n"
            "  A playground may be open there already."
        ) from error
    with listening:
        name = f"[{host}]" if family == AF_INET6 else host
        ready(f"http://{name}:{listening.getsockname()[1]}/")
        server.run(sockets=[listening])


def server_of(host: str) -> Server:
    """What serves the playground on a socket, under this name and those of the machine itself."""
    made = app(host)
    try:
        import websockets  # noqa: F401 (uvicorn talks to pages with it)
        from uvicorn import Config, Server
    except ImportError as missing:
        raise MissingExtraError.of("web", missing.name or "uvicorn", PURPOSE) from missing
    config = Config(
        made,
        ws="websockets-sansio",
        ws_max_size=LONGEST,
        ws_per_message_deflate=False,
        log_level="warning",
        timeout_graceful_shutdown=1,
        limit_concurrency=MOST_CONNECTIONS,
    )
    return Server(config)
