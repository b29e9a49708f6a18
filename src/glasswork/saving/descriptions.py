"""How a module is made, in words that JSON has, and the module made from them again.

A module is its class, the arguments that it keeps, and what was passed as *arguments:

    {"class": "Linear", "config": {"input_neurons": 2, "output_neurons": 3, "bias": true, …}}
    {"class": "Sequential", "children": [ … ]}
    {"shared": 0}

Modules are numbered in the order in which they are complete, what is in "config" before what is in
"children". A module that is used again is its number; a tensor that is used again is written where
it is used, by the number and the name where it was first:

    {"class": "Linear", "config": { … }, "tied": {"weights": [0, "weights"]}}

The outermost module says besides which paths are in eval mode, and which are frozen:

    {"class": "Sequential", "children": [ … ], "eval": ["", "0", "1"], "frozen": ["0.weights"]}
"""

from __future__ import annotations

import math
from inspect import BoundArguments, signature
from inspect import Parameter as Argument
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from ..errors import DataError, OptionError
from ..nn.module import Module
from ..nn.parameter import Buffer, Parameter
from .classes import class_named, is_own, name_of
from .values import check_size, decode, encode

__all__ = ["build", "describe"]

FIRST_VALUES = {"initializer", "rng"}  # arguments that matter to a new module only
SMALL = 1 << 16  # a number that may stand in any description


def describe(module: Module) -> dict[str, Any]:
    """How to make a module like this one, as JSON can hold it.

    Raises
    ------
    OptionError
        If it cannot be told: a class is not registered, a needed argument is not kept, or one is
        something else than numbers, text, None, dtypes, arrays, modules, and containers of such.

    Examples
    --------
    >>> from glasswork.nn import ReLU, Sequential, Softmax
    >>> describe(Sequential(ReLU(), Softmax()).eval())["children"]
    [{'class': 'ReLU'}, {'class': 'Softmax', 'config': {'axis': -1}}]
    """
    try:
        after = {
            "eval": [path for path, part in module.named_modules() if not part.training],
            "frozen": [path for path, part in module.named_parameters() if not part.requires_grad],
        }
        node = _Describer().module(module)
    except RecursionError:
        raise OptionError(
            f"save: {type(module).__name__} contains itself, or is nested too deeply.\n"
            "  A file holds a tree of at most a hundred levels."
        ) from None
    return node | {name: paths for name, paths in after.items() if paths}


def build(description: Any, elements: int | None = None) -> Module:
    """Make the module that a description tells of.

    Parameters
    ----------
    description : dict
        From `describe`, or from a stranger: only known classes are made.
    elements : int, optional
        How many elements its tensors have together, where their values are at hand. Then no
        first values are drawn, and what is larger is refused before it takes memory.

    Raises
    ------
    DataError
        If there is no such module.

    Examples
    --------
    >>> build({"class": "Softmax", "config": {"axis": 0}}).axis
    0
    """
    try:
        module = _Builder(elements).module(description)
        _restore(module, description)
    except DataError:
        raise
    except Exception as error:
        raise DataError(
            "the description of the module cannot be followed.\n"
            f"  {type(error).__name__}: {error!s:.300}\n"
            "  It was not written by glasswork.save, or changed since."
        ) from error
    return module


class _Describer:
    """Puts modules into words, each module and tensor once."""

    def __init__(self) -> None:
        self.met: list[Module] = []  # kept, so that no other takes the identity of one
        self.numbers: dict[int, int] = {}
        self.places: dict[int, tuple[int, str]] = {}

    def module(self, module: Module) -> dict[str, Any]:
        if id(module) in self.numbers:
            return {"shared": self.numbers[id(module)]}
        cls = type(module)
        name, star = name_of(cls), _star(cls)
        config = {k: v for k, v in module.configuration().items() if k not in FIRST_VALUES}
        _check_kept(cls, config)
        rest = config.pop(star, ())
        node = {
            "class": name,
            "config": {k: encode(v, f"{name}.{k}", self.module) for k, v in config.items()},
            "children": [encode(v, f"{name}.{star}", self.module) for v in rest],
            "tied": self.ties(module),
        }
        self.numbers[id(module)] = len(self.met)
        self.met.append(module)
        return {key: part for key, part in node.items() if part}

    def ties(self, module: Module) -> dict[str, tuple[int, str]]:
        number = len(self.met)
        firsts = {k: self.places.setdefault(id(t), (number, k)) for k, t in _tensors(module)}
        return {name: first for name, first in firsts.items() if first != (number, name)}


class _Builder:
    """Makes modules from words, each module and tensor once."""

    def __init__(self, elements: int | None) -> None:
        self.draws = elements is None
        self.elements = math.inf if elements is None else elements
        self.used = 0
        self.made: list[Module] = []

    def module(self, node: dict[str, Any]) -> Module:
        if "shared" in node:
            return self.made[int(node["shared"])]
        cls = class_named(node["class"])
        largest = max(self.elements, SMALL) if is_own(cls) else math.inf
        config = {k: decode(v, self.module, largest) for k, v in node.get("config", {}).items()}
        if "children" in node:
            config[_star(cls)] = decode(node["children"], self.module, largest)
        module = self.construct(cls, config)
        self.made.append(module)
        self.tie(module, node.get("tied", {}))
        return module

    def tie(self, module: Module, tied: dict[str, list[Any]]) -> None:
        for name, tensor in _tensors(module):
            if name in tied:
                number, first = tied[name]
                setattr(module, name, dict(_tensors(self.made[number]))[first])
            else:
                self.used += tensor.size
        check_size(self.used, self.elements)

    def construct(self, cls: type[Module], config: dict[str, Any]) -> Module:
        takes = signature(cls)
        if unknown := config.keys() - takes.parameters.keys():
            raise DataError(
                f"{cls.__name__} takes no argument {', '.join(map(repr, unknown)):.100}.\n"
                f"  It takes {takes}.\n"
                "  The file was written with another version of the class."
            )
        if "initializer" in takes.parameters and is_own(cls) and not self.draws:
            config["initializer"] = self.blank
        arguments = BoundArguments(takes, config)
        return cls(*arguments.args, **arguments.kwargs)

    def blank(self, shape: tuple[int, ...], rng: object, dtype: DTypeLike) -> NDArray[Any]:
        """Hold the place of values that are at hand: an initializer that draws nothing."""
        check_size(math.prod(shape), self.elements)
        return np.zeros(shape, dtype)


def _star(cls: type) -> str:
    """The name of *arguments in the constructor of a class, or "" if it has none."""
    taken = signature(cls).parameters.values()
    return next((a.name for a in taken if a.kind is Argument.VAR_POSITIONAL), "")


def _check_kept(cls: type[Module], config: dict[str, Any]) -> None:
    """Refuse a module whose constructor could not be called again."""
    for name, argument in signature(cls).parameters.items():
        optional = argument.default is not Argument.empty or argument.kind is Argument.VAR_KEYWORD
        if name not in config and not optional:
            raise OptionError(
                f"save: {cls.__name__} does not keep its argument {name!r}.\n"
                f"  Loading has to call {cls.__name__}{signature(cls)} again.\n"
                f"  Add self.{name} = {name} to its __init__."
            )


def _tensors(module: Module) -> list[tuple[str, Parameter | Buffer]]:
    """The attributes whose values are in the state."""
    kinds = Parameter | Buffer
    return [(name, part) for name, part in vars(module).items() if isinstance(part, kinds)]


def _restore(module: Module, description: dict[str, Any]) -> None:
    """Bring about what came after the constructor: modes, and frozen parameters."""
    evaluating, frozen = set(description.get("eval", ())), set(description.get("frozen", ()))
    for path, part in module.named_modules():
        part.training = path not in evaluating
    for path, parameter in module.named_parameters():
        parameter.requires_grad = path not in frozen
