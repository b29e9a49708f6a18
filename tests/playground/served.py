"""A playground that is served by a thread of this process, and pages that talk to it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socket import create_server
from typing import Any

import pytest

from glasswork.playground.server import Playground
from glasswork.playground.serving import server_of

from .unpacked import unpacked

SOON = 120.0  # seconds, after which a test is stuck


@contextmanager
def serving() -> Iterator[tuple[int, Playground]]:
    """The port of a playground, and what it holds."""
    for package in ("starlette", "uvicorn", "websockets"):
        pytest.importorskip(package, reason="the extra web serves the playground")
    server = server_of("127.0.0.1")
    with create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=lambda: server.run(sockets=[listening]))
        thread.start()
        try:
            yield listening.getsockname()[1], server.config.app.state.playground
        finally:
            server.should_exit = True
            thread.join(SOON)


class Caller:
    """What a page says, and what it hears."""

    def __init__(self, port: int, socket: Any) -> None:
        self.port, self.socket = port, socket
        self.hello, self.ready = self.hear("hello"), self.hear("ready")

    def say(self, text: str | bytes | None = None, **message: Any) -> None:
        self.socket.send(json.dumps(message) if text is None else text)

    def hear(self, *kinds: str) -> dict[str, Any]:
        """The next message of some kind; frames in between are shown."""
        while True:
            said = self.socket.recv(SOON)
            if isinstance(said, bytes):
                header, arrays = unpacked(said)
                message = header | {"arrays": arrays}
                self.say(type="shown")
            else:
                message = json.loads(said)
            if message["type"] in kinds:
                return message

    def ask(self, *kinds: str, **message: Any) -> dict[str, Any]:
        self.say(**message)
        return self.hear(*kinds)


@contextmanager
def calling(port: int, **options: Any) -> Iterator[Caller]:
    """A page that is open."""
    from websockets.sync.client import connect

    address = f"ws://127.0.0.1:{port}/live"
    with connect(address, max_size=None, open_timeout=SOON, **options) as socket:
        yield Caller(port, socket)
