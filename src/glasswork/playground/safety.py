"""Who may ask: pages of this server, opened under its own name, and no other site's."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from ipaddress import ip_address
from typing import Any

__all__ = ["LOOPBACK", "Guard", "is_own_host"]

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

LOOPBACK = {"localhost", "127.0.0.1", "::1"}
EVERYWHERE = {"0.0.0.0", "::"}
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data: blob:; object-src 'none';"
    " base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
}


class Guard:
    """Refuses what another site asks for, and says to browsers what our pages may do.

    A site can let its name point to this machine (DNS rebinding): then Host is that name. It can
    open a WebSocket to this machine from its own page: then Origin is not Host.
    """

    def __init__(self, app: Any, host: str) -> None:
        self._app, self._host = app, host

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it with 403."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
        elif self._is_own(scope):
            await self._app(scope, receive, _with_headers(send))
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        else:
            from starlette.responses import JSONResponse

            refusal = "this server answers only its own pages, under its own name"
            await JSONResponse({"error": refusal}, 403)(scope, receive, send)

    def _is_own(self, scope: Scope) -> bool:
        hosts, origins = (
            [value for key, value in scope["headers"] if key == name]
            for name in (b"host", b"origin")
        )
        if len(hosts) != 1 or not is_own_host(host := hosts[0].decode("latin-1"), self._host):
            return False
        return all(
            origin.decode("latin-1") in {f"http://{host}", f"https://{host}"} for origin in origins
        )


def is_own_host(header: str, host: str) -> bool:
    """Whether the Host of a request is this machine itself, or the host that was asked for.

    Examples
    --------
    >>> is_own_host("localhost:8765", "127.0.0.1"), is_own_host("example.com", "127.0.0.1")
    (True, False)
    """
    name = (
        header.rpartition("]")[0].lstrip("[")
        if header.startswith("[")
        else header.partition(":")[0]
    )
    if host in EVERYWHERE:
        try:
            ip_address(name)
        except ValueError:
            return name.lower() in LOOPBACK
        return True  # an address is no name that a site could point elsewhere
    return name.lower() in LOOPBACK | {host.lower()}


def _with_headers(send: Send) -> Send:
    async def sent(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            known = {key.lower() for key, _ in message["headers"]}
            message["headers"] = [*message["headers"]] + [
                (name.lower().encode(), value.encode())
                for name, value in HEADERS.items()
                if name.lower().encode() not in known
            ]
        await send(message)

    return sent
