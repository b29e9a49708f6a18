"""Where in a network an error arose: read from the traceback, so that it costs nothing before."""

from __future__ import annotations

from ..errors import GlassworkError
from .configuration import described
from .tree import Tree, walk

__all__ = ["name_place"]


def name_place(error: GlassworkError, root: Tree) -> None:
    """Begin the message of `error` with the module below `root` whose `forward` raised it.

    Called again from further out, with the root of a larger tree, it puts the longer path there.
    """
    place = root
    step = error.__traceback__
    while step is not None:
        frame, step = step.tb_frame, step.tb_next
        if frame.f_code.co_name == "forward" and isinstance(frame.f_locals.get("self"), Tree):
            place = frame.f_locals["self"]
    path = next((path for path, node in walk(root) if node is place), "")
    message = vars(error).setdefault("message_without_place", str(error))
    error.args = (f"{f'model.{path} ' if path else ''}{described(place)}: {message}",)
