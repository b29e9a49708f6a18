"""`compile`: a function that is written as NumPy the first time, and is that program afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import update_wrapper
from threading import RLock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..nn.changes import changes
from ..nn.module import Module
from ..nn.tree import Tree, walk
from ..tape import recording
from .arguments import Arguments
from .findings import Found
from .flat import aligned
from .program import Program

__all__ = ["Compiled", "compile"]


class Compiled:
    """A function and its programs, one for each kind of arguments. Made by `compile`."""

    def __init__(self, function: Callable[..., Any], exact: bool = False) -> None:
        self._function = function
        self._exact = exact
        self._programs: dict[Any, Program] = {}
        self._recent: Program | None = None
        self._version = -1
        self._arena: NDArray[np.uint8] = aligned(0, np.dtype(np.uint8))
        self._lock = RLock()
        update_wrapper(self, function)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with self._lock:
            program = self._recent
            if (
                program is None
                or kwargs
                or self._version != changes()
                or not _are_of(args, program.kinds)
                or not program.is_settled()
            ):
                program, args = self._found(args, kwargs)
            return program(*args)

    @property
    def source(self) -> str:
        """The page that ran last."""
        return self._ran().page.source

    def _ran(self) -> Program:
        if self._recent is None:
            raise RuntimeError("not yet")
        return self._recent

    def _found(self, args: Any, kwargs: Any) -> tuple[Program, Any]:
        """The program for these arguments, written if there is none yet."""
        arguments = Arguments(self._function, args, kwargs)
        found = Found(self._function)
        self._version = changes()
        key = arguments.key, _state(found)
        program = self._programs.get(key)
        if program is None:
            program = Program(self._function, arguments, found, "", self._exact)
            self._make_room(program.plan.size)
            program.bind(self._arena)
            self._programs[key] = program
        program.settle()
        self._recent = program
        return program, arguments.values.values()

    def _make_room(self, size: int) -> None:
        """One arena for all programs: that of the largest."""
        if size > self._arena.size:
            self._arena = aligned(size, np.dtype(np.uint8))
            for program in self._programs.values():
                program.bind(self._arena)


def compile(function: Callable[..., Any] | None = None, *, exact: bool = False) -> Any:
    if function is None:
        return lambda f: compile(f, exact=exact)
    if isinstance(function, Module):
        return Compiled(recording(False)(function.__call__), exact)
    return Compiled(function, exact)


def _are_of(args: tuple[Any, ...], kinds: list[Any]) -> bool:
    """Whether these are arrays of those shapes and dtypes."""
    if len(args) != len(kinds):
        return False
    for x, (shape, dtype) in zip(args, kinds):  # noqa: B905 (of one length, seen above)
        if type(x) is not np.ndarray or x.shape != shape or x.dtype != dtype:
            return False
    return True


def _state(found: Found) -> Any:
    """Everything but arguments that a program rests on."""
    return (
        tuple((id(t), t.requires_grad, t.shape, t.dtype) for t in found.tensors.values()),
        tuple(_attributes(tree) for tree in found.trees.values()),
        tuple(
            tuple(slot.steps - home.slots[0].steps for slot in home.slots) for home in found.homes
        ),
    )


def _attributes(tree: Tree) -> Any:
    return tuple(
        (path, type(node), id(node), tuple((n, _plain(v)) for n, v in vars(node).items()))
        for path, node in walk(tree)
        if isinstance(node, Tree)
    )


def _plain(value: Any) -> Any:
    return value if isinstance(value, int | float | str | None) else id(value)
