"""Surroundings: the lists, dicts, objects and variables around a function, while it is traced.

The page repeats what is done to tensors. An entry that is added to a list, or a count that is moved
on, would be added once, and never again.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import CellType
from typing import Any

from ..errors import CompileError
from .findings import Found
from .outputs import is_written

__all__ = ["Surroundings"]


class Surroundings:
    """What is around a function, as it is now.

    Parameters
    ----------
    found : Found
        What was found there.
    """

    def __init__(self, found: Found) -> None:
        self._roots = found.roots
        self._kept = [(name, each, _entries(each)) for name, each in found.holders]
        self._names = {id(each): name for name, each in found.holders}

    def refuse(self) -> None:
        """Refuse a function that has changed something of it."""
        for name in self._changed():
            raise CompileError(
                f"compile: {name} is changed while the page is written, once and for all.\n"
                "  Return the value, and do that with it after the call."
            )

    def _changed(self) -> Iterator[str]:
        """The names of what is longer, or holds what was traced, or decides which page it is."""
        for name, holder, before in self._kept:
            now = _entries(holder)
            if isinstance(holder, list) and len(now) != len(before):
                yield name
            for key, value in now.items():
                if is_written(value) and before.get(key) is not value:
                    yield f"{name}.{key}".strip(".")
        for read, value in self._roots:
            if read() is not value:
                owner, name = read.args[:2]
                yield self._names[id(owner)] if isinstance(owner, CellType) else str(name)

    def put_back(self) -> None:
        """Make all as it was."""
        for _, holder, before in self._kept:
            if isinstance(holder, list):
                holder[:] = before.values()
            elif isinstance(holder, dict):
                now = _entries(holder)
                for key in [key for key in now if key not in before]:
                    del holder[key]
                holder.update({k: x for k, x in before.items() if now.get(k) is not x})
            elif before:
                holder.cell_contents = before[""]


def _entries(holder: Any) -> dict[Any, Any]:
    """What is in a list, a dict or the variable of a closure."""
    if isinstance(holder, CellType):
        try:
            return {"": holder.cell_contents}
        except ValueError:  # not assigned yet
            return {}
    return dict(holder if isinstance(holder, dict) else enumerate(holder))
