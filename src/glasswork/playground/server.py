"""The server: the page, its sockets, uploads and exports, for this machine alone."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import MissingExtraError
from .live import Live
from .safety import Guard
from .session import Session

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.websockets import WebSocket

__all__ = ["Playground", "app", "serve"]

PAGE = Path(__file__).with_name("page")
MOST_SESSIONS = 256
FULL = 1013
LARGEST_MESSAGE = 1 << 18  # bytes; longer ones are not even read


class Playground:
    """All sessions, by their names, and what can be asked of them over HTTP."""

    def __init__(self) -> None:
        self.sessions: dict[str, Session] = {}
        self._opening = 0

    async def live(self, socket: WebSocket) -> None:
        """One page: a session from its opening to its close."""
        from .. import __version__

        await socket.accept()
        if len(self.sessions) + self._opening >= MOST_SESSIONS:
            await socket.close(FULL, "there are too many pages open")
            return
        self._opening += 1
        try:
            session = await asyncio.to_thread(Session)
        finally:
            self._opening -= 1
        self.sessions[session.name] = session
        try:
            await Live(socket, session).run(__version__)
        finally:
            del self.sessions[session.name]
            session.close()


def app(host: str = "127.0.0.1") -> Starlette:
    """The playground as an ASGI application.

    Parameters
    ----------
    host : str
        Under which name it is served, beside those of the machine itself.

    Raises
    ------
    MissingExtraError
        If Starlette is not installed.
    """
    try:
        from starlette.applications import Starlette
        from starlette.middleware import Middleware
        from starlette.responses import FileResponse
        from starlette.routing import Mount, Route, WebSocketRoute
        from starlette.staticfiles import StaticFiles
    except ImportError as missing:
        raise MissingExtraError.of("web", "starlette", "the playground") from missing

    async def index(_: Any) -> FileResponse:
        return FileResponse(PAGE / "index.html")

    playground = Playground()
    routes = [
        Route("/", index),
        Mount("/page", StaticFiles(directory=PAGE)),
        WebSocketRoute("/live", playground.live),
    ]
    made = Starlette(routes=routes, middleware=[Middleware(Guard, host=host)])
    made.state.playground = playground
    return made


def serve(host: str = "127.0.0.1", port: int = 8765) -> None:
    """Serve the playground until Ctrl-C.

    Raises
    ------
    MissingExtraError
        If Starlette or uvicorn is not installed.
    """
    made = app(host)
    try:
        import uvicorn
        import websockets  # noqa: F401 (what uvicorn speaks to sockets with)
    except ImportError as missing:
        raise MissingExtraError.of("web", "uvicorn", "the playground") from missing
    uvicorn.run(made, host=host, port=port, ws_max_size=LARGEST_MESSAGE, log_level="warning")
