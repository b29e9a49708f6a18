"""Messages: what the page may say, read without trust, and what is done about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any

from ..errors import GlassworkError, OptionError
from ..saving.files import parse_json
from .session import Session
from .state import State
from .frames import Wishes
from .ready import ready

__all__ = ["LONGEST", "answers", "understood"]

LONGEST = 64_000  # characters of a message
FASTEST = 2000  # steps in a second

Message = Mapping[str, Any]
Reply = dict[str, Any]


def understood(text: str) -> Message:
    """The message in a text.

    Raises
    ------
    OptionError
        If it is none, in one line.
    """
    try:
        message = parse_json(text)
    except ValueError as error:
        raise OptionError(f"this is no JSON: {_line(error)}") from None
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        raise OptionError('a message is an object with a "type"')
    if message["type"] not in ANSWERS:
        raise OptionError(f"there is no message {message['type'][:40]!r}")
    return message


def answers(session: Session, message: Message) -> list[Reply]:
    """Do what a message asks for, in the session's thread: what is to be said about it."""
    kind = message["type"]
    try:
        return ANSWERS[kind](session, message) or []
    except GlassworkError as error:
        return [error_about(kind, error)]


def error_about(kind: str, error: BaseException | str) -> Reply:
    """The reply that something cannot be done."""
    return {"type": "error", "about": kind, "message": _line(error)}


def number(message: Message, name: str, low: float, high: float) -> float:
    """A number of a message.

    Raises
    ------
    OptionError
        If it is none between low and high.
    """
    value = message.get(name)
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            if isfinite(value) and low <= value <= high:
                return value
    except OverflowError:
        pass
    raise OptionError(f"{name} is to be a number from {low:g} to {high:g}")


def _line(error: BaseException | str) -> str:
    text = " ".join(str(error).split())
    return text if len(text) <= 300 else f"{text[:299]}…"


def _state(session: Session, message: Message) -> list[Reply]:
    said = message.get("state")
    if not isinstance(said, dict):
        raise OptionError("state is to be an object")
    state, complaints = State.of(said)
    session.become(state)
    return [*(error_about("state", complaint) for complaint in complaints), ready(session)]


def _play(session: Session, message: Message) -> None:
    session.play(number(message, "speed", 1, FASTEST))


def _speed(session: Session, message: Message) -> None:
    session.speed = number(message, "speed", 1, FASTEST)


def _reset(session: Session, message: Message) -> list[Reply]:
    session.reset()
    return [ready(session)]


def _epoch(session: Session, message: Message) -> None:
    done = session.training.steps % len(session.training.batches)
    session.advance(len(session.training.batches) - done)


def _options(session: Session, message: Message) -> None:
    given = {name: value for name, value in message.items() if name in Wishes._fields}
    if not all(isinstance(value, bool) for value in given.values()):
        raise OptionError("options are true or false")
    session.wishes = session.wishes._replace(**given)
    session.changed = True


ANSWERS: dict[str, Callable[[Session, Message], list[Reply] | None]] = {
    "state": _state,
    "play": _play,
    "speed": _speed,
    "pause": lambda session, _: session.pause(),
    "step": lambda session, _: session.advance(),
    "epoch": _epoch,
    "reset": _reset,
    "shown": lambda session, _: session.looked_at(),
    "options": _options,
}
