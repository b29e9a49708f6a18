"""Chains: what the code of a function names, and which attributes of it one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from dis import Instruction, get_instructions
from functools import lru_cache
from types import CodeType
from typing import NamedTuple

__all__ = ["Chain", "chains", "globals_of", "words"]

_GLOBAL = ("LOAD_GLOBAL", "LOAD_NAME")
_LOCAL = ("LOAD_FAST", "LOAD_DEREF", "LOAD_CLASSDEREF", "LOAD_FROM_DICT_OR")  # and what has them


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
        *before, chain = _begun(step)
        yield from before
    for part in code.co_consts:
        if isinstance(part, CodeType):
            yield from chains(part)


def _begun(step: Instruction) -> list[Chain]:
    """The chains that an instruction begins: two, if it loads two variables at once."""
    if step.opname == "LOAD_SUPER_ATTR":
        return [Chain("", False, [step.argval])]
    if step.opname in _GLOBAL:
        return [Chain(step.argval, True, [])]
    names = step.argval if any(local in step.opname for local in _LOCAL) else ""
    return [Chain(name, False, []) for name in (names if isinstance(names, tuple) else [names])]


def _texts(code: CodeType) -> Iterator[str]:
    for part in code.co_consts:
        if isinstance(part, CodeType):
            yield from _texts(part)
        elif isinstance(part, str):
            yield part
