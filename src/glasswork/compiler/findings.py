"""What a function works with: the networks, optimizers, tensors and arrays that it can reach.

Looked into are its closure, the globals and defaults that it names, the object that it is a method
of, and whatever hangs on these.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from types import FunctionType
from typing import Any

from ..nn.tree import Tree, walk
from ..optim import Optimizer
from ..optim.lanes import Slot
from ..tensor import Tensor
from .flat import Home, home_of
from .search import Search, value_of

__all__ = ["Found", "alike"]


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
        How all of this is reached, and what it is.
    fixed : tuple
        What a page is written for, beside tensors and arrays: numbers and words by their values,
        functions and generators by identity.
    holders : list of (str, list, dict or cell)
        What a function may change beside tensors, with its name.
    words : set of str
        What the functions name: a start for the next search.
    """

    def __init__(self, function: Callable[..., Any], words: Collection[str] = ()) -> None:
        self.words = {"forward", "__call__", *words}
        while True:  # until no function is found that names something else
            search = Search(self.words)
            if isinstance(function, FunctionType):
                search.look_into(function)
            else:
                search.look("self", function, None)
            if search.words == self.words:
                break
            self.words = search.words
        self.trees = {n: x for n, x in search.found.items() if isinstance(x, Tree)}
        self.optimizers = [x for x in search.found.values() if isinstance(x, Optimizer)]
        self.roots = list(search.roots.values())
        self.fixed = tuple(filter(None, (value_of(found) for _, found in self.roots)))
        self.captured = search.captured
        self.generators = search.generators
        self.holders = list(search.holders.values())
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
