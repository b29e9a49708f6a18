"""Reading: a tape once more, with symbols for arrays, and the derivative rules run on them.

Symbols are arrays that also know how they came about, as terms that can be written down. They pass
through the forwards and the derivative rules of the ops as arrays and tensors do. An op that
mathematics has a word for stays one term; any other is what its forward makes of symbols.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import sqrt
from typing import Any, NamedTuple

import numpy as np

from ...autodiff import operands_of, pull
from ...compiler.calls import DRAW, Call, Whole
from ...compiler.draft import Draft
from ...compiler.lines import Line, Place, replaced
from ...compiler.scribe import Scribe
from ...ops import OPS, Op
from ...tape import Entry, Graph
from .terms import NOWHERE, ONE_HOT, Value

__all__ = ["Step", "read"]


class Step(NamedTuple):
    """One value of a tape, as terms.

    Attributes
    ----------
    entry : Entry
        The value on the tape.
    value : Line
        How it came about.
    gradient : Line or None
        How the gradient of the loss with respect to it does; None where none flows.
    """

    entry: Entry
    value: Line
    gradient: Line | None


def read(loss: Entry, names: Mapping[int, str]) -> tuple[list[Step], list[Line]]:
    """Walk a tape forwards and back with symbols in place of arrays.

    Parameters
    ----------
    loss : Entry
        The last value; its elements, and those of what it rests on, may be Scribes.
    names : dict of int to str
        What leaves and arrays are called, by identity.

    Returns
    -------
    list of Step, list of Line
        The values, oldest first, and all terms.
    """
    notes, twins = Notes(), dict[Entry, Entry]()
    for entry in Graph.of(loss):
        operands_of(entry)  # an error, if one has changed since
        twins[entry] = _twin(entry, twins, notes, names)
    seed = notes.symbol(np.ones(loss._els.shape, loss._els.dtype))
    wanted = [twin for twin in twins.values() if twin.requires_grad]
    gradients = pull({twins[loss]: seed}, wanted)
    steps = []
    for entry, twin in twins.items():
        g = gradients.get(twin)
        gradient = None if g is None else notes.symbol(g).line
        steps.append(Step(entry, _elements(twin).line, gradient))
    return steps, notes.lines


def _twin(
    entry: Entry, twins: Mapping[Entry, Entry], notes: Notes, names: Mapping[int, str]
) -> Entry:
    """The same value of a tape, with symbols in it."""
    twin = Entry.__new__(Entry)
    twin.op, twin.params, twin.serial = entry.op, entry.params, entry.serial
    twin.requires_grad, twin._grad = entry.requires_grad, None
    # What was not traced may be another array for the next batch.
    around = "constant" if isinstance(_elements(entry), Scribe) else "captured"
    twin.inputs = tuple(
        twins[x]
        if isinstance(x, Entry)
        else notes.symbol(x, names.get(id(x), ""), around if np.ndim(x) else "constant")
        for x in entry.inputs
    )
    els: Any
    if entry.op is None:
        els = notes.symbol(entry._els, names.get(id(entry), ""), "parameter")
    else:
        els = notes.value(entry.op, tuple(map(_elements, twin.inputs)), entry.params)
    twin._els = els
    return twin


def _elements(x: Any) -> Any:
    return x._els if isinstance(x, Entry) else x


class Notes:
    """What symbols write into: every term once.

    Attributes
    ----------
    lines : list of Line
        All terms, each after those that it is made of.
    """

    def __init__(self) -> None:
        self._draft = Draft(())
        self.lines = self._draft.lines
        self._known: dict[int, Line] = {}
        self._kept: list[Any] = []  # an id belongs to an object for as long as that lives

    def write(self, call: Call, args: Any, kwargs: dict[str, Any]) -> Line:
        """Add a term."""
        return self._draft.write(call, replaced(args, self.term), kwargs, NOWHERE)

    def generator(self, rng: Any) -> Line:
        """A source of random numbers."""
        return Line(Place("rng", "generator"), (), {}, rng, NOWHERE)

    def user_line(self) -> str:
        """Rules are nobody's own code."""
        return "a derivation"

    def symbol(self, value: Any, name: str = "", kind: str = "constant") -> Any:
        """The symbol of an array or of a Scribe; a number as it is."""
        if isinstance(value, Scribe):
            return Symbol(self.term(value.line), self)
        if not isinstance(value, np.ndarray | np.generic):
            return value
        if id(value) not in self._known:
            line = Line(Place(name, kind), (), {}, np.asarray(value), NOWHERE)
            self._keep(value, line)
        return Symbol(self._known[id(value)], self)

    def term(self, line: Line) -> Line:
        """A line of any program as one of these terms; what is given or drawn has no parts."""
        if id(line) not in self._known:
            plain = line.kind or line.call is DRAW
            mine = line if plain else self.write(line.call, line.args, line.kwargs)
            self._keep(line, mine)
            self._keep(mine, mine)
        return self._known[id(line)]

    def value(self, op: Op, inputs: tuple[Any, ...], params: dict[str, Any]) -> Symbol:
        """What an op gives, as a value of a tape."""
        return Symbol(self.write(Value(), (self.done(op, inputs, params).line,), {}), self)

    def done(self, op: Op, inputs: tuple[Any, ...], params: dict[str, Any]) -> Symbol:
        """What an op gives: in terms of other calls if it can be, and else one term."""
        symbols, own = tuple(map(self.symbol, inputs)), OPS.get(op.name) is op
        way = WAYS.get(op.name) if own else None
        if way is None and not op.whole and not (own and op.name in WORDS):
            way = op.forward
        try:
            answer: Symbol | None = way and way(*symbols, **params)
            with np.errstate(all="ignore"):
                exact = op.forward(*map(_value, inputs), **params)
            if answer is not None and _agree(answer.line.value, exact):
                return answer
        except Exception:  # noqa: BLE001 (a forward of a user's own may do anything with symbols)
            pass
        terms = tuple(x.line if isinstance(x, Symbol) else x for x in symbols)
        return Symbol(self.write(Whole(op), terms, params), self)

    def _keep(self, thing: Any, line: Line) -> None:
        self._known[id(thing)] = line
        self._kept.append(thing)


class Symbol(Scribe):
    """An array that knows how it came about."""

    __slots__ = ()
    _trace: Notes

    @staticmethod
    def __op__(op: Op, inputs: tuple[Any, ...], params: dict[str, Any]) -> Any:
        """The op as a term, or as several."""
        self = next(x for x in inputs if isinstance(x, Symbol))
        return self._trace.done(op, inputs, params)


def _value(x: Any) -> Any:
    return x.line.value if isinstance(x, Scribe) else x


def _agree(a: Any, b: Any) -> bool:
    """Whether two ways of doing an op give the same, but for rounding."""
    exact = np.asarray(b)
    few = 1e-9 if exact.dtype == np.float64 else 1e-3
    return np.shape(a) == exact.shape and np.allclose(a, exact, few, few, equal_nan=True)


def _cross_entropy(x: Any, labels: Any) -> Any:
    return -np.add.reduce(_one_hot(labels, x.shape[-1]) * OPS["log_softmax"](x), axis=-1)


def _one_hot(labels: Any, classes: int) -> Any:
    return labels._do(ONE_HOT, classes)


def _gelu(x: Any, *, approximate: bool = False) -> Any:
    if approximate:
        return OPS["gelu"].forward(x, approximate=True)
    return 0.5 * x * (1 + OPS["erf"](sqrt(0.5) * x))


def _taken(x: Any, index: Any, *, axis: int | None = -1) -> Any:
    """One element of each row."""
    if axis is None or axis % x.ndim != x.ndim - 1 or index.shape[-1] != 1:
        return OPS["take_along_axis"].forward(x, index, axis=axis)
    return np.add.reduce(_one_hot(index[..., 0], x.shape[-1]) * x, axis=-1)[..., None]


def _put_back(g: Any, index: Any, *, axis: int, shape: tuple[int, ...]) -> Any:
    """One element into each row: with any other index it is one term, for this has its shape."""
    return g * _one_hot(index[..., 0], shape[-1])


WORDS = {"sigmoid", "softmax", "log_softmax", "softplus", "logsumexp", "erf"}
WAYS: dict[str, Callable[..., Any]] = {  # of ops whose forward is written for speed or for safety
    "cross_entropy": _cross_entropy,
    "gelu": _gelu,
    "scatter_along_axis": _put_back,
    "silu": lambda x: x * OPS["sigmoid"](x),
    "take_along_axis": _taken,
}
