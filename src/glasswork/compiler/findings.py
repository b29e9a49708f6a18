"""What a function works with: the networks, optimizers and tensors that it can reach.

Looked into are its closure, the globals and defaults that it names, the object that it is a method
of, and whatever hangs on these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

from ..nn.tree import Tree, walk
from ..optim import Optimizer
from ..optim.lanes import Slot
from ..tensor import Tensor
from .flat import home_of

__all__ = ["Found", "alike"]

DEPTH = 4  # attributes of attributes


class Found:
    """The tensors and optimizers that a function works with, and their places.

    Attributes
    ----------
    names : dict of Tensor to str
        Paths, such as "model.0.weights", by identity.
    homes : list of Home
        The vectors of what the optimizers move.
    loose : list of Tensor
        All tensors that are in no home.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        roots = _findings(function)
        self.trees = {name: root for name, root in roots.items() if isinstance(root, Tree)}
        self.optimizers = [root for root in roots.values() if isinstance(root, Optimizer)]
        tensors = {
            id(root): (name, root) for name, root in roots.items() if isinstance(root, Tensor)
        }
        for name, tree in self.trees.items():
            for path, node in walk(tree):
                if isinstance(node, Tensor):
                    tensors[id(node)] = (f"{name}.{path}", node)
        for i, optimizer in enumerate(self.optimizers):
            for j, tensor in enumerate(optimizer.parameters):
                tensors.setdefault(id(tensor), (f"parameter_{i}_{j}", tensor))
        self.tensors = {name: tensor for name, tensor in tensors.values() if tensor.op is None}
        self.homes = [
            home_of(slots)
            for optimizer in self.optimizers
            for lane in optimizer._lanes
            for slots in alike(lane.slots, lane.in_strips, lambda slot: slot.tensor.dtype)
        ]
        at_home = {id(slot.tensor) for home in self.homes for slot in home.slots}
        self.loose = {name: t for name, t in self.tensors.items() if id(t) not in at_home}


def alike(slots: Sequence[Slot], together: bool, key: Callable[[Slot], Any]) -> list[list[Slot]]:
    """Slots in runs of the same key; each alone, if a rule does not take elements one by one."""
    runs: list[list[Slot]] = []
    for slot in slots:
        if together and runs and key(runs[-1][-1]) == key(slot):
            runs[-1].append(slot)
        else:
            runs.append([slot])
    return runs


def _findings(function: Callable[..., Any]) -> dict[str, Tree | Optimizer | Tensor]:
    """Networks, optimizers and single tensors, by the names that the function has for them."""
    found: dict[int, tuple[str, Any]] = {}
    for name, value in _reached(function):
        _look(name, value, found, set(), DEPTH)
    return {name: value for name, value in found.values()}


def _reached(function: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(function, partial):
        yield from _reached(function.func)
        yield from ((f"argument_{i}", value) for i, value in enumerate(function.args))
        yield from function.keywords.items()
    elif isinstance(function, MethodType):
        yield "self", function.__self__
        yield from _reached(function.__func__)
    elif isinstance(function, FunctionType):
        cells = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
        for name, cell in cells:
            try:
                yield name, cell.cell_contents
            except ValueError:  # not assigned yet
                continue
        for name in _names(function.__code__):
            if name in function.__globals__:
                yield name, function.__globals__[name]
        yield from (function.__kwdefaults__ or {}).items()
        yield from ((f"default_{i}", value) for i, value in enumerate(function.__defaults__ or ()))
    else:
        yield "self", function


def _names(code: CodeType) -> Iterator[str]:
    """The globals that code names, in the functions within it too."""
    yield from code.co_names
    for part in code.co_consts:
        if isinstance(part, CodeType):
            yield from _names(part)


def _look(name: str, value: Any, found: dict[int, Any], seen: set[int], depth: int) -> None:
    if id(value) in seen or id(value) in found or isinstance(value, type | ModuleType):
        return
    seen.add(id(value))
    if isinstance(value, Tree | Optimizer | Tensor):
        found[id(value)] = (name, value)
    elif isinstance(value, list | tuple):
        for i, part in enumerate(value):
            _look(f"{name}_{i}", part, found, seen, depth)
    elif isinstance(value, dict) and depth:
        for key, part in value.items():
            _look(f"{name}_{key}", part, found, seen, depth - 1)
    elif isinstance(value, FunctionType | MethodType | partial) and depth:
        if not str(getattr(value, "__module__", "")).startswith("glasswork."):
            for inner, part in _reached(value):
                _look(inner, part, found, seen, depth - 1)
    elif hasattr(value, "__dict__") and depth and not _is_foreign(value):
        for inner, part in vars(value).items():
            _look(inner, part, found, seen, depth - 1)


def _is_foreign(value: Any) -> bool:
    """Whether this belongs to Python's or NumPy's own modules, which hold no networks."""
    return type(value).__module__.partition(".")[0] in ("builtins", "numpy", "types", "functools")
