"""Functions as source of their own, for files that need NumPy alone."""

from __future__ import annotations

import ast
import builtins
import inspect
import math
from textwrap import dedent
from types import FunctionType
from typing import Any

import numpy as np

from ..errors import CompileError
from ..optim.schedules import Schedule
from .chains import globals_of

__all__ = ["Sources"]

_KNOWN = {"np": np, "math": math}


class Sources:
    """Definitions of functions and of what they name, each written once, before it is called.

    Attributes
    ----------
    definitions : dict of str to str
        By name.
    """

    def __init__(self) -> None:
        self.definitions: dict[str, str] = {}

    def define(self, name: str, function: Any) -> None:
        """Write a function, and all that it names.

        Raises
        ------
        CompileError
            If it is no function made by `def`, or names anything but functions, numbers and NumPy.
        """
        if not isinstance(function, FunctionType) or function.__closure__:
            raise _refusal(name)
        try:
            (tree,) = ast.parse(dedent(inspect.getsource(function))).body
        except (OSError, SyntaxError):  # typed at a prompt, or a lambda
            raise _refusal(name) from None
        if not isinstance(tree, ast.FunctionDef):
            raise _refusal(name)
        for word in globals_of(function.__code__):
            if word not in self.definitions and not hasattr(builtins, word):
                self._define_named(word, function.__globals__.get(word))
        self.add(name, ast.unparse(_bare(tree, name)))

    def add(self, name: str, text: str) -> None:
        """Add a definition that is written already."""
        self.definitions[name] = f"\n\n{text}\n\n"

    def _define_named(self, word: str, value: Any) -> None:
        if _KNOWN.get(word) is value is not None:
            return
        if isinstance(value, int | float):
            self.definitions[word] = f"{word} = {value!r}"
        elif value is not None and getattr(math, word, None) is value:
            self.definitions[word] = f"{word} = math.{word}"
        else:
            self.define(word, value)

    def rate(self, rate: Any, step: str) -> str:
        """A learning rate or a schedule at a step, as an expression; errors as `define` has."""
        if not callable(rate):
            return repr(rate)
        formula, options = rate, {}
        if isinstance(rate, Schedule):
            formula, options = rate.formula, rate.arguments
        name = f"_{getattr(formula, '__name__', 'rate')}"
        self.define(name, formula)
        written = (f"{key}={self._option(value)}" for key, value in options.items())
        return f"float({name}({', '.join([step, *written])}))"

    def _option(self, value: Any) -> str:
        return f"lambda step: {self.rate(value, 'step')}" if callable(value) else repr(value)


def _bare(tree: ast.FunctionDef, name: str) -> ast.FunctionDef:
    """A definition under this name, without decorators, annotations and docstring."""
    tree.name, tree.decorator_list, tree.returns = name, [], None
    for part in ast.walk(tree):
        if isinstance(part, ast.arg):
            part.annotation = None
    if ast.get_docstring(tree) is not None:
        del tree.body[0]
    return tree


def _refusal(name: str) -> CompileError:
    return CompileError(
        f"save: the page calls {name}, a function that cannot be written to a file.\n"
        "  Define it by `def` at the head of a module, and let it use NumPy alone."
    )
