"""Where a line comes from: read from Python's stack while a function is traced."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import FrameType
from typing import Any

from .. import autodiff, tape
from ..errors import CompileError
from ..nn.tree import Tree
from ..ops import Op
from ..optim import Optimizer, clipping
from .lines import Origin

__all__ = ["origin", "user_line"]

_PACKAGE = str(Path(__file__).parent.parent)


def origin(paths: Mapping[int, tuple[str, str]]) -> Origin:
    """The section, module and op of the line that is being written now."""
    section, module, role, of = "forward", None, "", None
    for frame in _stack():
        name, here = frame.f_code.co_name, frame.f_code.co_filename
        if name == "traced":  # and what called that
            break
        if not here.startswith(_PACKAGE):
            continue
        if here == autodiff.__file__ and name == "_reverse" and section == "forward":
            known = frame.f_locals
            section, of = "backward", getattr(known["x"]._els, "line", None)
            role = known["op"].name
            if of is None:
                raise _stranger(known["x"].shape)
        elif here == autodiff.__file__ and name == "backward" and section == "forward":
            section = "backward"  # where gradients are added up
        elif name == "record" and here == tape.__file__ and not role:
            op: Op = frame.f_locals["op"]
            role = op.name
        elif here == clipping.__file__ or (
            name == "step" and isinstance(frame.f_locals.get("self"), Optimizer)
        ):
            section = "update"
        elif name == "forward" and module is None and isinstance(frame.f_locals.get("self"), Tree):
            module = frame.f_locals["self"]
    path = "" if module is None else _path(module, paths)
    return Origin(section, path, role, of)


def _stranger(shape: tuple[int, ...]) -> CompileError:
    return CompileError(
        f"compile: a gradient goes to a tensor of shape {shape} that was not found beforehand.\n"
        f"  It happens in {user_line()}.\n"
        "  Let the function reach it by a name of its own: a variable, an attribute of an object,\n"
        "  or an optimizer that moves it."
    )


def user_line() -> str:
    """The file and line outside this package that led here."""
    for frame in _stack():
        if not frame.f_code.co_filename.startswith(_PACKAGE):
            return f"{frame.f_code.co_filename}, line {frame.f_lineno}"
    return "glasswork"


def _path(module: Tree, paths: Mapping[int, tuple[str, str]]) -> str:
    root, path = paths.get(id(module), ("", type(module).__name__))
    return f"{root}.{path}" if path else root


def _stack() -> Iterator[FrameType]:
    frame: Any = sys._getframe(2)
    while frame is not None:
        yield frame
        frame = frame.f_back
