"""What a function works with: the networks, optimizers, tensors and arrays that it can reach.

Looked into are its closure, the globals and defaults that it names, the object that it is a method
of, and whatever hangs on these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dis import get_instructions
from functools import partial
from operator import getitem
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any, NamedTuple

import numpy as np

from ..nn.tree import Tree, walk
from ..optim import Optimizer
from ..optim.lanes import Slot
from ..tensor import Tensor
from .flat import Home, home_of

__all__ = ["Captured", "Found", "alike", "globals_of"]

DEPTH = 4  # attributes of attributes

Read = Callable[[], Any]


class Captured(NamedTuple):
    """An array that a function takes from around it, and where it is found at each call."""

    name: str
    array: np.ndarray
    read: Read


class Found:
    """What a function works with.

    Attributes
    ----------
    trees : dict of str to Tree
        Networks and losses, by the names that the function has for them.
    optimizers : list of Optimizer
    tensors : dict of str to Tensor
        By paths such as "model.0.weights".
    homes : list of Home
        The vectors of what the optimizers move.
    loose : dict of str to Tensor
        The tensors that are in no home.
    captured : dict of int to Captured
        Arrays, by identity.
    generators : list of Generator
    roots : list of (callable, object)
        How each network, optimizer and tensor is reached, and which it is.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        search = _Search()
        for name, value, read in _reached(function):
            search.look(name, value, read, DEPTH)
        self.trees = {n: x for n, x in search.found.items() if isinstance(x, Tree)}
        self.optimizers = [x for x in search.found.values() if isinstance(x, Optimizer)]
        self.roots = search.roots
        self.captured = search.captured
        self.generators = search.generators
        tensors = {id(x): (n, x) for n, x in search.found.items() if isinstance(x, Tensor)}
        for name, tree in self.trees.items():
            for path, node in walk(tree):
                if isinstance(node, Tensor):
                    tensors.setdefault(id(node), (f"{name}.{path}", node))
        for i, optimizer in enumerate(self.optimizers):
            for j, tensor in enumerate(optimizer.parameters):
                tensors.setdefault(id(tensor), (f"parameter_{i}_{j}", tensor))
        self.tensors = {name: tensor for name, tensor in tensors.values() if tensor.op is None}
        self.homes = _homes(self.optimizers)
        at_home = {id(slot.tensor) for home in self.homes for slot in home.slots}
        self.loose = {name: t for name, t in self.tensors.items() if id(t) not in at_home}


def _homes(optimizers: Sequence[Optimizer]) -> list[Home]:
    """A home for each run of parameters; one that lives with another optimizer lodges there."""
    homes: list[Home] = []
    hosts: dict[int, tuple[Home, int]] = {}
    for optimizer in optimizers:
        known = {**hosts}

        def kind(slot: Slot, known: dict[int, Any] = known) -> Any:
            return slot.tensor.dtype, id(slot.tensor) in known and slot

        for lane in optimizer._lanes:
            for slots in alike(lane.slots, lane.in_strips, kind):
                home = home_of(slots, known.get(id(slots[0].tensor)))
                homes.append(home)
                for i, slot in enumerate(slots):
                    hosts.setdefault(id(slot.tensor), (home, i))
    return homes


def alike(slots: Sequence[Slot], together: bool, key: Callable[[Slot], Any]) -> list[list[Slot]]:
    """Slots in runs of the same key; each alone, if a rule does not take elements one by one."""
    runs: list[list[Slot]] = []
    for slot in slots:
        if together and runs and key(runs[-1][-1]) == key(slot):
            runs[-1].append(slot)
        else:
            runs.append([slot])
    return runs


def _reached(function: Any) -> Iterator[tuple[str, Any, Read]]:
    """What a function has around it: name, value, and how it is read again."""
    if isinstance(function, partial):
        yield from _reached(function.func)
        parts = [*enumerate(function.args), *function.keywords.items()]
        yield from ((f"argument_{key}", value, _always(value)) for key, value in parts)
    elif isinstance(function, MethodType):
        owner = function.__self__
        yield "self", owner, _always(owner)
        yield from _reached(function.__func__)
    elif isinstance(function, FunctionType):
        for name, cell in zip(
            function.__code__.co_freevars, function.__closure__ or (), strict=True
        ):
            try:
                yield name, cell.cell_contents, partial(getattr, cell, "cell_contents")
            except ValueError:  # not assigned yet
                continue
        around = function.__globals__
        for name in globals_of(function.__code__):
            if name in around:
                yield name, around[name], partial(getitem, around, name)
        defaults = [
            *enumerate(function.__defaults__ or ()),
            *(function.__kwdefaults__ or {}).items(),
        ]
        yield from ((f"default_{key}", value, _always(value)) for key, value in defaults)
    else:
        yield "self", function, _always(function)


def _always(value: Any) -> Read:
    """What reads a value that nobody can put another in place of."""
    return lambda: value


def globals_of(code: CodeType) -> Iterator[str]:
    """The globals that code names, in the functions within it too."""
    for step in get_instructions(code):
        if step.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
            yield step.argval
    for part in code.co_consts:
        if isinstance(part, CodeType):
            yield from globals_of(part)


class _Search:
    """A walk through whatever can be reached, each thing once."""

    def __init__(self) -> None:
        self.found: dict[str, Any] = {}
        self.roots: list[tuple[Read, Any]] = []
        self.captured: dict[int, Captured] = {}
        self.generators: list[np.random.Generator] = []
        self._seen: set[int] = set()

    def look(self, name: str, value: Any, read: Read, depth: int) -> None:
        """Note a value, and look into it."""
        if id(value) in self._seen or isinstance(value, ModuleType):
            return
        self._seen.add(id(value))
        if isinstance(value, Tree | Optimizer | Tensor):
            self._note(name, value)
            self.roots.append((read, value))
        if isinstance(value, Tree):
            self._look_through(value)
        elif isinstance(value, np.random.Generator):
            self.generators.append(value)
        elif isinstance(value, np.ndarray):
            self.captured[id(value)] = Captured(name, value, read)
        elif depth and not isinstance(value, Optimizer | Tensor):
            for inner, part, reread in self._parts(name, value):
                self.look(inner, part, reread, depth - 1)

    def _look_through(self, tree: Tree) -> None:
        """Note the arrays that a network's modules hold; its tensors are found by their paths."""
        for _, node in walk(tree):
            self._seen.add(id(node))
            for name, part in vars(node).items() if isinstance(node, Tree) else ():
                if isinstance(part, np.ndarray):
                    read = partial(getattr, node, name)
                    self.captured[id(part)] = Captured(name, part, read)

    def _note(self, name: str, value: Any) -> None:
        while name in self.found:
            name += "_"
        self.found[name] = value

    @staticmethod
    def _parts(name: str, value: Any) -> Iterator[tuple[str, Any, Read]]:
        if isinstance(value, list | tuple | dict):
            for key, part in value.items() if isinstance(value, dict) else enumerate(value):
                yield f"{name}_{key}", part, partial(getitem, value, key)
        elif isinstance(value, FunctionType | MethodType | partial):
            if not str(getattr(value, "__module__", "")).startswith("glasswork."):
                yield from _reached(value)
        elif hasattr(value, "__wrapped__"):  # as a compiled function has
            yield from _reached(value.__wrapped__)
        elif hasattr(value, "__dict__") and not _is_foreign(value):
            for key, part in list(vars(value).items()):
                yield key, part, partial(_attribute, value, key)


def _attribute(owner: Any, name: str) -> Any:
    return vars(owner)[name]


def _is_foreign(value: Any) -> bool:
    """Whether this belongs to Python, to NumPy or to us, where no networks of the user's are."""
    kind = value if isinstance(value, type) else type(value)
    own = "glasswork" if isinstance(value, type) else "glasswork.compiler"
    names = (f"{kind.__module__}.", "builtins.", "numpy.", "functools.", f"{own}.")
    return names[0].startswith(names[1:])
