"""The layout of a page: its head, its memory, and the function, section by section."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .page import Page, Script, Statement
from .plan import Buffer
from .spelling import Spelling

__all__ = ["laid_out"]

SECTIONS = {"forward": "forward", "backward": "backward: d_h is ∂loss/∂h", "update": "update"}
COLUMN = 64  # where comments begin


def laid_out(
    script: Script,
    spelling: Spelling,
    memory: Mapping[Buffer, list[str]],
    views: list[str],
    body: list[Statement],
) -> Page:
    """The page: what is given, memory, views, and the function, section by section.

    Parameters
    ----------
    script : Script
        What was to be written.
    spelling : Spelling
        The names of it all.
    memory : dict of Buffer to list of str
        What each part of the arena is called.
    views : list of str
        Statements that make views of what is in memory.
    body : list of Statement
        What the function does.
    """
    head = [
        f"# {script.title}",
        *_given(spelling.given, script.plan.size if memory else 0),
        "",
        "import numpy as np",
        *(["", *spelling.literals] if spelling.literals else []),
        *_memory(memory),
        *_titled("Views, which need no memory.", views),
        "",
        "",
        *_definition(script, spelling.arguments),
    ]
    lines = [*head, *_stated(body)]
    return Page("\n".join(lines) + "\n", spelling.given, body, len(head) + 1, spelling.named)


def _given(given: Mapping[str, Any], arena: int) -> list[str]:
    arrays = {name: x for name, x in given.items() if isinstance(x, np.ndarray)}
    lines = [f"#     {name}: {value.shape} {value.dtype}" for name, value in arrays.items()]
    if arena:
        lines.append(f"#     arena: {arena} bytes")
    return ["#", "# Given:", *lines] if lines else []


def _memory(memory: Mapping[Buffer, list[str]]) -> list[str]:
    lines = [f"{' = '.join(names)} = {_in_arena(buffer)}" for buffer, names in memory.items()]
    return _titled("Memory. Names of one line share it, one after the other.", lines)


def _titled(title: str, lines: list[str]) -> list[str]:
    return ["", f"# {title}", *lines] if lines else []


def _definition(script: Script, arguments: list[str]) -> list[str]:
    quiet = ", ".join(f'{kind}="{how}"' for kind, how in script.quiet.items())
    guard = [f"@np.errstate({quiet})"] if quiet else []
    return [*guard, f"def {script.name}({', '.join(arguments)}):"]


def _stated(body: Sequence[Statement]) -> list[str]:
    """The statements, each with its comment, under the names of their sections."""
    lines = []
    section = ""
    for statement in body:
        if statement.section not in (section, ""):
            section = statement.section
            lines.append(f"    # {SECTIONS[section]}")
        comment = f"  # {statement.comment}" if statement.comment else ""
        lines.append(f"    {statement.text}".ljust(COLUMN if comment else 0) + comment)
    return lines


def _in_arena(buffer: Buffer) -> str:
    """A buffer as a view of the arena."""
    text = f"arena[{buffer.start}:{buffer.start + buffer.nbytes}].view(np.{buffer.dtype.name})"
    if len(buffer.shape) == 1:
        return text
    if buffer.order == tuple(sorted(buffer.order)):
        return f"{text}.reshape({', '.join(map(str, buffer.shape))})"
    order = [
        *buffer.order,
        *(axis for axis in range(len(buffer.shape)) if axis not in buffer.order),
    ]
    shape = ", ".join(str(buffer.shape[axis]) for axis in order)
    back = ", ".join(str(order.index(axis)) for axis in range(len(order)))
    return f"{text}.reshape({shape}).transpose({back})"
