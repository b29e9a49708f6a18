"""Spelling: what the values of a program are called on its page, and how calls are written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from .calls import KEY, MULTIPLY, Cast, Key, Method, Number, Ufunc, Whole
from .lines import Line
from .names import Names
from .page import Script
from .wishes import Wishes

__all__ = ["Spelling"]

_SIGNS = {"np.add": "+", "np.subtract": "-", "np.multiply": "*", "np.divide": "/", "np.less": "<"}
_NUMBERS = {0: "zero", 1: "one", 2: "two", 0.5: "half"}


class Spelling:
    """The names of a program's values; what is there before it begins is named at once.

    Attributes
    ----------
    named : dict of Line to str
        What each value is called: a name, or an expression.
    given : dict of str to Any
        What the page takes as it finds it.
    literals : list of str
        Assignments of constants that are short enough to be written.
    """

    def __init__(self, script: Script) -> None:
        self._script = script
        self._wishes = Wishes(script)
        whole = (x.call.name for x in script.plan.lines if isinstance(x.call, Whole))
        self._taken = Names(("np", "arena", script.name, *whole))
        self.named: dict[Line, str] = {}
        self.given: dict[str, Any] = {}
        self.literals: list[str] = []
        self._defaults: dict[str, str] = {}
        self._numbers: dict[str, str] = {}
        self._passed = [self.name(line, name) for line, name in script.arguments.items()]
        for line in script.readings:
            if line.kind == "generator":
                self._passed.append(self.name(line, line.call.name))
            else:
                self._name_number(line)
        for line in script.plan.lines:
            if line.kind and line not in self.named:
                self._name_place(line)

    @property
    def arguments(self) -> list[str]:
        """What the function takes, with defaults."""
        return [*self._passed, *(f"{name}={value}" for name, value in self._defaults.items())]

    def name(self, line: Line, *wishes: str) -> str:
        """Call a value by a name of its own: the first of these that is free, if there is one."""
        self.named[line] = self.new(*wishes)
        return self.named[line]

    def new(self, *wishes: str) -> str:
        """A name that nothing has yet."""
        return self._taken.new(*wishes)

    def _name_number(self, line: Line) -> None:
        self._defaults[self.name(line, line.call.name)] = self.text(line.value)

    def _name_place(self, line: Line) -> None:
        literal = _short(line.value) if line.kind == "constant" else None
        if line.kind == "number":
            self._name_number(line)
        elif literal is not None and line.value.ndim == 0:
            self.named[line] = literal
        else:
            name = self.name(line, *self._wishes_of_place(line))
            if literal is None:
                self.given[name] = line.value
            else:
                self.literals.append(f"{name} = {literal}")

    def _wishes_of_place(self, line: Line) -> Iterator[str]:
        name = self._script.names.get(line, line.call.name)
        yield name
        if line.kind == "constant" and line.value.ndim == 1:
            yield f"{name}_{line.value.size}"

    def wishes(self, line: Line) -> tuple[str, ...]:
        """What a value would like to be called."""
        if line in self._script.names:
            return (self._script.names[line],)
        return self._wishes.of(line, self.label)

    def label(self, line: Line | None) -> str:
        """What others may be called after this one."""
        if line is None:
            return "value"
        for x in (line, line.base, line.root):
            if x is not None and self.named.get(x, "").isidentifier():
                return self.named[x]
        return self._wishes.noun(line.root)

    def text(self, x: Any) -> str:
        """An argument, as an expression."""
        if isinstance(x, Line):
            return self.named[x] if x in self.named else self.call(x)
        if isinstance(x, tuple | list):
            return _enclosed(x, map(self.text, x))
        return _literal(x)

    def spoken(self, x: Any) -> str | None:
        """What a comment calls an argument; None for what it writes out."""
        if isinstance(x, Line):
            name = self.named.get(x)
            shown = name is not None and (name.isidentifier() or x.kind or x.call is KEY)
            return name if shown else None
        if isinstance(x, slice | tuple):
            return self._key(x).removeprefix("(").removesuffix(")").removesuffix(",")
        if isinstance(x, float | np.floating):
            return f"{x:.6g}"
        return self.text(x)

    def _key(self, key: Any) -> str:
        """What stands in the brackets of an index."""
        if isinstance(key, tuple):
            return _enclosed(key, map(self._key, key))
        if isinstance(key, slice):
            parts = [key.start, key.stop] if key.step is None else [key.start, key.stop, key.step]
            return ":".join("" if part is None else self.text(part) for part in parts)
        return self.text(key)

    def _option(self, name: str, value: Any) -> str:
        """An argument by name; one that cannot be written is given to the page."""
        if _is_written(value):
            return self.text(value)
        known = (own for own, other in self.given.items() if other is value)
        own = next(known, None) or self.new(name)
        self.given[own] = value
        return own

    def call(self, line: Line) -> str:
        """What a line does, as an expression."""
        args, kwargs = self.operands(line)
        sign = _SIGNS.get(line.call.name)
        if sign and not line.is_array and not kwargs:
            return f" {sign} ".join(map(_wrapped, args))
        return line.call.text(args, kwargs)

    def operands(self, line: Line) -> tuple[list[str], dict[str, str]]:
        """What a line takes, as expressions: by position, and by name."""
        if isinstance(line.call, Whole):
            self.given.setdefault(line.call.name, line.call.function)
        if isinstance(line.call, Key):
            args = [self.text(line.args[0]), self._key(line.args[1])]
        else:
            args = [self._as_array(x, line) or self.text(x) for x in line.args]
        if isinstance(line.call, Method | Cast | Key):
            args[0] = _wrapped(args[0])
        if isinstance(line.call, Number):
            args = [f"({x})" if x.startswith("-") else _wrapped(x) for x in args]
        return args, {name: self._option(name, value) for name, value in line.kwargs.items()}

    def _as_array(self, x: Any, line: Line) -> str:
        """The name of a number as an array without axes, which ufuncs take in half the time."""
        dtypes = {y.value.dtype for y in line.inputs if y.is_array}
        dtype = dtypes.pop() if len(dtypes) == 1 else np.dtype(bool)
        if not (isinstance(line.call, Ufunc) and dtype.kind == "f" and type(x) in (int, float)):
            return ""
        if not abs(x) < np.finfo(dtype).max:
            return ""
        text = f"np.array({x}, {_literal(dtype)})"
        if text not in self._numbers:
            name = _NUMBERS.get(x, "scale" if line.call == MULTIPLY else "number")
            is_module = name in self._script.modules.values()  # whose result is called so
            self._numbers[text] = self.new(f"{name}_number" if is_module else name)
            self.literals.append(f"{self._numbers[text]} = {text}")
        return self._numbers[text]

    def output(self, output: Any) -> str:
        """What the function returns, as an expression."""
        if isinstance(output, Line):
            text = self.text(output)
            fresh = output in self._script.plan.fresh or not output.is_array
            return text if fresh else f"{text}.copy()"
        if isinstance(output, dict):
            return f"{{{', '.join(f'{k!r}: {self.output(v)}' for k, v in output.items())}}}"
        if isinstance(output, tuple | list):
            return _enclosed(output, map(self.output, output))
        return repr(output) if isinstance(output, int | float | str) else "None"


def _wrapped(text: str) -> str:
    """An expression in parentheses, if a sign stands in it outside of all brackets."""
    depth = 0
    for letter in text:
        depth += (letter in "([{") - (letter in ")]}")
        if letter == " " and not depth:
            return f"({text})"
    return text


def _is_written(x: Any) -> bool:
    """Whether Python's text of this gives it again."""
    if type(x) is tuple or type(x) is list:
        return all(map(_is_written, x))
    return x is None or x is Ellipsis or isinstance(x, int | float | str | np.dtype | np.generic)


def _enclosed(kind: Any, parts: Iterable[str]) -> str:
    """Parts as a list, or as a tuple."""
    inner = ", ".join(parts)
    if isinstance(kind, list):
        return f"[{inner}]"
    return f"({inner},)" if len(kind) == 1 else f"({inner})"


def _literal(x: Any) -> str:
    """What Python and NumPy write for a word, a number or a dtype."""
    if isinstance(x, np.dtype):
        return "np.bool_" if x.kind == "b" else f"np.{x.name}"
    if isinstance(x, float) and not np.isfinite(x):
        return "-np.inf" if x < 0 else f"np.{x}"
    if x is Ellipsis:
        return "..."
    if isinstance(x, np.generic):
        return f"np.{x.dtype.name}({_literal(x.item())})"
    return repr(x)


def _short(value: np.ndarray) -> str | None:
    """A constant as it would be written, if that is short."""
    dtype = f"np.{value.dtype.name}"
    if value.ndim == 0:
        return _literal(value[()]) if value.dtype.kind in "iuf" and np.isfinite(value) else None
    if value.size and not np.any(value != value.flat[0]):
        number = value.flat[0].item()
        if value.dtype == bool or not np.isfinite(number):
            return None
        shape = value.shape[0] if value.ndim == 1 else value.shape
        ones = number == 1
        return f"np.ones({shape}, {dtype})" if ones else f"np.full({shape}, {number}, {dtype})"
    if value.ndim == 2 and np.array_equal(value, np.eye(len(value), dtype=value.dtype)):
        return f"np.eye({len(value)}, dtype={dtype})"
    return None
