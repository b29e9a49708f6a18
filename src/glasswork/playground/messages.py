"""Messages: what the page may say, read without trust, and what is done about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from ..errors import GlassworkError, OptionError
from ..saving.files import parse_json
from .frames import Wishes
from .lines import page
from .looking import drawn, unit
from .ready import ready
from .session import Session
from .state import State
from .strokes import digit_of
from .walking import Order, walked

__all__ = ["AT_ONCE", "LONGEST", "answers", "error_about", "understood"]

LONGEST = 64_000  # characters of a message
AT_ONCE = {"shown", "speed"}  # what touches no network
FASTEST = 2000  # steps in a second
LARGEST_DRAWING = 128  # points along a side

Array = NDArray[Any]
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
        raise OptionError(f"this is no JSON: {str(error).partition(';')[0]}") from None
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        raise OptionError('a message is an object with a "type"')
    if message["type"] not in ANSWERS:
        raise OptionError(f"there is no message {message['type'][:40]!r}")
    return message


def answers(session: Session, message: Message) -> list[Reply]:
    """Do what a message asks for, in the worker's thread unless it is `AT_ONCE`: the replies."""
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
        If it is none from low to high.
    """
    value = message.get(name)
    if isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high:
        return value
    raise OptionError(f"{name} is to be a number from {low:g} to {high:g}")


def place(message: Message, name: str, length: int) -> int:
    """A whole number of a message that counts from 0 to below a length.

    Raises
    ------
    OptionError
        If it is none.
    """
    value = number(message, name, 0, length - 1)
    if value != int(value):
        raise OptionError(f"{name} is to be a whole number")
    return int(value)


def pixels(message: Message, count: int) -> Array:
    """So many numbers from 0 to 1.

    Raises
    ------
    OptionError
        If they are none.
    """
    value = message.get("pixels")
    numbers: list[Any] = value if isinstance(value, list) and len(value) == count else [None]
    if all(type(x) in {int, float} and 0 <= x <= 1 for x in numbers):
        return np.array(numbers, np.float32)
    raise OptionError(f"pixels are to be {count} numbers from 0 to 1")


def _line(error: BaseException | str) -> str:
    text = " ".join(str(error).split())
    return text if len(text) <= 300 else f"{text[:299]}…"


def _state(session: Session, message: Message) -> list[Reply]:
    said = message.get("state")
    if not isinstance(said, dict):
        raise OptionError("state is to be an object")
    is_missing = said.get("data") == "upload" and session.upload is None
    state, complaints = State.of(said | {"data": State.data} if is_missing else said)
    if is_missing:
        complaints.append(f"data: no file has been sent yet; it is {state.data}")
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


def _unit(session: Session, message: Message) -> list[Reply]:
    training = session.training
    layer = place(message, "layer", len(training.linears))
    chosen = {
        "layer": layer,
        "unit": place(message, "unit", training.linears[layer].output_neurons),
        "row": place(message, "row", len(training.material.train.x)),
    }
    return [{"type": "unit", **chosen, **unit(training, *chosen.values())}]


def _draw(session: Session, message: Message) -> list[Reply]:
    return [_drawn(session, pixels(message, 64))]


def _strokes(session: Session, message: Message) -> list[Reply]:
    size = place(message, "size", LARGEST_DRAWING + 1)
    raster = pixels(message, size * size).reshape(size, size)
    return [_drawn(session, digit_of(raster).ravel())]


def _walk(session: Session, message: Message) -> list[Reply]:
    order = message.get("order", "right")
    if order not in get_args(Order):
        raise OptionError("order is to be right or article")
    return [{"type": "walk", "order": order, "entries": walked(session.training, order)}]


def _drawn(session: Session, picture: Array) -> Reply:
    if session.training.material.dataset.image_shape is None:
        raise OptionError("there are no digits here: choose the data digits")
    return {"type": "drawn", **drawn(session.training, picture)}


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
    "unit": _unit,
    "page": lambda session, _: [{"type": "page", **page(session.training)}],
    "walk": _walk,
    "draw": _draw,
    "strokes": _strokes,
}
