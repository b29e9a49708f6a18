"""Scribe: an array that writes down what is done to it.

It passes through the same forwards and rules as arrays do. It carries the real array of the run
that is being traced, so NumPy itself says what shape, dtype and order in memory comes out.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NoReturn, Protocol

import numpy as np

from ..errors import CompileError
from ..ops import OPS, Op
from ..tape import Entry
from .answers import ANSWERS, IN_PLACE, WRITING, rests_on_values
from .calls import CAST, DRAW, KEY, Call, Function, Guard, Method, Reduce, Ufunc, Whole
from .lines import Line, constant, like
from .operators import Operators

__all__ = ["Scribe", "Writes", "line_of", "stand_in"]


class Writes(Protocol):
    """What a Scribe tells what is done to it."""

    def write(self, call: Call, args: Any, kwargs: dict[str, Any]) -> Line:
        """Add a line."""

    def generator(self, rng: Any) -> Line:
        """The line of a source of random numbers."""

    def user_line(self) -> str:
        """Where the user's code is now."""


class UnknownSizeError(CompileError):
    """How many elements there are rests on values: no line of any kind can be written."""


class NoLineError(CompileError, AttributeError):
    """An array has it, and a line of a program does not."""


_ANY_SIZE = "how many elements there are rests on values"


class Scribe(Operators):
    """An array or a number of which a program will only know what is done to it.

    Parameters
    ----------
    line : Line
        The line that made it. Work in place (`w += step`) moves it on to another line.
    trace : Trace
        What the lines are added to.
    """

    __slots__ = ("_trace", "line")

    def __init__(self, line: Line, trace: Writes) -> None:
        self.line = line
        self._trace = trace

    @classmethod
    def of(cls, value: Any, trace: Writes) -> Scribe:
        """A Scribe as it is, and an array as a constant."""
        return value if isinstance(value, Scribe) else cls(line_of(value), trace)

    @classmethod
    def _of_any(cls, args: Any) -> Scribe:
        """The first Scribe among arguments."""
        flat = [x for part in args for x in (part if isinstance(part, list | tuple) else [part])]
        return next(x for x in flat if isinstance(x, Scribe))

    @property
    def shape(self) -> tuple[int, ...]:
        """The sizes of the axes."""
        return np.shape(self.line.value)

    @property
    def dtype(self) -> Any:
        """The type of the elements."""
        return np.asarray(self.line.value).dtype

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """The number of elements."""
        return np.size(self.line.value)

    @property
    def itemsize(self) -> int:
        """The bytes of one element."""
        return int(self.dtype.itemsize)

    @property
    def base(self) -> None:
        """Nobody else's memory: lines are never changed, so it does not matter."""
        return

    @property
    def T(self) -> Any:  # noqa: N802 (NumPy's name)
        """The axes in reverse order."""
        return self._do(Method("T"))

    @property
    def mT(self) -> Any:  # noqa: N802 (NumPy's name)
        """The last two axes exchanged."""
        return self._do(Method("T" if self.ndim == 2 else "mT"))

    def flatten(self) -> Scribe:
        """All elements along one axis."""
        return self.reshape(-1)

    def reshape(self, *shape: Any) -> Scribe:
        """The same elements in another shape."""
        sizes = shape[0] if len(shape) == 1 else shape
        known = np.reshape(self.line.value, sizes).shape  # no -1 is left to be found out
        return self if known == self.shape else self._do(Method("reshape"), known)

    def transpose(self, *axes: Any) -> Any:
        """The axes in another order."""
        order = axes[0] if len(axes) == 1 else axes
        return self._do(Method("transpose"), tuple(order)) if order else self.T

    def swapaxes(self, axis1: int, axis2: int) -> Any:
        """Two axes exchanged."""
        return self.T if self.ndim == 2 else self._do(Method("swapaxes"), axis1, axis2)

    def squeeze(self, axis: Any = None) -> Scribe:
        """Without the axes of size 1."""
        return self.reshape(np.squeeze(self.line.value, axis).shape)

    def astype(self, dtype: Any, copy: bool = True) -> Scribe:
        """The same elements in another dtype."""
        dtype = np.dtype(dtype)
        return self.copy() if dtype == self.dtype else self._do(CAST, dtype)

    def copy(self) -> Scribe:
        """Itself: a line is never changed, and what is done in place moves only one of the two."""
        return type(self)(self.line, self._trace)

    def __getitem__(self, key: Any) -> Any:
        for part in key if isinstance(key, tuple) else (key,):
            if isinstance(part, Scribe) and part.dtype == bool:
                raise UnknownSizeError(str(self._refusal(_ANY_SIZE)))
        return self._do(KEY, key[0] if isinstance(key, tuple) and len(key) == 1 else key)

    def __setitem__(self, key: Any, value: Any) -> None:
        if key is not Ellipsis:
            raise self._refusal("a part of it is written in place")
        self._become(value)

    def __getattr__(self, name: str) -> Any:
        """NumPy's methods that are functions too: `x.sum(axis=0)`."""
        if name.startswith("_") or not hasattr(np.ndarray, name):
            raise AttributeError(f"a Scribe has no attribute {name!r}")
        if name in IN_PLACE or not hasattr(np, name):
            raise NoLineError(str(self._refusal(f"its {name} is asked for")))
        return partial(getattr(np, name), self)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        if any(isinstance(x, Entry) for x in inputs):
            return NotImplemented
        out = kwargs.pop("out", None)
        if "where" in kwargs or method not in ("__call__", "reduce"):
            raise self._refusal(f"np.{ufunc.__name__}.{method} of it is asked for")
        result = self._do_to(
            Ufunc(ufunc) if method == "__call__" else Reduce(ufunc), inputs, kwargs
        )
        return result if out is None else _filled(out[0], result)

    def __array_function__(
        self, function: Callable[..., Any], types: Any, args: Any, kwargs: Any
    ) -> Any:
        if any(issubclass(kind, Entry) for kind in types):
            return NotImplemented
        out = kwargs.pop("out", None)
        if function in WRITING:
            what = f"np.{function.__name__} of it is asked for"
            raise Scribe._of_any((*args, *kwargs.values()))._refusal(what)
        if rests_on_values(function, args):
            raise UnknownSizeError(str(Scribe._of_any(args)._refusal(_ANY_SIZE)))
        answer = ANSWERS.get(function)
        if answer is not None:
            return answer(*args, **kwargs)
        result = self._do_to(Function(function), args, kwargs)
        return result if out is None else _filled(out, result)

    @staticmethod
    def __op__(op: Op, inputs: tuple[Any, ...], params: dict[str, Any]) -> Any:
        """The lines of an op's forward; one line for it all, if it looks at values or writes."""
        if any(isinstance(x, Entry) for x in inputs):
            return NotImplemented
        self = next(x for x in inputs if isinstance(x, Scribe))
        if op is OPS["uniform_like"]:
            return self._drawn(params.get("rng"))
        if op.whole:
            return self._do_to(Whole(op), inputs, params)
        whole = tuple(Scribe.of(x, self._trace) if isinstance(x, np.ndarray) else x for x in inputs)
        try:
            return op.forward(*whole, **params)
        except UnknownSizeError:
            raise
        except CompileError:
            return self._do_to(Whole(op), inputs, params)

    @staticmethod
    def __require__(
        holds: Scribe, error: Callable[..., Exception], arrays: tuple[Any, ...]
    ) -> None:
        """A line that raises the error unless this holds."""
        if not holds.line.value:
            raise error(*(x.line.value if isinstance(x, Scribe) else x for x in arrays))
        holds._do(Guard(error), *arrays)

    def _drawn(self, rng: Any) -> Any:
        dtype = np.dtype(np.float64 if self.dtype == np.float64 else np.float32)
        return self._do_to(DRAW, (self._trace.generator(rng), self.shape, dtype), {})

    def _do(self, call: Call, *args: Any) -> Any:
        return self._do_to(call, (self, *args), {})

    def _do_to(self, call: Call, args: Any, kwargs: dict[str, Any]) -> Any:
        if any(callable(x) and not isinstance(x, type) for x in args):
            raise self._refusal(f"{call.name} of a function is asked for")
        named = {} if isinstance(call, Whole) else kwargs  # a line takes arrays by position
        for name, value in named.items():
            if isinstance(value, Scribe | np.ndarray):
                raise self._refusal(f"{call.name} with an array as its {name} is asked for")
        line = self._trace.write(call, replaced_by_lines(args), replaced_by_lines(kwargs))
        result: Any = type(self)(line, self._trace)
        if isinstance(line.value, tuple | list):
            return like(line.value, [result._do(KEY, i) for i in range(len(line.value))])
        return result

    def _become(self, value: Any) -> Scribe:
        """Move on to the value, in the dtype and shape of this."""
        value = Scribe.of(value, self._trace)
        if value.shape != self.shape:
            value = np.broadcast_to(value, self.shape)
        self.line = value.astype(self.dtype).line
        return self

    def _refusal(self, what: str) -> CompileError:
        return CompileError(
            f"compile: {what}, and the program must hold for every batch.\n"
            f"  It happens in {self._trace.user_line()}.\n"
            "  Choose by numpy.where(...) between two results, return the value and look at it\n"
            "  after the step, or leave this function uncompiled."
        )

    def __bool__(self) -> bool:
        raise self._refusal("a value decides what is done next")

    def __float__(self) -> float:
        raise self._refusal("a value is made a Python number")

    __int__ = __index__ = __float__

    def item(self, *args: Any) -> Any:
        """Not known before the program runs."""
        raise self._refusal("a value is made a Python number")

    tolist = item

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NoReturn:
        raise self._refusal("a value is made an array of its own, or written into one")

    def __len__(self) -> int:
        return self.shape[0]

    def __iter__(self) -> Any:
        return (self[i] for i in range(len(self)))

    def __repr__(self) -> str:
        raise self._refusal("a value is printed")


def stand_in(line: Line, trace: Writes) -> Any:
    """A Scribe, where types ask for an array or a number, and only what is done to it counts."""
    return Scribe(line, trace)


def line_of(elements: object) -> Line:
    """The line of what a tensor keeps while it is traced; an array is a constant."""
    return elements.line if isinstance(elements, Scribe) else constant(np.asarray(elements))


def replaced_by_lines(args: Any) -> Any:
    """Arguments with the line of each Scribe, and with a line for each array."""
    if isinstance(args, Scribe):
        return args.line
    if isinstance(args, np.ndarray):
        return constant(args)
    if isinstance(args, dict):
        return {name: replaced_by_lines(value) for name, value in args.items()}
    if type(args) is tuple or type(args) is list:
        return type(args)(replaced_by_lines(part) for part in args)
    return args


def _filled(out: Any, result: Scribe) -> Scribe:
    if not isinstance(out, Scribe):
        raise result._refusal("it is written into an array from outside")
    return out._become(result)
