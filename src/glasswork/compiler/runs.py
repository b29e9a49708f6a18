"""Runs: what an optimizer does to parameters side by side, written down as if they were one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from math import prod
from typing import Any

from ..errors import CompileError
from ..optim import Optimizer
from ..optim.lanes import Lane, Slot
from ..optim.schedules import rate_at
from ..tensor import leaf
from .calls import KEY, PACK, Method
from .findings import alike
from .flat import Home
from .lines import Line
from .origins import user_line
from .rates import Count, Rate
from .scribe import line_of, stand_in
from .trace import Trace

__all__ = ["Run", "Store", "WrittenLane", "part_of", "refusal_to_freeze"]

Store = tuple[Line, Line]  # a place, and the line of what it holds afterwards


class WrittenLane(Lane):
    """A lane of an optimizer whose rule is written down: once for each run of neighbors.

    Attributes
    ----------
    runs : list of Run
    taken : int
        How many steps the call has made so far.
    """

    __slots__ = ("_learning", "_moved", "_optimizer", "_steps", "_trace", "runs", "taken")

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
            name: stand_in(_option(trace, name, value), trace)
            for name, value in lane.options.items()
            if isinstance(value, int | float)
        }
        self._learning = [(slot.tensor, slot.tensor.requires_grad) for slot in lane.slots]
        learning = [slot for slot in lane.slots if slot.tensor.requires_grad]
        runs = alike(learning, lane.in_strips, partial(_neighborhood, learning))
        self.runs = [Run(run, trace, vectors, lane.counts) for run in runs]
        self.slots = [run.slot for run in self.runs]
        self._trace, self._moved, self._optimizer = trace, moved, optimizer
        self._steps, self.taken = optimizer.steps, 0

    def step(self, learning_rate: float) -> None:
        """Write down how the runs are moved."""
        if any(tensor.requires_grad is not learns for tensor, learns in self._learning):
            raise refusal_to_freeze(f"  It is found in {user_line()}.\n")
        for run in self.runs:
            run.open()
        super().step(learning_rate)
        for run in self.runs:
            run.close()
            self._moved += run.members
        self.taken += 1

    def rate_of(self, place: int) -> Any:
        """One of the optimizer's learning rates, which is read at each call: of the next step."""
        read = Rate(self._optimizer, place, self.taken)
        now = float(rate_at(self._optimizer._rates[place], self._steps + self.taken))
        return stand_in(self._trace.reading("learning_rate", "number", read, now), self._trace)


def _option(trace: Trace, name: str, value: float) -> Line:
    """The place of a hyperparameter: one for all that have the same name and the same value."""
    read = {line for line, _ in trace.readings}
    for line in trace.places:
        same = line.kind == "number" and line.call.name == name and line not in read
        if same and type(line.value) is type(value) and line.value == value:
            return line
    return trace.place(name, "number", value)


def _neighborhood(slots: list[Slot], slot: Slot) -> tuple[Any, ...]:
    """Equal for slots that are neighbors in one home, and were moved as often."""
    place = slot.home.slots.index(slot) - slots.index(slot)
    return slot.tensor.dtype, slot.steps, slot.home, place


class Run:
    """Parameters side by side in a home, which one rule moves as if they were one.

    Attributes
    ----------
    members : list of Slot
        Theirs.
    tensors : list of Tensor
        The parameters.
    slot : Slot
        That of all of them as one vector.
    """

    def __init__(
        self, members: list[Slot], trace: Trace, vectors: Mapping[int, Line], counts: bool
    ) -> None:
        home: Home = members[0].home
        first = home.slots.index(members[0])
        self.members = members
        self.tensors = [slot.tensor for slot in members]
        self._trace = trace
        self._starts = home.starts[first : first + len(members) + 1]
        part = self._starts[0], (self._starts[-1] - self._starts[0],)
        self._els = part_of(trace, vectors[id(home.parameters)], *part)
        self._memory = [part_of(trace, vectors[id(memory)], *part) for memory in home.memories]
        self.slot = self._as_one(counts)
        self._unmoved = self._lines()
        self._grads = [line_of(tensor._grad) for tensor in self.tensors]

    def _as_one(self, counts: bool) -> Slot:
        first, trace = self.members[0], self._trace
        slot = Slot.__new__(Slot)
        slot.tensor = leaf(stand_in(self._els, trace), requires_grad=True)
        slot.names = first.names
        slot.memory = [stand_in(line, trace) for line in self._memory]
        slot.steps = first.steps
        if counts:
            steps = trace.reading("steps", "number", Count(first), first.steps)
            slot.steps = stand_in(steps, trace)
        return slot

    def _lines(self) -> list[Line]:
        """What the parameters hold now."""
        return [line_of(tensor._els) for tensor in self.tensors]

    def open(self) -> None:
        """Take the parameters and gradients as one vector each."""
        lines = self._lines()
        if lines != self._unmoved:
            self.slot.tensor._els = self._packed(None, lines)
        self.slot.tensor._grad = self._packed(
            self._grads, [line_of(tensor.grad) for tensor in self.tensors]
        )

    def _packed(self, places: list[Line] | None, lines: list[Line]) -> Any:
        return stand_in(self._trace.write(PACK, (places, lines), {}), self._trace)

    def close(self) -> None:
        """Give each parameter its part of the vector again."""
        vector = line_of(self.slot.tensor._els)
        for start, tensor in zip(self._starts[:-1], self.tensors, strict=True):
            line = part_of(self._trace, vector, start - self._starts[0], tensor._els.shape)
            tensor._els = stand_in(line, self._trace)
            tensor._renew()
        self._unmoved = self._lines()

    def is_whole(self) -> bool:
        """Whether nobody has written to one of the parameters since they were moved."""
        return self._lines() == self._unmoved

    def stores(self) -> Iterator[Store]:
        """The vectors that hold something else now."""
        if self.is_whole() and line_of(self.slot.tensor._els) is not self._els:
            yield self._els, line_of(self.slot.tensor._els)
        for place, memory in zip(self._memory, self.slot.memory, strict=True):
            if line_of(memory) is not place:
                yield place, line_of(memory)


def refusal_to_freeze(where: str = "") -> CompileError:
    """The error of a parameter that does not learn as it did when the function began."""
    return CompileError(
        "compile: a parameter is frozen, or learns again, while the page is written.\n"
        f"{where}  Freeze between calls: there is a page for either."
    )


def part_of(trace: Trace, vector: Line, start: int, shape: tuple[int, ...]) -> Line:
    """A part of a vector, in a shape."""
    stop = start + prod(shape)
    line = vector
    if (start, stop) != (0, vector.value.size):
        line = trace.write(KEY, (line, slice(start, stop)), {})
    return line if line.value.shape == shape else trace.write(Method("reshape"), (line, shape), {})
