"""Calls: what a line of a program may do, how it is run, and how it is written.

Every call is one of NumPy's, or of Python's on numbers. `run` computes it, `text` writes it; `into`
writes it so that the result goes into an array that is there already.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from ..ops import Op
from ..ops.checks import no_tensor

__all__ = [
    "ADD",
    "CAST",
    "COPY",
    "DOT",
    "DRAW",
    "KEY",
    "MULTIPLY",
    "PACK",
    "ROWS",
    "SIGNS",
    "VDOT",
    "Call",
    "Cast",
    "Copy",
    "Dot",
    "Draw",
    "Function",
    "Guard",
    "Key",
    "Method",
    "Number",
    "Pack",
    "Reduce",
    "Rows",
    "Ufunc",
    "Whole",
]

Texts = list[str]


class Call:
    """What a line does.

    Attributes
    ----------
    name : str
        As the page writes it.
    elementwise : bool
        Whether each element of the result rests on the same element of the inputs alone, so that
        the result may overwrite an input.
    overwrites : bool
        Whether the result may stand where an input of its shape stands that dies with it.
    fills : bool
        Whether the result can go into an array that is there already.
    effect : bool
        Whether it is done even if nobody uses the result, and each time anew.
    kind : str
        Which kind of place it is; an empty word if it is none.
    """

    elementwise: bool = False
    overwrites: bool = False
    fills: bool = False
    effect: bool = False
    kind: str = ""

    def __init__(self, name: str, function: Callable[..., Any]) -> None:
        self.name = name
        self.function = function

    def run(self, *args: Any, **kwargs: Any) -> Any:
        """The result for arrays and numbers."""
        return self.function(*args, **kwargs)

    def text(self, args: Texts, kwargs: dict[str, str]) -> str:
        """The call, as an expression."""
        return f"{self.name}({', '.join([*args, *_named(kwargs)])})"

    def into(self, args: Texts, kwargs: dict[str, str], out: str) -> str:
        """The call, as a statement that fills `out`."""
        return self.text(args, kwargs | {"out": out})

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other.name == self.name

    def __hash__(self) -> int:
        return hash(self.name)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"


class Ufunc(Call):
    """A universal function of NumPy: element by element, but for `matmul`."""

    fills = True

    def __init__(self, ufunc: np.ufunc) -> None:
        super().__init__(f"np.{ufunc.__name__}", ufunc)
        self.elementwise = ufunc.signature is None
        # np.sign of mixed zeros takes eight times as long where it overwrites its input.
        self.overwrites = self.elementwise and ufunc is not np.sign

    def into(self, args: Texts, kwargs: dict[str, str], out: str) -> str:
        """By position, which is faster; NumPy advises against that for two of them."""
        if self.function in (np.maximum, np.minimum) or kwargs:
            return super().into(args, kwargs, out)
        return self.text([*args, out], {})


class Rows(Call):
    """The rows of a table that are named; `mode` is what is done about rows that are not there."""

    fills = True

    def __init__(self) -> None:
        super().__init__("take", lambda table, rows, mode: table.take(rows, 0, mode=mode))

    def text(self, args: Texts, kwargs: dict[str, str]) -> str:
        return f"{args[0]}.take({args[1]}, 0)"

    def into(self, args: Texts, kwargs: dict[str, str], out: str) -> str:
        mode = "" if args[2] == "'raise'" else f", {args[2]}"
        return f"{args[0]}.take({args[1]}, 0, {out}{mode})"


class Dot(Call):
    """The product of two matrices."""

    fills = True

    def into(self, args: Texts, kwargs: dict[str, str], out: str) -> str:
        return self.text([*args, out], {})


class Reduce(Call):
    """A universal function that takes the elements along an axis together."""

    fills = True

    def __init__(self, ufunc: np.ufunc) -> None:
        super().__init__(f"np.{ufunc.__name__}.reduce", ufunc.reduce)

    def text(self, args: Texts, kwargs: dict[str, str]) -> str:
        """Without what NumPy takes anyway."""
        return super().text(args, {k: v for k, v in kwargs.items() if (k, v) != ("axis", "0")})

    def into(self, args: Texts, kwargs: dict[str, str], out: str) -> str:
        """By position, which is faster."""
        named = dict(kwargs)
        placed = [*args, named.pop("axis", "0"), "None", out]
        if (keepdims := named.pop("keepdims", None)) is not None:
            placed.append(keepdims)
        return super().text(placed, named)


_FILLING = {np.clip, np.dot, np.take, np.concatenate, np.stack, np.cumsum, np.argmax, np.argmin}


class Function(Call):
    """Any other function of NumPy."""

    def __init__(self, function: Callable[..., Any]) -> None:
        module = (getattr(function, "__module__", "") or "numpy").removeprefix("numpy").lstrip(".")
        path = f"{module}.{function.__name__}".lstrip(".")
        super().__init__(f"np.{path}", function)
        self.fills = function in _FILLING
        self.elementwise = self.overwrites = function is np.clip


class Method(Call):
    """A method or an attribute of an array, such as `x.reshape(2, 3)` and `x.T`."""

    def __init__(self, name: str) -> None:
        attribute = name in ("T", "mT")
        get = operator.attrgetter(name)
        super().__init__(name, get if attribute else lambda x, *args: get(x)(*args))
        self.attribute = attribute

    def text(self, args: Texts, kwargs: dict[str, str]) -> str:
        target = f"{args[0]}.{self.name}"
        if self.attribute:
            return target
        if self.name == "reshape":
            args = [args[0], args[1][1:-1].rstrip(",") or "()"]
        return f"{target}({', '.join(args[1:])})"


def _cast(x: Any, dtype: Any) -> Any:
    if not hasattr(x, "dtype"):
        raise no_tensor(x, "an input")
    return x.astype(dtype)


class Cast(Call):
    """The same elements in another dtype."""

    fills = True

    def __init__(self) -> None:
        super().__init__("astype", _cast)

    def text(self, args: Texts, kwargs: dict[str, str]) -> str:
        return f"{args[0]}.astype({args[1]})"

    def into(self, args: Texts, kwargs: dict[str, str], out: str) -> str:
        return f"np.copyto({out}, {args[0]}, 'unsafe')"


class Key(Call):
    """Indexing: `x[key]`."""

    def __init__(self) -> None:
        super().__init__("[]", lambda x, key: x[key])

    def text(self, args: Texts, kwargs: dict[str, str]) -> str:
        target, key = args
        return f"{target}[{key[1:-1].rstrip(',') if key.startswith('(') and key != '()' else key}]"


class Number(Call):
    """Arithmetic of Python numbers."""

    def __init__(self, function: Callable[..., Any], sign: str) -> None:
        super().__init__(sign, function)

    def text(self, args: Texts, kwargs: dict[str, str]) -> str:
        if len(args) == 1:
            return f"{self.name}{args[0]}"
        return f"{args[0]} {self.name} {args[1]}"


class Draw(Call):
    """Random numbers, uniform in [0, 1)."""

    fills = True
    effect = True

    def __init__(self) -> None:
        super().__init__("random", lambda rng, shape, dtype: rng.random(shape, dtype))

    def text(self, args: Texts, kwargs: dict[str, str]) -> str:
        rng, shape, dtype = args
        return f"{rng}.random({shape}, {dtype})"

    def into(self, args: Texts, kwargs: dict[str, str], out: str) -> str:
        return f"{args[0]}.random(out={out}, dtype={args[2]})"


class Guard(Call):
    """What must hold of the values that are given, and the error that is raised if it does not."""

    effect = True

    def __init__(self, error: Callable[..., Exception]) -> None:
        super().__init__("guard", lambda holds, *arrays: holds)
        self.error = error


class Whole(Call):
    """An op whose forward is called as it is: one that cannot be written as lines of its own."""

    def __init__(self, op: Op) -> None:
        super().__init__(op.name, op.forward)


class Pack(Call):
    """Arrays one after the other, as one vector: in these places if they are given."""

    def __init__(self) -> None:
        super().__init__("np.concatenate", lambda places, parts: np.concatenate(parts, axis=None))

    def text(self, args: Texts, kwargs: dict[str, str]) -> str:
        return f"np.concatenate({args[1]}, axis=None)"


class Copy(Call):
    """The elements of one array into another."""

    effect = True

    def __init__(self) -> None:
        super().__init__("np.copyto", lambda place, value: value)


def _named(kwargs: dict[str, str]) -> Texts:
    return [f"{name}={value}" for name, value in kwargs.items()]


ADD, MULTIPLY = Ufunc(np.add), Ufunc(np.multiply)
DOT, VDOT = Dot("np.dot", np.dot), Call("np.vdot", np.vdot)
ROWS = Rows()
KEY, CAST, DRAW, PACK, COPY = Key(), Cast(), Draw(), Pack(), Copy()

SIGNS = {
    operator.add: "+",
    operator.sub: "-",
    operator.mul: "*",
    operator.truediv: "/",
    operator.floordiv: "//",
    operator.mod: "%",
    operator.pow: "**",
    operator.neg: "-",
}
