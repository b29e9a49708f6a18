"""The memory of a program: which array each line writes to.

A value lives from the line that makes it to the last that takes it. One that takes elements one by
one may overwrite what dies with it; what a parameter, a gradient or a state is to hold is
made where it is to be, if nobody needs what is there any more. All others share one arena, in which
values that live at the same time do not overlap.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from .calls import COPY, PACK, Pack
from .lines import Line, Origin, Place

__all__ = ["STRIP", "Buffer", "Plan", "overlap", "plan", "span", "taken"]

ALIGNMENT = 64  # bytes: a line of the processor's cache
STRIP = 2**15  # elements: what a learning rule takes and makes of so many stays in the cache
LONG = 2**20  # elements: vectors from here on are gone through in strips


class Buffer:
    """Memory of one shape, dtype and order in the arena, from one line to another.

    Attributes
    ----------
    first, last : int
        From which line to which it is in use.
    start : int
        Its first byte in the arena.
    """

    def __init__(self, value: np.ndarray, first: int, last: int) -> None:
        self.shape, self.dtype, self.order = layout(value)
        self.nbytes = value.nbytes
        self.first, self.last = first, last
        self.start = 0


class Plan:
    """Lines, and where each puts what it makes.

    Attributes
    ----------
    lines : list of Line
        With copies, where a value could not be made where it is to be.
    into : dict of Line to Buffer or Line
        For each line that fills memory: a buffer of the arena, or a place.
    fresh : set of Line
        What is returned: a new array each time.
    strips : list of list of Line
        Lines, one after the other, that go through long vectors together, a strip at a time.
    size : int
        Bytes of the arena.
    least : int
        The most bytes that are alive at one line: no arena could be smaller.
    """

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.into: dict[Line, Buffer | Line] = {}
        self.fresh: set[Line] = set()
        self.strips: list[list[Line]] = []
        self.size = self.least = 0


def plan(
    lines: Sequence[Line], stores: Sequence[tuple[Line, Line]], returned: Iterable[Line]
) -> Plan:
    """Memory for a program that stores and returns these."""
    return _Planner(lines, stores, returned).plan


class _Planner:
    """Goes through the lines once, giving each the best memory that is free by then."""

    def __init__(
        self, lines: Sequence[Line], stores: Sequence[tuple[Line, Line]], returned: Iterable[Line]
    ) -> None:
        self.plan = Plan()
        self.lines = list(lines)
        self.end = len(lines)
        self.stores = list(stores)
        self.last: dict[Line, int] = {}  # the last line that takes a value, or a view of it
        self.in_places: list[tuple[Span, int, Line]] = []  # what takes what a place held before
        self._find_uses(returned)
        self.wanted = self._wanted()
        self.fillers: list[tuple[Span, Line]] = []  # what is in the places now
        for i, line in enumerate(self.lines):
            self._settle(i, line)
        for place, line in self.stores:
            if not self._is_at(line, place):
                self._copy(place, line)
        self._find_strips()
        self._fill_arena()

    def _find_uses(self, returned: Iterable[Line]) -> None:
        for i, line in enumerate(self.lines):
            for x in taken(line):
                self._use(x, i)
        for _, line in self.stores:
            self._use(line, self.end)
        for line in returned:
            self._use(line, self.end)
            own = line.is_array and line.root is line and not isinstance(line.call, Place)
            if own and not any(stored is line for _, stored in self.stores):
                self.plan.fresh.add(line)
        for line in self.lines:
            if line.call is PACK:  # the vector is made of its parts
                for part in line.args[1]:
                    self.last[part.root] = max(self.last[part.root], self.last.get(line, 0))

    def _use(self, x: Line, i: int) -> None:
        self.last[x.root] = i
        if isinstance(x.root.call, Place) and x.is_array:
            self.in_places.append((span(x.value), i, x))

    def _wanted(self) -> dict[Line, Line]:
        """The place where each value is wanted, directly or for what will overwrite it."""
        wanted = {line: place for place, line in reversed(self.stores) if line.root is line}
        for line in self.lines:
            if line.call is PACK and line.args[0] is not None:
                for part, place in zip(line.args[1], line.args[0], strict=True):
                    wanted.setdefault(part, place)
        for i in reversed(range(self.end)):
            line = self.lines[i]
            if line in wanted and line.call.overwrites:
                dying = [x for x in line.inputs if self._dies(x, i, line) and x not in wanted]
                place = wanted[line]
                best = [x for x in dying if any(y.root is place.root for y in x.inputs)] or dying
                if best:
                    wanted[best[0]] = place
        return wanted

    def _dies(self, x: Line, i: int, line: Line) -> bool:
        """Whether line i may overwrite x, of its own shape and order, which nobody needs later."""
        others = [y for y in line.inputs if y is not x]
        return (
            x.is_array
            and x.root is x
            and not isinstance(x.call, Place)
            and self.last[x] == i
            and x not in self.plan.fresh
            and line.is_array
            and layout(x.value) == layout(line.value)
            and not any(y.root is x for y in others)
        )

    def _settle(self, i: int, line: Line) -> None:
        if line.call is PACK and line.args[0] is not None:
            self._settle_pack(line)
            return
        self.plan.lines.append(line)
        if not (line.is_array and line.root is line and line.call.fills):
            return
        if line in self.plan.fresh or isinstance(line.call, Place):
            return
        place = self.wanted.get(line)
        if place is not None and self._is_free(place, i, line):
            self.plan.into[line] = place
            self.fillers.append((span(place.value), line))
            return
        if line.call.overwrites:
            for x in line.inputs:
                into = self.plan.into.get(x)
                if isinstance(into, Buffer) and self._dies(x, i, line):
                    into.last = max(into.last, self.last.get(line, i))
                    self.plan.into[line] = into
                    return
        self.plan.into[line] = Buffer(line.value, i, self.last.get(line, i))

    def _is_free(self, place: Line, i: int, line: Line) -> bool:
        """Whether line i may fill a place: nobody needs what is there, or line i itself does."""
        if layout(place.value) != layout(line.value):
            return False
        here = span(place.value)
        for there, used, x in self.in_places:
            if overlap(here, there) and used >= i:
                same = there == here and x.value.shape == line.value.shape
                if used > i or not (same and line.call.overwrites):
                    return False
        for there, filler in self.fillers:
            last = self.last.get(filler, 0)
            dies = last == i and there == here and self._dies(filler, i, line)
            if overlap(here, there) and last >= i and not dies:
                return False
        return True

    def _settle_pack(self, line: Line) -> None:
        """Copy what is not yet in its part of the vector; then the vector is there already."""
        for place, part in zip(*line.args, strict=True):
            if not self._is_at(part, place):
                self._copy(place, part)
        self.plan.lines.append(line)

    def _copy(self, place: Line, line: Line) -> None:
        origin = Origin("update", "", "store")
        self.plan.lines.append(Line(COPY, (place, line), {}, place.value, origin))

    def _is_at(self, line: Line, place: Line) -> bool:
        into = self.plan.into.get(line)
        return isinstance(into, Line) and span(into.value) == span(place.value)

    def _find_strips(self) -> None:
        """Lines that take long vectors element by element; numbers may stand between them."""
        run: list[Line] = []
        for line in [*self.plan.lines, None]:
            if line is not None and self._is_long(line, run):
                run.append(line)
            elif line is None or line.is_array or any(x.is_array for x in line.inputs):
                if len(run) > 1:
                    self.plan.strips.append(run)
                    self._shorten(run)
                run = []

    def _is_long(self, line: Line, run: list[Line]) -> bool:
        """Whether a line takes and makes vectors of one length alone, as those before it do."""
        arrays = [x for x in (line, *line.inputs) if x.is_array]
        return (
            line in self.plan.into
            and line.call.elementwise
            and line.value.ndim == 1
            and line.value.size >= LONG
            and all(x.value.shape == line.value.shape for x in arrays)
            and all(x in self.plan.into or isinstance(x.root.call, Place | Pack) for x in arrays)
            and (not run or run[0].value.shape == line.value.shape)
        )

    def _shorten(self, run: list[Line]) -> None:
        """What only these lines use needs to hold but one strip."""
        outside = [x for x in self.plan.lines if x not in run]
        taken = {x.root for y in outside for x in y.inputs} | {x.root for _, x in self.stores}
        for buffer in {self.plan.into[x] for x in run}:
            own = [x for x, into in self.plan.into.items() if into is buffer]
            if isinstance(buffer, Buffer) and set(own) <= set(run) and not taken & set(own):
                buffer.shape = (STRIP,)
                buffer.nbytes = STRIP * buffer.dtype.itemsize

    def _fill_arena(self) -> None:
        """Where each buffer begins: the largest first, each as low as it can be."""
        buffers = list(
            {id(b): b for b in self.plan.into.values() if isinstance(b, Buffer)}.values()
        )
        settled: list[Buffer] = []
        for buffer in sorted(buffers, key=lambda b: (-b.nbytes, b.first)):
            beside = [b for b in settled if b.first <= buffer.last and buffer.first <= b.last]
            for other in sorted(beside, key=lambda b: b.start):
                if buffer.start + buffer.nbytes <= other.start:
                    break
                buffer.start = max(buffer.start, _aligned(other.start + other.nbytes))
            settled.append(buffer)
        self.plan.size = max((b.start + b.nbytes for b in buffers), default=0)
        alive = (sum(b.nbytes for b in buffers if b.first <= i <= b.last) for i in range(self.end))
        self.plan.least = max(alive, default=0)


Span = tuple[int, int]


def taken(line: Line) -> Iterable[Line]:
    """What a line computes with: the places that a vector is made in are none of it."""
    return line.args[1] if line.call is PACK else line.inputs


def span(array: np.ndarray) -> Span:
    """The first byte of an array, and the one after its last."""
    first, after = np.lib.array_utils.byte_bounds(array)
    return int(first), int(after)


def overlap(a: Span, b: Span) -> bool:
    """Whether two spans have bytes in common."""
    return a[0] < b[1] and b[0] < a[1]


def layout(value: Any) -> tuple[tuple[int, ...], np.dtype, tuple[int, ...]]:
    """The shape, the dtype, and the axes in the order in which they lie in memory."""
    order = sorted(range(value.ndim), key=lambda axis: (-abs(value.strides[axis]), axis))
    moved = [axis for axis in order if value.shape[axis] != 1]
    return value.shape, value.dtype, tuple(moved)


def _aligned(start: int) -> int:
    return -(-start // ALIGNMENT) * ALIGNMENT
