"""The tape is the values themselves, in the order in which they were made.

Every recorded value notes its op, its inputs and a serial number. Inputs are older than what is
made from them, so sorting the values that a result rests on by serial number *is* a topological
order: no recursion, no marks, each value met once. Nothing here is a closure and nothing points
forward, so a graph is gone as soon as its last value leaves scope.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ContextDecorator
from contextvars import ContextVar
from itertools import count
from operator import attrgetter
from typing import Any, ClassVar, Self

import numpy as np

from .errors import OptionError
from .ops.checks import as_array, no_numbers
from .ops.explain import explain
from .ops.op import Op

__all__ = ["Entry", "Graph", "binary", "next_serial", "no_grad", "recorder", "recording", "unary"]

next_serial = count(1).__next__
_recording: ContextVar[bool] = ContextVar("recording", default=True)
_outer: ContextVar[tuple[bool, ...]] = ContextVar("outer", default=())  # what to go back to
_NO_PARAMS: dict[str, Any] = {}
_NUMBERS = (int, float)
_ARRAYS = (np.ndarray, np.generic)

# Each training step gives its arrays back and asks for the like again. The C library of Linux hands
# large ones back to the system, and fresh pages cost a fifth of a step, until it has once seen so
# large a block come back: from then on it keeps up to twice that size. Here is one; no page of it
# is touched.
np.empty(2**24, np.uint8)


class Entry:
    """One value: its elements, and how they were made.

    Attributes
    ----------
    op : Op or None
        What made it; None for a leaf.
    inputs : tuple
        The entries, arrays and numbers that went into `op`.
    params : dict
        The parameters of `op`, such as `axis`.
    serial : int
        Larger than the serials of all its inputs.
    requires_grad : bool
        Whether a gradient is wanted here, or further back.
    """

    __slots__ = (
        "__weakref__", "_els", "_grad", "inputs", "op", "params", "requires_grad", "serial",
    )  # fmt: skip

    __op__: ClassVar[Callable[[Op, tuple[Any, ...], dict[str, Any]], Any]]
    __array_ufunc__: ClassVar[Callable[..., Any]]
    _els: np.ndarray
    _grad: np.ndarray | None
    op: Op | None
    inputs: tuple[Any, ...]
    params: dict[str, Any]
    serial: int
    requires_grad: bool

    def _become_leaf(self, els: np.ndarray, requires_grad: bool) -> None:
        self._els = els
        self._grad = None
        self.op = None
        self.inputs = ()
        self.params = _NO_PARAMS
        self.serial = next_serial()
        self.requires_grad = requires_grad

    def _renew(self) -> None:
        """Take a new serial, so that whatever used the old value is known to be out of date."""
        self.serial = next_serial()


class Graph:
    """All values that some outputs rest on, oldest first: what every walker loops over.

    Examples
    --------
    >>> from glasswork import Tensor
    >>> x = Tensor(3.0, requires_grad=True)
    >>> [entry.op.name for entry in Graph.of(x * x + x) if entry.op]
    ['multiply', 'add']
    """

    __slots__ = ("entries",)

    def __init__(self, entries: list[Entry]) -> None:
        self.entries = entries

    @classmethod
    def of(cls, *outputs: Entry, differentiable: bool = False) -> Self:
        """The graph behind `outputs`, or only its part through which a gradient can flow."""
        seen = set(outputs)
        stack = list(outputs)
        while stack:
            for x in stack.pop().inputs:
                if (
                    isinstance(x, Entry)
                    and x not in seen
                    and (x.requires_grad or not differentiable)
                ):
                    seen.add(x)
                    stack.append(x)
        return cls(sorted(seen, key=attrgetter("serial")))

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def __reversed__(self) -> Iterator[Entry]:
        return reversed(self.entries)

    def __len__(self) -> int:
        return len(self.entries)


class recording(ContextDecorator):  # noqa: N801 (reads as a statement: `with recording(False):`)
    """Switch recording on or off for a block of code, or for a function that it decorates.

    The switch belongs to the running context, so that threads do not disturb each other.
    """

    def __init__(self, on: bool = True) -> None:
        self._on = on

    @staticmethod
    def is_on() -> bool:
        """Whether operations are being recorded here."""
        return _recording.get()

    def __enter__(self) -> Self:
        _outer.set((*_outer.get(), _recording.get()))
        _recording.set(self._on)
        return self

    def __exit__(self, *exception: object) -> None:
        *outer, before = _outer.get()
        _outer.set(tuple(outer))
        _recording.set(before)


class no_grad(recording):  # noqa: N801 (the field's name)
    """Record nothing: for predictions, which need no gradients.

    Examples
    --------
    >>> from glasswork import Tensor
    >>> x = Tensor(3.0, requires_grad=True)
    >>> with no_grad():
    ...     (x * x).requires_grad
    False
    """

    def __init__(self, *function: object) -> None:
        if function:
            raise OptionError(
                "no_grad takes nothing.\n  As a decorator, write @no_grad() with brackets."
            )
        super().__init__(False)


def recorder(kind: type[Entry]) -> Callable[[Op, tuple[Any, ...], dict[str, Any]], Any]:
    """The hook of an entry's class: do an op on elements, and note it where a gradient is wanted.

    This is the path that every op takes. `unary` and `binary` are the same path with the loop
    over the inputs unrolled and nothing left to look up: they serve the operators.
    """
    new, is_on, generic = kind.__new__, _recording.get, np.generic

    def record(op: Op, inputs: tuple[Any, ...], params: dict[str, Any]) -> Any:
        operands, values, asked = list(inputs), [], False
        for i, x in enumerate(inputs):
            if isinstance(x, Entry):
                asked = asked or x.requires_grad
                values.append(x._els)
            else:
                operands[i] = constant(x)
                values.append(operands[i])
        try:
            els = op.forward(*values, **params)
        except Exception as error:
            raise explain(op.name, op.forward, values, error) from error
        if isinstance(els, Entry):
            raise _with_tensors(op, params)
        wanted = asked and is_on() and op.differentiable and els.dtype.kind == "f"
        if asked and not wanted and els.base is not None:
            els = els.copy()  # a view that no tape watches: the leaf may be written in place
        out = new(kind)
        out._els = np.asarray(els) if isinstance(els, generic) else els
        out._grad = None
        out.serial = next_serial()
        out.requires_grad = wanted
        if wanted:
            out.op, out.inputs, out.params = op, tuple(operands), params
        else:
            out.op, out.inputs, out.params = None, (), _NO_PARAMS
        return out

    return record


def constant(x: Any) -> Any:
    """An operand that is no entry: a number, an array of numbers, None or an array of one's own."""
    array = x
    if not isinstance(x, _ARRAYS):
        if isinstance(x, _NUMBERS) or x is None or hasattr(type(x), "__op__"):
            return x
        array = as_array(x, "an operand")
    if array.dtype.kind not in "fiub":
        raise no_numbers(x, array.dtype, "an operand")
    return array


def _with_tensors(op: Op, params: dict[str, Any]) -> OptionError:
    tensors = ", ".join(name for name, value in params.items() if isinstance(value, Entry))
    return OptionError(
        f"{op.name}: {tensors} is a tensor, and parameters of an operation have no gradient.\n"
        "  Pass a number; or, to learn it, write the operation with operators and np.where."
    )


def unary(op: Op, kind: type[Entry]) -> Callable[[Any], Any]:
    """The recorder of one op with one input and no parameters."""
    new, forward, is_on, generic = kind.__new__, op.forward, _recording.get, np.generic

    def record(x: Any) -> Any:
        try:
            els = forward(x._els)
        except Exception as error:
            raise explain(op.name, forward, [x._els], error) from error
        out = new(kind)
        out._els = np.asarray(els) if isinstance(els, generic) else els
        out._grad = None
        out.params = _NO_PARAMS
        out.serial = next_serial()
        if x.requires_grad and is_on():
            out.requires_grad, out.op, out.inputs = True, op, (x,)
        else:
            out.requires_grad, out.op, out.inputs = False, None, ()
        return out

    record.__name__, record.__doc__ = op.name, f"{op.equation}."
    return record


def binary(op: Op, kind: type[Entry]) -> Callable[[Any, Any], Any]:
    """The recorder of one op with two inputs, of which one or both are entries."""
    new, forward, is_on, generic = kind.__new__, op.forward, _recording.get, np.generic

    def record(a: Any, b: Any) -> Any:
        wanted, left, right = False, a, b
        if isinstance(a, Entry):
            wanted, left = a.requires_grad, a._els
        elif type(a) is not float:
            a = left = constant(a)
        if isinstance(b, Entry):
            wanted, right = wanted or b.requires_grad, b._els
        elif type(b) is not float:
            b = right = constant(b)
        try:
            els = forward(left, right)
        except Exception as error:
            raise explain(op.name, forward, [left, right], error) from error
        out = new(kind)
        out._els = np.asarray(els) if isinstance(els, generic) else els
        out._grad = None
        out.params = _NO_PARAMS
        out.serial = next_serial()
        if wanted and is_on():
            out.requires_grad, out.op, out.inputs = True, op, (a, b)
        else:
            out.requires_grad, out.op, out.inputs = False, None, ()
        return out

    record.__name__, record.__doc__ = op.name, f"{op.equation}."
    return record
