"""The profile: how long each line of a page takes."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from time import perf_counter_ns
from typing import Any

from .page import Page

__all__ = ["timed"]


def timed(page: Page, namespace: dict[str, Any], function: str) -> Callable[..., list[float]]:
    """The page's function, which gives the seconds that each line of its body took.

    A reading of the clock stands behind each line.
    """
    seconds = [0.0] * len(page.body)
    last = [0]

    def mark(line: int) -> None:
        now = perf_counter_ns()
        seconds[line] += (now - last[0]) / 1e9
        last[0] = perf_counter_ns()

    own = namespace | {"_mark": mark}
    exec(compile(_marked(page), "<profile>", "exec"), own)
    run = own[function]

    def times(*args: Any) -> list[float]:
        seconds[:] = [0.0] * len(seconds)
        last[0] = perf_counter_ns()
        run(*args)
        return list(seconds)

    return times


def _marked(page: Page) -> str:
    """The source, with a reading of the clock behind each line of the body, and within a loop."""
    lines = page.source.splitlines()
    marked = lines[: page.first - 1]
    numbers = count()
    for text in lines[page.first - 1 : -1]:
        marked.append(text)
        code = text.partition("#")[0].rstrip()
        if code:
            indent = len(code) - len(code.lstrip()) + 4 * code.endswith(":")
            marked.append(f"{' ' * indent}_mark({next(numbers)})")
    return "\n".join(marked)
