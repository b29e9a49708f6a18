"""The socket of one page: what it says goes to its session, and frames come back."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from importlib import import_module
from time import monotonic
from typing import TYPE_CHECKING, Any

from ..errors import OptionError
from .messages import AT_ONCE, LONGEST, answers, error_about, understood
from .ready import ready
from .session import Session
from .state import CHOICES, State
from .wire import as_json

if TYPE_CHECKING:
    from starlette.websockets import WebSocket

__all__ = ["Live"]

FRAME = 1 / 60  # seconds from one frame to the next, at least
MOST_MESSAGES = 400  # in a second, for long
REFUSED, TOO_LONG = 1008, 1009


class Live:
    """One page, from its first word to its last."""

    def __init__(self, socket: WebSocket, session: Session) -> None:
        self._socket, self._session = socket, session
        self._cue = asyncio.Event()  # something was said
        self._turn = asyncio.Lock()  # what is said together is not parted by a frame
        self._shown = True
        self._allowed, self._since = float(MOST_MESSAGES), monotonic()

    async def run(self) -> None:
        """Talk until the page closes, or has to be closed."""
        tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._paint())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            ended = await asyncio.gather(*tasks, return_exceptions=True)
        for outcome in ended:
            if isinstance(outcome, Exception) and self._is_open():
                raise outcome

    def _hello(self) -> dict[str, Any]:
        state = self._session.state
        return {
            "type": "hello",
            "session": self._session.name,
            "version": import_module("glasswork").__version__,
            "state": state.as_json(),
            "query": state.query(),
            "defaults": {name: State.defaults(name).as_json() for name in CHOICES["data"]},
        }

    async def _listen(self) -> None:
        await self._say(self._hello(), ready(self._session))
        self._cue.set()
        while (event := await self._socket.receive())["type"] == "websocket.receive":
            text = event.get("text")
            if not self._may_speak():
                return await self._socket.close(REFUSED, "too many messages")
            if text is not None and len(text) > LONGEST:
                return await self._socket.close(TOO_LONG, "this message is too long")
            await self._say(*await self._answers(text))
            self._cue.set()
        return None

    async def _answers(self, text: str | None) -> list[dict[str, Any]]:
        if text is None:
            return [error_about("message", "a message is text")]
        try:
            message = understood(text)
        except OptionError as error:
            return [error_about("message", error)]
        self._shown = self._shown or message["type"] == "shown"
        if message["type"] in AT_ONCE:
            return answers(self._session, message)
        return await asyncio.wrap_future(self._session.do(lambda own: answers(own, message)))

    async def _paint(self) -> None:
        """Send a frame whenever there is something new, and the last one has been shown."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(FRAME if self._session.running else None):
                    await self._cue.wait()
            self._cue.clear()
            if self._shown and self._session.changed:
                began, self._shown = monotonic(), False
                drawn = await asyncio.wrap_future(self._session.do(Session.frame))
                async with self._turn:
                    await self._socket.send_bytes(drawn)
                while self._session.notices:
                    await self._say({"type": "stopped", "why": self._session.notices.pop(0)})
                await asyncio.sleep(began + FRAME - monotonic())

    async def _say(self, *replies: dict[str, Any]) -> None:
        async with self._turn:
            for reply in replies:
                await self._socket.send_text(as_json(reply))

    def _may_speak(self) -> bool:
        """Whether there were not too many messages of late."""
        now = monotonic()
        refilled = self._allowed + MOST_MESSAGES * (now - self._since)
        self._allowed, self._since = min(refilled, MOST_MESSAGES) - 1, now
        return self._allowed >= 0

    def _is_open(self) -> bool:
        """Whether both sides can still speak."""
        states = self._socket.client_state, self._socket.application_state
        return all(state.name == "CONNECTED" for state in states)
