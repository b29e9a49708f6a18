"""What is wrong almost everywhere, and what is said of it."""

from __future__ import annotations

from collections.abc import Callable
from inspect import Parameter, signature
from typing import Any

import numpy as np

import glasswork as gw
from glasswork.errors import GlassworkError

__all__ = ["X", "Y", "filled", "model", "run", "untold"]

X = np.random.default_rng(0).normal(size=(12, 4)).astype(np.float32)
Y = np.arange(12) % 3


def model() -> gw.Module:
    """A network for X and Y."""
    return gw.Sequential(gw.Linear(4, 8, rng=0), gw.ReLU(), gw.Linear(8, 3, rng=0))


WRONG: dict[str, Any] = {
    "an object": object(),
    "a text": "a",
    "bytes": b"x",
    "None": None,
    "a complex number": 1j,
    "nan": float("nan"),
    "a number below 0": -1,
    "a truth value": True,
    "words": ["a", "b"],
    "rows of unequal length": [[1], [1, 2]],
    "nothing": [],
    "a mapping": {"a": 1},
    "a function": lambda *inputs: None,
    "a class": gw.ReLU,
    "a network": model(),
    "an array of three axes": np.zeros((2, 3, 4)),
    "whole numbers": np.array([0, 1]),
    "an array of objects": np.array([object()]),
    "a tensor": gw.Tensor([1.0, 2.0, 3.0]),
}


def filled(call: Callable[..., Any], given: dict[str, Any]) -> dict[str, Any]:
    """All arguments by name: those given, the defaults of others, and a tensor where is none."""
    named = {
        name: parameter.default if parameter.default is not Parameter.empty else gw.Tensor(X)
        for name, parameter in signature(call).parameters.items()
        if parameter.kind not in (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)
    }
    return named | given


def run(call: Callable[..., Any], given: dict[str, Any]) -> None:
    """Call it, with what goes by position at its place."""
    kinds = {name: parameter.kind for name, parameter in signature(call).parameters.items()}
    named = filled(call, given)
    by_place = [name for name in named if kinds.get(name) is Parameter.POSITIONAL_ONLY]
    call(*[named.pop(name) for name in by_place], **named)


def untold(
    call: Callable[..., Any], given: dict[str, Any], argument: str, *further: type[Exception]
) -> list[str]:
    """What is wrong in the place of an argument, and is refused by an error that is none of ours.

    A file that is not there is told by the system.
    """
    found = []
    for what, value in WRONG.items():
        try:
            run(call, given | {argument: value})
        except (GlassworkError, OSError, *further):
            pass
        except Exception as error:  # noqa: BLE001 (which is what is looked for)
            found.append(f"{what}: {type(error).__name__}: {error}")
    return found
