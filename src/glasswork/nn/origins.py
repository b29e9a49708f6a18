"""Which line of the user's made a tensor: looked for when something has failed, and not before.

Nothing is written down as tensors are made. But while an error is on its way, the functions that
led to it still have their variables: a tensor that one of them has under a name was made by the
line that gave it this name.
"""

from __future__ import annotations

import dis
import linecache
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import CodeType, FrameType, TracebackType
from typing import Any, NamedTuple

import numpy as np

from ..tensor import Tensor

__all__ = ["Moment", "is_own", "latest", "moments", "origin", "shown"]

Array = np.ndarray[Any, Any]

PACKAGE = str(Path(__file__).parents[1])


class Moment(NamedTuple):
    """A function under way, or just left by an error, and the instruction that it had come to."""

    frame: FrameType
    instruction: int
    line: int


def moments(traceback: TracebackType | None) -> list[Moment]:
    """The functions that led to an error, innermost first, and those that called all of them."""
    found: list[Moment] = []
    caller = traceback.tb_frame.f_back if traceback else None
    while traceback is not None:
        found.append(Moment(traceback.tb_frame, traceback.tb_lasti, traceback.tb_lineno))
        traceback = traceback.tb_next
    found.reverse()
    while caller is not None:
        found.append(Moment(caller, caller.f_lasti, caller.f_lineno))
        caller = caller.f_back
    return found


def is_own(frame: FrameType) -> bool:
    """Whether the function is one of Glasswork's."""
    return frame.f_code.co_filename.startswith(PACKAGE)


def origin(value: Tensor | Array, around: Sequence[Moment]) -> str:
    """The line of the user's that made a value; "" where none has it under a name.

    Parameters
    ----------
    around : sequence of Moment
        Where to look for it, the innermost function first.
    """
    for moment in reversed(around):  # a function further in has it as an argument
        code = moment.frame.f_code
        for name in [] if is_own(moment.frame) else _names(value, moment.frame):
            if line := _line_of(code, name, moment.instruction):
                return shown(code, line)
    return ""


def latest(around: Sequence[Moment]) -> str:
    """The line that the user's code has come to; "" if there is none."""
    users = (moment for moment in around if not is_own(moment.frame))
    return next((shown(moment.frame.f_code, moment.line) for moment in users), "")


def _names(value: Tensor | Array, frame: FrameType) -> Iterator[str]:
    """The variables of a function that have a value, or the array that a tensor was made of."""
    for name, there in frame.f_locals.items():
        if there is value or (type(there) is np.ndarray and _holds(value, there)):
            yield name


def _holds(value: Tensor | Array, array: Array) -> bool:
    els = value.els if isinstance(value, Tensor) else value
    return els is array or getattr(els, "base", None) is array


def _line_of(code: CodeType, name: str, reached: int) -> int | None:
    """The line that last gave a variable its value before the instruction that was reached."""
    stores = [
        (step.offset, step.positions.lineno)
        for step in dis.get_instructions(code)
        if step.opname.startswith("STORE_") and _is_stored(name, step.argval) and step.positions
    ]
    before = [line for offset, line in stores if offset < reached]
    return (before or [line for _, line in stores] or [None])[-1]


def _is_stored(name: str, stored: object) -> bool:
    return name in stored if isinstance(stored, tuple) else name == stored


def shown(code: CodeType, line: int) -> str:
    """A line as a reader finds it: its file, its number and its words."""
    text = linecache.getline(code.co_filename, line).strip()
    return f"{Path(code.co_filename).name}:{line}{f': {text}' if text else ''}"
