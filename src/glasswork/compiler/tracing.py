"""What may not change while a function is traced: random numbers, and the attributes of modules.

The function runs once in place of many times. What it did to anything but tensors would be done
once, and never again: so it is undone, and refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from threading import RLock, get_ident
from typing import Any

import numpy as np

from ..errors import CompileError
from ..nn.tree import Tree, walk
from ..randomness import generator
from .findings import Found
from .surroundings import Surroundings

__all__ = ["is_tracing", "undisturbed"]

_one_at_a_time = RLock()
_tracers: list[int] = []  # the thread, as often as it traces


def is_tracing() -> bool:
    """Whether this thread is tracing a function: what that calls is a part of its page."""
    return get_ident() in _tracers


@contextmanager
def undisturbed(found: Found) -> Iterator[None]:
    """Trace within: alone, and with nothing changed but tensors.

    Raises
    ------
    CompileError
        If NumPy has drawn random numbers by then, a module has other attributes, or something else
        around the function was changed.
    """
    with _one_at_a_time, ExitStack() as afterwards:
        _tracers.append(get_ident())
        afterwards.callback(_tracers.pop)
        drawn = _watch_generators(found, afterwards)
        set_ = _watch_attributes(found, afterwards)
        surroundings = Surroundings(found)
        try:
            yield
            for refuse in (drawn, set_, surroundings.refuse):
                refuse()
        except BaseException:
            surroundings.put_back()
            raise


def _watch_generators(found: Found, afterwards: ExitStack) -> Any:
    sources = [*found.generators, generator(None)]
    before = [source.bit_generator.state for source in sources]
    shared = np.random.get_state(legacy=False)  # noqa: NPY002 (to see that it is left alone)

    def put_back() -> None:
        for source, state in zip(sources, before, strict=True):
            source.bit_generator.state = state
        np.random.set_state(shared)  # noqa: NPY002 (as above)

    def refuse() -> None:
        now = [source.bit_generator.state for source in sources]
        now.append(np.random.get_state(legacy=False))  # noqa: NPY002 (as above)
        for known, state in zip([*before, shared], now, strict=True):
            if not _are_alike(known, state):
                raise CompileError(
                    "compile: random numbers are drawn while the page is written, once and for "
                    "all.\n"
                    "  Draw them with glasswork.functional.uniform_like(x, rng), which the page\n"
                    "  then does at each call; or draw before, and pass them as an argument."
                )

    afterwards.callback(put_back)
    return refuse


def _are_alike(one: Any, other: Any) -> bool:
    """Whether two states of generators are the same: dicts of numbers, arrays and text."""
    if isinstance(one, dict):
        return all(_are_alike(one[name], other[name]) for name in one)
    return np.array_equal(one, other)


def _watch_attributes(found: Found, afterwards: ExitStack) -> Any:
    nodes = [
        (f"{name}.{path}" if path else name, node, dict(vars(node)))
        for name, tree in found.trees.items()
        for path, node in walk(tree)
        if isinstance(node, Tree)
    ]

    def changed() -> Iterator[tuple[str, Tree, str]]:
        for path, node, before in nodes:
            now = vars(node)
            for name in (now.keys() | before.keys()) - {"training"}:  # a mode may be set inside
                if name not in now or name not in before or now[name] is not before[name]:
                    yield path, node, name

    def put_back() -> None:
        for _, node, _ in list(changed()):
            before = next(known for _, other, known in nodes if other is node)
            mode = {name: x for name, x in vars(node).items() if name == "training"}
            vars(node).clear()
            vars(node).update(before | mode)

    def refuse() -> None:
        for path, _, name in changed():
            raise CompileError(
                f"compile: {path}.{name} is set while the page is written, once and for all.\n"
                "  Return the value and set it after the call, or make it a Buffer and assign its\n"
                "  elements: the page then does that at each call."
            )

    afterwards.callback(put_back)
    return refuse
