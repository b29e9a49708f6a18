"""The profile: how long each line of a page takes."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter_ns
from typing import Any

from .writer import Page

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

    lines = page.source.splitlines()
    timed_lines = lines[: page.first - 1]
    statements = (i for i, _ in enumerate(page.body))
    for text in lines[page.first - 1 : -1]:
        timed_lines.append(text)
        if not text.lstrip().startswith("#"):
            indent = " " * (
                len(text) - len(text.lstrip()) + 4 * text.partition("#")[0].rstrip().endswith(":")
            )
            timed_lines.append(f"{indent}_mark({next(statements)})")
    own = namespace | {"_mark": mark}
    exec(compile("\n".join(timed_lines), "<profile>", "exec"), own)
    run = own[function]

    def times(*args: Any) -> list[float]:
        seconds[:] = [0.0] * len(seconds)
        last[0] = perf_counter_ns()
        run(*args)
        return list(seconds)

    return times
