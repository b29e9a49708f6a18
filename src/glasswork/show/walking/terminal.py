"""A walk in a terminal: the tape with what has arrived, the step at hand, and keys to move."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from typing import Protocol, TextIO

import numpy as np

from ...errors import OptionError
from ...tape import Entry
from ...transcript.colors import (
    BOLD,
    DIM,
    GRADIENT,
    STYLES,
    WARNING,
    aligned,
    has_color,
    painted,
    put,
)  # fmt: skip
from ...transcript.rows import rows
from .visits import Visit

__all__ = ["page", "run"]

_KEYS = "n next   p previous   g go to   q quit   ? help"
_HELP = """\
n, →, Enter   the next step: the value that is left next, and what flows on from it
p, ←          the step before
g             go to a step: its number, and Enter
q             quit

▸ marks the value that is left, + those at which something arrives. A value may be
left when nothing is to come to it any more: then its sum is its gradient, whole."""
_NAMES = {
    "\n": "n", "\r": "n", " ": "n", "\x1b[C": "n", "\x1bOC": "n", "\x1b[B": "n", "\x1bOB": "n",
    "\x1b[D": "p", "\x1bOD": "p", "\x1b[A": "p", "\x1bOA": "p", "\x04": "q", "": "n",
}  # fmt: skip
_KEY = re.compile(r"\x1b[\[O].|.", re.DOTALL)  # an arrow is three characters


class Walked(Protocol):
    """What a terminal shows of a walk."""

    order: str
    names: dict[Entry, str]
    position: int

    def __len__(self) -> int: ...

    @property
    def current(self) -> Visit: ...

    def go(self, position: int) -> Visit: ...

    def sums(self, position: int | None = None) -> dict[Entry, np.ndarray]: ...

    def to_come(self, position: int | None = None) -> Counter[Entry]: ...


def run(walk: Walked, keys: TextIO | None = None, screen: TextIO | None = None) -> None:
    """Show the current step, and obey keys until one of them is q or there are no more."""
    keys, screen = keys or sys.stdin, screen or sys.stdout
    color = has_color(screen)
    with _commands(keys, screen) as commands, suppress(KeyboardInterrupt):
        said = ""
        while True:
            size = shutil.get_terminal_size()
            put(screen, f"{page(walk, size.lines, color)}\n\n{said or _KEYS}\n")
            screen.flush()
            command = next(commands, "q")
            if command == "q":
                return
            said = _obey(walk, command)


def _obey(walk: Walked, command: str) -> str:
    """Do what a command says; return what there is to say about it."""
    steps = {"n": walk.position + 1, "p": walk.position - 1}
    number = command.removeprefix("g").strip()
    if command == "?":
        return _HELP
    if command not in steps and not number.isdecimal():
        return f"{command!r} means nothing here.   {_KEYS}"
    try:
        walk.go(steps[command] if command in steps else int(number))
    except OptionError as error:
        return f"{str(error).partition(': ')[2]}\n{_KEYS}"
    return ""


def page(walk: Walked, height: int = 24, color: bool = False) -> str:
    """What is shown of a walk at its place.

    Parameters
    ----------
    height : int
        Lines of the screen: of a longer tape those around the current value are shown.
    color : bool
        Whether in color.
    """
    visit, last = walk.current, len(walk) - 1
    head, titles, *shares = str(visit).splitlines()
    style = (WARNING if visit.fault else BOLD) if color else ""
    lines = [
        f"Back in the {walk.order} order: step {walk.position}, of 0 to {last}",
        "",
        *_table(walk, visit, max(3, height - len(shares) - 9), color),
        "",
        painted(head, style),
        painted(titles, DIM if color else ""),
        *shares,
    ]
    return "\n".join(lines)


def _table(walk: Walked, visit: Visit, room: int, color: bool) -> list[str]:
    """The tape, with what has arrived at each value and how much is to come."""
    told, to_come = rows(walk.names, walk.sums()), list(map(walk.to_come().get, walk.names))
    marks = {c.name: "+" for c in visit.contributions} | {visit.name: "▸"}
    cells = [
        [marks.get(r.name, ""), r.name, r.made_of, r.shape, r.value, r.gradient, str(n or "")]
        for r, n in zip(told, to_come, strict=True)
    ]
    here = next(i for i, r in enumerate(told) if r.name == visit.name)
    first = max(0, min(here - room // 2, len(cells) - room))
    head = ["", "γ", "made of", "shape", "value", f"∂{told[-1].name}/∂γ so far", "to come"]

    def style(row: int, column: int) -> str:
        if not color or row == 0:
            return BOLD if color else ""
        kind = BOLD if first + row - 1 == here else STYLES.get(told[first + row - 1].kind, "")
        return [BOLD, kind, kind, DIM, "", GRADIENT, DIM][column]

    return aligned([head, *cells[first : first + room]], style)


@contextmanager
def _commands(keys: TextIO, screen: TextIO) -> Iterator[Iterator[str]]:
    """The commands that are given: by single keys in a terminal that has them, else by lines."""
    if not (keys.isatty() and screen.isatty() and find_spec("termios")):
        yield (_NAMES.get(line.strip(), line.strip()) for line in keys)
        return
    import termios
    from tty import setcbreak

    before = termios.tcgetattr(keys)
    try:
        setcbreak(keys)
        screen.write("\033[?1049h\033[?7l\033[H")  # another screen, where long lines are cut
        yield _typed(keys.fileno(), screen)
    finally:
        screen.write("\033[?7h\033[?1049l")
        screen.flush()
        termios.tcsetattr(keys, termios.TCSADRAIN, before)


def _typed(number: int, screen: TextIO) -> Iterator[str]:
    """Single keys as commands, on a cleared screen; after g, the digits up to Enter."""
    chunks = iter(lambda: os.read(number, 64).decode(errors="replace"), "")
    pressed = (key for chunk in chunks for key in _KEY.findall(chunk))
    for key in pressed:
        command = _NAMES.get(key, key)
        if key == "g":
            for digit in pressed:
                if digit in "\r\n":
                    break
                command = command + digit if digit not in "\b\x7f" else command[:-1] or "g"
                screen.write(f"\r\033[Kgo to step {command[1:]}")
                screen.flush()
        screen.write("\033[H\033[J")
        yield command
