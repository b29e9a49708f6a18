"""Which classes a file may name: those of `glasswork.nn`, and those that were registered here."""

from __future__ import annotations

from typing import TypeVar

from .. import nn
from ..errors import DataError, OptionError
from ..nn.module import Module

__all__ = ["class_named", "is_own", "name_of", "register"]

Class = TypeVar("Class", bound=type[Module])

_registered: dict[str, type[Module]] = {}


def register(cls: Class) -> Class:
    """Let `load` make modules of this class of yours; also a decorator.

    Parameters
    ----------
    cls : a subclass of Module
        Files name it by its name alone. Its constructor keeps each argument that loading has to
        pass again as an attribute of the same name.

    Raises
    ------
    OptionError
        If it is no subclass of Module, or its name is taken by another class.

    Examples
    --------
    >>> from glasswork.nn import Module
    >>> from glasswork.saving.descriptions import build, describe
    >>> @register
    ... class Shift(Module):
    ...     def __init__(self, amount):
    ...         self.amount = amount
    >>> build(describe(Shift(3))).amount
    3
    """
    if not _is_module(cls):
        raise OptionError(f"register: {cls!r} is no subclass of Module.\n  Pass the class itself.")
    known = _find(cls.__name__)
    if known and _origin(known) != _origin(
        cls
    ):  # defined anew, as in a notebook, it replaces itself
        raise OptionError(
            f"register: the name {cls.__name__} is taken.\n"
            f"  It stands for {_origin(known)}; this is {_origin(cls)}.\n"
            "  Rename your class, for files know classes by their names."
        )
    _registered[cls.__name__] = cls
    return cls


def name_of(cls: type[Module]) -> str:
    """The name under which a file has this class.

    Raises
    ------
    OptionError
        If loading would not find the class by its name.
    """
    if _find(cls.__name__) is not cls:
        raise OptionError(
            f"save: the class {_origin(cls)} is not registered.\n"
            "  Loading makes classes of glasswork.nn and registered ones, and no others.\n"
            f"  Write @glasswork.register above class {cls.__name__}."
        )
    return cls.__name__


def class_named(name: str) -> type[Module]:
    """The class that a file means by `name`; DataError if no known class has this name."""
    if cls := _find(name):
        return cls
    raise DataError(
        f"the class {name!r:.100} is not known here.\n"
        f"  Known are those of glasswork.nn, and registered: {', '.join(_registered) or 'none'}.\n"
        "  Define or import it, with @glasswork.register above it, before loading."
    )


def is_own(cls: type[Module]) -> bool:
    """Whether the class is one of Glasswork's."""
    return cls.__name__ not in _registered


def _find(name: str) -> type[Module] | None:
    known = getattr(nn, name) if name in nn.__all__ else None
    return known if _is_module(known) else _registered.get(name)


def _is_module(thing: object) -> bool:
    return isinstance(thing, type) and issubclass(thing, Module)


def _origin(cls: type) -> str:
    return f"{cls.__module__}.{cls.__qualname__}"
