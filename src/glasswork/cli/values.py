"""What the values of options may be: argparse names the option whose value is refused here."""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Callable
from math import inf
from pathlib import Path

__all__ = ["column", "layers", "names", "number", "path", "share_or_count", "whole"]


def whole(least: int, most: float = inf) -> Callable[[str], int]:
    """A reader of whole numbers from `least` up, to `most`.

    Examples
    --------
    >>> whole(1)("30")
    30
    """

    def read(text: str) -> int:
        if text.isdecimal() and least <= int(text) <= most:
            return int(text)
        limit = "up" if most == inf else f"to {most}"
        raise ArgumentTypeError(f"{text!r} is not a whole number from {least} {limit}")

    return read


def number(below: float = inf) -> Callable[[str], float]:
    """A reader of numbers from 0 up and below a limit.

    Examples
    --------
    >>> number(below=1)("0.9")
    0.9
    """

    def read(text: str) -> float:
        try:
            if 0 <= (value := float(text)) < below:
                return value
        except ValueError:
            pass
        limit = f" and below {below:g}" if below < inf else ""
        raise ArgumentTypeError(f"{text!r} is not a number from 0 up{limit}")

    return read


def share_or_count(text: str) -> float:
    """A share between 0 and 1, or a whole number.

    Examples
    --------
    >>> share_or_count("0.2"), share_or_count("360")
    (0.2, 360)
    """
    return whole(1)(text) if text.isdecimal() else number(below=1)(text)


def layers(text: str) -> list[int]:
    """Numbers of neurons with commas between, or none.

    Examples
    --------
    >>> layers("128,64"), layers("none")
    ([128, 64], [])
    """
    return [] if text == "none" else [whole(1)(part) for part in text.split(",")]


def names(text: str) -> list[str]:
    """Names with commas between.

    Examples
    --------
    >>> names("zip code, rooms")
    ['zip code', 'rooms']
    """
    return [name.strip() for name in text.split(",")]


def column(text: str) -> int | str:
    """The place of a column, or its name.

    Examples
    --------
    >>> column("-1"), column("species")
    (-1, 'species')
    """
    return int(text) if text.removeprefix("-").isdecimal() else text


def path(text: str) -> Path:
    """The path of a file or a folder.

    Examples
    --------
    >>> path("runs/first").name
    'first'
    """
    if text.strip():
        return Path(text)
    raise ArgumentTypeError(f"{text!r} is not a path")
