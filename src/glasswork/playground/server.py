"""The server: the page, its sockets, uploads and exports, for this machine alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import GlassworkError, MissingExtraError
from .export import archive
from .live import Live
from .messages import error_about
from .safety import Guard
from .session import Session
from .uploads import LARGEST, dataset_of
from .worker import Worker

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.websockets import WebSocket

__all__ = ["PURPOSE", "Playground", "app"]

PAGE = Path(__file__).with_name("page")
MOST_SESSIONS = 256
WORKERS = 2
FULL = 1013
PURPOSE = "the playground"


class Playground:
    """All sessions, by their names, and what can be asked of them over HTTP."""

    def __init__(self) -> None:
        self.sessions: dict[str, Session] = {}
        self._opening = 0
        self._workers = [Worker() for _ in range(WORKERS)]
        self._turns = cycle(self._workers)

    async def live(self, socket: WebSocket) -> None:
        """One page: a session from its opening to its close."""
        await socket.accept()
        if len(self.sessions) + self._opening >= MOST_SESSIONS:
            await socket.close(FULL, "there are too many pages open")
            return
        self._opening += 1
        try:
            worker = next(self._turns)
            session = await asyncio.wrap_future(worker.do(lambda: Session(worker)))
        finally:
            self._opening -= 1
        self.sessions[session.name] = session
        try:
            await Live(socket, session).run()
        finally:
            del self.sessions[session.name]
            session.do(Session.close)

    @asynccontextmanager
    async def lifespan(self, _: Starlette) -> AsyncIterator[None]:
        """End the workers with the server."""
        yield
        for worker in self._workers:
            worker.close()

    async def upload(self, request: Request) -> Response:
        """Let a session learn from a table that is sent to it."""
        from starlette.requests import ClientDisconnect
        from starlette.responses import JSONResponse

        session = self.sessions.get(request.query_params.get("session", ""))
        if session is None:
            return JSONResponse({"error": "there is no such session"}, 404)
        body = bytearray()
        try:
            async for piece in request.stream():
                body += piece
                if len(body) > LARGEST:
                    return JSONResponse({"error": f"the file has more than {LARGEST:,} bytes"}, 413)
            session.upload = dataset = await asyncio.to_thread(dataset_of, bytes(body))
        except ClientDisconnect:
            return JSONResponse({"error": "the file did not come whole"}, 400)
        except GlassworkError as error:
            return JSONResponse({"error": error_about("upload", error)["message"]}, 400)
        return JSONResponse(
            {
                "ok": True,
                "data": "upload",
                "columns": dataset.features,
                "samples": len(dataset),
                "classes": dataset.classes,
            }
        )

    async def export(self, request: Request) -> Response:
        """The network of a session as files."""
        from starlette.responses import JSONResponse, Response

        session = self.sessions.get(request.query_params.get("session", ""))
        if session is None:
            return JSONResponse({"error": "there is no such session"}, 404)
        address = str(request.base_url)
        packed = await asyncio.wrap_future(session.do(lambda own: archive(own.training, address)))
        name = "attachment; filename=glasswork-playground.zip"
        return Response(packed, media_type="application/zip", headers={"Content-Disposition": name})


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
        raise MissingExtraError.of("web", "starlette", PURPOSE) from missing

    async def index(_: Any) -> FileResponse:
        return FileResponse(PAGE / "index.html")

    playground = Playground()
    routes = [
        Route("/", index),
        Mount("/page", StaticFiles(directory=PAGE)),
        Route("/upload", playground.upload, methods=["POST"]),
        Route("/export", playground.export),
        WebSocketRoute("/live", playground.live),
    ]
    made = Starlette(
        routes=routes, middleware=[Middleware(Guard, host=host)], lifespan=playground.lifespan
    )
    made.state.playground = playground
    return made
