"""Places: while a function is traced, Scribes stand where its tensors keep their arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from math import prod
from threading import RLock
from typing import Any, NamedTuple, Self

import numpy as np

from ..errors import CompileError
from ..optim import Optimizer
from ..optim.lanes import Lane, Slot
from ..randomness import generator
from ..tensor import Tensor, leaf
from .arguments import Arguments
from .calls import KEY, PACK, Method
from .findings import Found, alike
from .flat import Home
from .lines import Line
from .outputs import returned
from .scribe import Scribe
from .trace import Trace

__all__ = ["Places", "Store", "Traced", "traced"]

_one_at_a_time = RLock()

Store = tuple[Line, Line]  # a place, and the line of what it holds afterwards


class Traced(NamedTuple):
    """What a run has written.

    Attributes
    ----------
    trace : Trace
        The lines, and the places of what is passed and read.
    output : nested tuples, lists and dicts
        What the function returned; see `outputs`.
    stores : list of (Line, Line)
        What holds something else afterwards, and the line of that.
    forgotten : list of Tensor
        Whose gradient is forgotten.
    moved : list of Slot
        What optimizers have moved, once for each time.
    steps : list of (Optimizer, int)
        How many steps each has made.
    tensors : list of (Tensor, Line, Line or None)
        The places of elements and gradients.
    """

    trace: Trace
    found: Found
    output: Any
    stores: list[Store]
    forgotten: list[Tensor]
    moved: list[Slot]
    steps: list[tuple[Optimizer, int]]
    tensors: list[tuple[Tensor, Line, Line | None]]


def traced(
    function: Callable[..., Any], arguments: Arguments, found: Found, freeze: bool = False
) -> Traced:
    """Run a function on Scribes, and write down what it does. All is as before afterwards.

    Parameters
    ----------
    freeze : bool
        Whether the elements of tensors that no optimizer moves are constants.
    """
    with _one_at_a_time:
        trace = Trace(found)
        places = Places(trace, found, freeze)
        with places, _no_draws(found.generators):
            args, kwargs = arguments.on_scribes(trace)
            output = returned(function(*args, **kwargs))
            stores, forgotten = list(places.stores()), places.without_gradient()
    return Traced(
        trace, found, output, stores, forgotten, places.moved, places.steps, places.tensors
    )


@contextmanager
def _no_draws(generators: list[np.random.Generator]) -> Iterator[None]:
    """Refuse random numbers that are drawn by NumPy itself: each call would have the same."""
    sources = [*generators, generator(None)]
    before = [source.bit_generator.state for source in sources]
    yield
    for source, state in zip(sources, before, strict=True):
        now = source.bit_generator.state
        source.bit_generator.state = state
        if repr(now) != repr(state):
            raise CompileError(
                "compile: random numbers are drawn while the page is written, once and for all.\n"
                "  Draw them with glasswork.functional.uniform_like(x, rng), which the page then\n"
                "  does at each call; or draw before, and pass them as an argument."
            )


class Places:
    """Scribes in place of all arrays that were found, for as long as the `with` block lasts.

    Attributes
    ----------
    tensors, moved, steps
        See `Traced`.
    """

    def __init__(self, trace: Trace, found: Found, freeze: bool) -> None:
        self._freeze = freeze
        self._trace = trace
        self._found = found
        self._before: list[tuple[Any, str, Any]] = []
        self.tensors: list[tuple[Tensor, Line, Line | None]] = []
        self._lanes: list[WrittenLane] = []
        self.moved: list[Slot] = []
        self.steps: list[tuple[Optimizer, int]] = []

    def __enter__(self) -> Self:
        vectors: dict[int, Line] = {}
        for home in self._found.homes:
            for kind, vector in home.vectors():
                vectors[id(vector)] = self._trace.place(kind, kind, vector)
            for i, slot in enumerate(home.slots):
                part = home.starts[i], home.shapes[i]
                els = _part(self._trace, vectors[id(home.parameters)], *part)
                grad = _part(self._trace, vectors[id(home.gradients)], *part)
                self._occupy(slot.tensor, els, grad)
        for name, tensor in self._found.loose.items():
            kind = "constant" if self._freeze else "parameter"
            els = self._trace.place(name, kind, tensor._els)
            grad = self._trace.place(f"{name}.gradient", "gradient", np.zeros_like(tensor._els))
            self._occupy(tensor, els, grad)
        for optimizer in self._found.optimizers:
            lanes = [
                WrittenLane(lane, optimizer, self._trace, vectors, self.moved)
                for lane in optimizer._lanes
            ]
            self._lanes += lanes
            self._put(optimizer, "_lanes", lanes)
            self._put(optimizer, "steps", optimizer.steps)
        return self

    def __exit__(self, *exception: object) -> None:
        for owner, name, value in reversed(self._before):
            if isinstance(owner, Optimizer) and name == "steps":
                self.steps.append((owner, owner.steps - value))
            setattr(owner, name, value)

    def stores(self) -> Iterator[Store]:
        """What holds something else now, and the line of that."""
        runs = [run for lane in self._lanes for run in lane.runs]
        whole = {id(tensor) for run in runs if run.is_whole() for tensor in run.tensors}
        for run in runs:
            yield from run.stores()
        for tensor, els, grad in self.tensors:
            if id(tensor) not in whole and tensor._els.line is not els:  # type: ignore[attr-defined]
                yield els, tensor._els.line  # type: ignore[attr-defined]
            if grad is not None and tensor._grad is not None:
                line = Scribe.of(tensor._grad, self._trace).line
                if line is not grad:
                    yield grad, line

    def without_gradient(self) -> list[Tensor]:
        """The tensors whose gradient is forgotten now."""
        return [tensor for tensor, _, grad in self.tensors if grad and tensor._grad is None]

    def _occupy(self, tensor: Tensor, els: Line, grad: Line) -> None:
        wanted = tensor.requires_grad
        self._put(tensor, "_els", Scribe(els, self._trace))
        self._put(tensor, "_grad", Scribe(grad, self._trace) if wanted else None)
        self._put(tensor, "serial", tensor.serial)
        self.tensors.append((tensor, els, grad if wanted else None))

    def _put(self, owner: Any, name: str, value: Any) -> None:
        self._before.append((owner, name, getattr(owner, name)))
        setattr(owner, name, value)


class WrittenLane(Lane):
    """A lane of an optimizer whose rule is written down: once for each run of neighbors."""

    __slots__ = ("_moved", "_number", "runs")

    def __init__(
        self,
        lane: Lane,
        optimizer: Optimizer,
        trace: Trace,
        vectors: Mapping[int, Line],
        moved: list[Slot],
    ) -> None:
        self.counts, self.in_strips, self.rate = lane.counts, False, lane.rate
        self.rule = lane.rule
        self.options = {
            name: Scribe(trace.place(name, "number", value), trace)
            for name, value in lane.options.items()
            if isinstance(value, int | float)
        }
        learning = [slot for slot in lane.slots if slot.tensor.requires_grad]
        runs = alike(
            learning, lane.in_strips, lambda slot: (slot.tensor.dtype, slot.steps, slot.home)
        )
        self.runs = [Run(run, trace, vectors, lane.counts) for run in runs]
        self.slots = [run.slot for run in self.runs]
        steps, rates = optimizer.steps, optimizer._rates

        def rate(ahead: int) -> float:
            now = rates[lane.rate]
            return now if type(now) is float else optimizer._now(now, ahead)

        def number() -> Scribe:
            ahead = optimizer.steps - steps
            return Scribe(trace.reading("learning_rate", "number", lambda: rate(ahead)), trace)

        self._number = number
        self._moved = moved

    def step(self, learning_rate: float) -> None:
        """Write down how the runs are moved."""
        for run in self.runs:
            run.open()
        super().step(self._number())  # type: ignore[arg-type]
        for run in self.runs:
            run.close()
            self._moved += run.members


class Run:
    """Parameters side by side in a home, which one rule moves as if they were one."""

    def __init__(
        self, members: list[Slot], trace: Trace, vectors: Mapping[int, Line], counts: bool
    ) -> None:
        home: Home = members[0].home
        first = home.slots.index(members[0])
        self.members = members
        self.tensors = [slot.tensor for slot in members]
        self._trace = trace
        self._starts = home.starts[first : first + len(members) + 1]
        self._parts: list[Line] = []
        start, shape = self._starts[0], (self._starts[-1] - self._starts[0],)

        def whole(vector: Any) -> Line:
            return _part(trace, vectors[id(vector)], start, shape)

        self._els = whole(home.parameters)
        self._memory = [whole(memory) for memory in home.memories]
        self.slot = Slot.__new__(Slot)
        self.slot.tensor = leaf(Scribe(self._els, trace), requires_grad=True)  # type: ignore[arg-type]
        self.slot.names = members[0].names
        self.slot.memory = [Scribe(line, trace) for line in self._memory]  # type: ignore[misc]
        self.slot.steps = members[0].steps
        if counts:
            number = trace.reading("steps", "number", lambda: members[0].steps)
            self.slot.steps = Scribe(number, trace)  # type: ignore[assignment]
        self._unmoved = [tensor._els.line for tensor in self.tensors]  # type: ignore[attr-defined]
        self._grads = [tensor._grad.line for tensor in self.tensors]  # type: ignore[union-attr]

    def open(self) -> None:
        """Take the parameters and gradients as one vector each."""
        lines = [tensor._els.line for tensor in self.tensors]  # type: ignore[attr-defined]
        if lines != self._unmoved:
            packed = self._trace.write(PACK, (None, lines), {})
            self.slot.tensor._els = Scribe(packed, self._trace)  # type: ignore[assignment]
        grads = [Scribe.of(tensor.grad, self._trace).line for tensor in self.tensors]
        packed = self._trace.write(PACK, (self._grads, grads), {})
        self.slot.tensor._grad = Scribe(packed, self._trace)  # type: ignore[assignment]

    def close(self) -> None:
        """Give each parameter its part of the vector again."""
        vector = self.slot.tensor._els.line  # type: ignore[attr-defined]
        for i, tensor in enumerate(self.tensors):
            start = self._starts[i] - self._starts[0]
            line = _part(self._trace, vector, start, tensor._els.shape)
            tensor._els = Scribe(line, self._trace)  # type: ignore[assignment]
            tensor._renew()
        self._unmoved = [tensor._els.line for tensor in self.tensors]  # type: ignore[attr-defined]

    def is_whole(self) -> bool:
        """Whether nobody has written to one of the parameters since they were moved."""
        lines = [tensor._els.line for tensor in self.tensors]  # type: ignore[attr-defined]
        return lines == self._unmoved

    def stores(self) -> Iterator[Store]:
        """The vectors that hold something else now."""
        scribes = [(self._els, self.slot.tensor._els)] if self.is_whole() else []
        scribes += zip(self._memory, self.slot.memory, strict=True)
        for place, scribe in scribes:
            if scribe.line is not place:  # type: ignore[attr-defined]
                yield place, scribe.line  # type: ignore[attr-defined]


def _part(trace: Trace, vector: Line, start: int, shape: tuple[int, ...]) -> Line:
    """A part of a vector, in a shape."""
    stop = start + prod(shape)
    line = vector
    if (start, stop) != (0, vector.value.size):
        line = trace.write(KEY, (line, slice(start, stop)), {})
    return line if line.value.shape == shape else trace.write(Method("reshape"), (line, shape), {})
