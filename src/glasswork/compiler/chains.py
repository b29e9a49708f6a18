"""Chains: what the code of a function names, and which attributes of it one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from dis import get_instructions
from functools import lru_cache
from types import CodeType
from typing import NamedTuple

__all__ = ["Chain", "chains", "globals_of", "words"]

_GLOBAL = ("LOAD_GLOBAL", "LOAD_NAME")
_LOCAL = ("LOAD_FAST", "LOAD_DEREF", "LOAD_CLASSDEREF", "LOAD_FROM_DICT_OR")


class Chain(NamedTuple):
    """A variable, and attributes: `self.model.loss` is ("self", ["model", "loss"])."""

    name: str
    is_global: bool
    attributes: list[str]


@lru_cache(maxsize=1024)
def chains(code: CodeType) -> list[Chain]:
    """All chains in code, and in the functions within it."""
    return list(_chains(code))


@lru_cache(maxsize=1024)
def words(code: CodeType) -> frozenset[str]:
    """The keys that code may look up in dicts, and the attributes of what is no variable."""
    loose = (chain.attributes for chain in chains(code) if not chain.name)
    return frozenset(word for part in loose for word in part) | frozenset(_texts(code))


def globals_of(code: CodeType) -> Iterator[str]:
    """The globals that code names."""
    return (chain.name for chain in chains(code) if chain.is_global)


def _chains(code: CodeType) -> Iterator[Chain]:
    chain = Chain("", False, [])
    for step in get_instructions(code):
        if step.opname in ("LOAD_ATTR", "LOAD_METHOD"):
            chain.attributes.append(step.argval)
            continue
        if chain.name or chain.attributes:
            yield chain
        local = step.opname.startswith(_LOCAL)
        everywhere = step.opname in _GLOBAL
        named = step.argval if local or everywhere else ""
        name = named[-1] if isinstance(named, tuple) else named  # of two that are loaded at once
        chain = Chain(name, everywhere, [])
    for part in code.co_consts:
        if isinstance(part, CodeType):
            yield from chains(part)


def _texts(code: CodeType) -> Iterator[str]:
    for part in code.co_consts:
        if isinstance(part, CodeType):
            yield from _texts(part)
        elif isinstance(part, str):
            yield part
