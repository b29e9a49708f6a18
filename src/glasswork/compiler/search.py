"""The search: whatever a function can reach by the names in its code, and how it is read again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from operator import getitem
from sys import stdlib_module_names
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType, NoneType
from typing import Any, NamedTuple

import numpy as np

from ..nn.tree import Tree, walk
from ..optim import Optimizer
from ..tensor import Tensor
from .chains import chains, words

__all__ = ["Captured", "Read", "Search", "value_of"]

DEPTH = 6  # attributes of attributes
PLAIN = (int, float, str, np.generic, NoneType)
FUNCTIONS = (FunctionType, MethodType, partial)
FIXED = (*FUNCTIONS, BuiltinFunctionType, np.ufunc, np.random.Generator, type)

Read = partial[Any]
Reached = tuple[str, Any, Read | None]


class Captured(NamedTuple):
    """An array that a function takes from around it, and where it is found at each call."""

    name: str
    array: np.ndarray
    read: Callable[[], Any]


class Search:
    """A walk through whatever a function can reach, each thing once.

    Followed are the variables that it names and their attributes, as it names them; what is in
    lists, tuples and dicts; networks; the functions and methods among all that. Of objects that are
    passed on in variables of functions, the attributes that are named by any.

    Attributes
    ----------
    found : dict of str to Tree, Optimizer or Tensor
    captured : dict of int to Captured
        Arrays, by identity.
    generators : list of Generator
    roots : dict of (int, str) to (callable, object)
        How each of these, numbers, words, functions, and what they were found in, are read again.
    holders : dict of int to (str, list, dict or cell)
        Whatever may be changed by a function, by identity.
    words : set of str
        The attributes and keys of what is no variable with a value.
    """

    def __init__(self, words: set[str]) -> None:
        self.found: dict[str, Any] = {}
        self.captured: dict[int, Captured] = {}
        self.generators: list[np.random.Generator] = []
        self.roots: dict[Any, tuple[Read, Any]] = {}
        self.holders: dict[int, tuple[str, Any]] = {}
        self.words = {*words}
        self._seen: dict[Any, bool] = {}  # whether there was anything of use in it

    def look(
        self,
        name: str,
        value: Any,
        read: Read | None,
        depth: int = DEPTH,
        attributes: Sequence[str] = (),
    ) -> None:
        """Note a value and look into it, at an attribute of it, at an attribute of that, …

        What nobody can put another in place of has no `read`.
        """
        before, plain = self._size(), _is_plain(value)
        if not plain and id(value) not in self._seen:
            self._seen[id(value)] = isinstance(value, FIXED)
            self._note(name, value, read, depth)
        if attributes:
            inner = self._attribute(value, attributes[0], depth)
            if inner is None:
                self.words.update(attributes[1:])
            else:
                self.look(*inner, depth - 1, attributes[1:])
        of_use = plain or self._seen[id(value)] or self._size() > before
        if not plain:
            self._seen[id(value)] = of_use
        if of_use and read is not None and not isinstance(value, np.ndarray):
            self.roots[id(read.args[0]), read.args[1]] = read, value

    def _size(self) -> int:
        return len(self.found) + len(self.captured) + len(self.generators) + len(self.roots)

    def _note(self, name: str, value: Any, read: Read | None, depth: int) -> None:
        if isinstance(value, np.ndarray):
            self.captured[id(value)] = Captured(name, value, read or partial(_same, value))
        elif isinstance(value, np.random.Generator):
            self.generators.append(value)
        elif isinstance(value, Tree | Optimizer | Tensor):
            while name in self.found:
                name += "_"
            self.found[name] = value
            if isinstance(value, Tree):
                self._look_through(value, depth)
        elif depth:
            for inner, part, reread in self._parts(name, value, depth):
                self.look(inner, part, reread, depth - 1)

    def _look_through(self, tree: Tree, depth: int) -> None:
        """Note what a network's modules hold beside tensors, which are found by their paths."""
        nodes = [node for _, node in walk(tree)]
        self._seen |= {id(node): True for node in nodes}
        trees = [node for node in nodes if isinstance(node, Tree)]
        for node in trees:
            for name, part in list(vars(node).items()):
                if isinstance(part, np.ndarray):
                    self.look(name, part, partial(getattr, node, name))
                elif isinstance(part, FUNCTIONS):
                    self.look(name, part, None, depth)
        for node in trees:
            self._look_at_named(node, depth)

    def _parts(self, name: str, value: Any, depth: int) -> Iterator[Reached]:
        if isinstance(value, list | tuple | dict):
            if not isinstance(value, tuple):
                self.holders[id(value)] = name, value
            for key, part in value.items() if isinstance(value, dict) else enumerate(value):
                if not _is_plain(part) or key in self.words:
                    yield f"{name}_{key}", part, partial(getitem, value, key)
        elif isinstance(value, partial):
            yield "function", value.func, None
            for key, part in [*enumerate(value.args), *value.keywords.items()]:
                yield f"argument_{key}", part, None
        elif isinstance(value, MethodType):
            yield "self", value.__self__, None
            self.look_into(value.__func__, value.__self__, depth)
        elif isinstance(value, FunctionType):
            self.look_into(value, None, depth)
        elif hasattr(value, "__wrapped__"):  # as a compiled function has
            yield "function", value.__wrapped__, None
        else:
            self._look_at_named(value, depth)

    def look_into(self, function: Any, owner: Any = None, depth: int = DEPTH) -> None:
        """Look at what the code of a function names; it may be a method of an owner."""
        key = id(function), id(owner)
        if key in self._seen or (self._seen and _is_ours(function)):
            return
        self._seen[key] = True
        code, around = function.__code__, function.__globals__
        for name, cell in zip(code.co_freevars, function.__closure__ or (), strict=True):
            self.holders[id(cell)] = name, cell
        self.holders[id(around)] = "", around
        ours = _is_ours(function)  # nobody puts another value into what it names
        variables = {name: (x, None if ours else read) for name, (x, read) in _closure(function)}
        if owner is not None and code.co_varnames:
            variables.setdefault(code.co_varnames[0], (owner, None))
        self.words |= words(code)
        for name, is_global, attributes in chains(code):
            if is_global and name in around:
                read = None if ours else partial(getitem, around, name)
                self.look(name, around[name], read, depth - 1, attributes)
            elif not is_global and name in variables:
                self.look(name, *variables[name], depth - 1, attributes)
            else:
                self.words.update(attributes)
        for value in (*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()):
            self.look("default", value, None, depth - 1)

    def _look_at_named(self, value: Any, depth: int) -> None:
        """Look at the attributes of an object of the user's that any function names."""
        if not _is_foreign(value) and not _is_foreign(type(value)):
            if type(own := getattr(value, "__dict__", None)) is dict:
                self.holders[id(own)] = type(value).__name__, own
            for name in sorted(self.words & set(dir(value))):
                inner = self._attribute(value, name, depth)
                if inner is not None:
                    self.look(*inner, depth - 1)

    def _attribute(self, value: Any, name: str, depth: int) -> Reached | None:
        """An attribute of what is the user's; a method is looked into, and not given."""
        if depth <= 0 or _is_foreign(value) or isinstance(value, Optimizer | Tensor):
            return None
        own = getattr(value, "__dict__", {})
        if name in own:  # what a module holds cannot change unnoticed
            return name, own[name], None if isinstance(value, Tree) else partial(_own, value, name)
        kinds = [kind for kind in type(value).__mro__ if name in vars(kind)]
        parts = [vars(kind)[name] for kind in kinds if not _is_foreign(kind)]
        methods = [part.fget if isinstance(part, property) else part for part in parts]
        methods = [method for method in methods if isinstance(method, FunctionType)]
        for method in methods:  # what it overrides may be asked for by super()
            self.look_into(method, value, depth)
        found = getattr(value, name, None) if parts and not methods else None
        if found is None or isinstance(found, BuiltinFunctionType):  # which is bound anew each time
            return None
        return name, found, partial(getattr, value, name, None)


def _closure(function: FunctionType) -> Iterator[tuple[str, tuple[Any, Read | None]]]:
    """The variables of the functions around it."""
    cells = function.__closure__ or ()
    for name, cell in zip(function.__code__.co_freevars, cells, strict=True):
        try:
            yield name, (cell.cell_contents, partial(getattr, cell, "cell_contents"))
        except ValueError:  # not assigned yet
            continue


def value_of(found: Any) -> Any:
    """What a page is written for, of something that was found; nothing, if it is not."""
    if _is_plain(found):
        return type(found), found
    return id(found) if isinstance(found, FIXED) else None


def _is_plain(value: Any) -> bool:
    """Whether this is a number, a word or None, or a tuple of them."""
    return isinstance(value, PLAIN) or (type(value) is tuple and all(map(_is_plain, value)))


def _same(value: Any) -> Any:
    return value


def _own(owner: Any, name: str) -> Any:
    return vars(owner)[name]


def _is_ours(function: Any) -> bool:
    return str(getattr(function, "__module__", "")).startswith("glasswork.")


def _is_foreign(value: Any) -> bool:
    """Whether this belongs to Python, to NumPy, to us or to others: it has no networks of users."""
    if isinstance(value, ModuleType):
        root, path = value.__name__.partition(".")[0], getattr(value, "__file__", None)
        return root in {"glasswork", *stdlib_module_names} or "-packages" in (path or "-packages")
    kind = value if isinstance(value, type) else type(value)
    own = "glasswork" if isinstance(value, type) else "glasswork.compiler"
    names = (f"{kind.__module__}.", "builtins.", "numpy.", "functools.", f"{own}.")
    return names[0].startswith(names[1:])
