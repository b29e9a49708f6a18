"""What each line of a page costs: operations, bytes and memory, and when it is measured, time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from statistics import quantiles
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np

from ..errors import CompileError
from .calls import Dot, Ufunc
from .lines import Line
from .page import Statement
from .plan import Buffer
from .profile import timed
from .program import Program

__all__ = ["Cost", "Table", "profiled", "seconds_of"]

EFFORT = 0.3  # seconds that a profile may take, or three runs


class Cost(NamedTuple):
    """What one line of a page costs.

    Attributes
    ----------
    text : str
        The line.
    operations : int
        Additions, multiplications and the like.
    bytes : int
        Read and written.
    memory : str
        Where the result goes: bytes of the arena, or the place that is filled.
    seconds : float or None
        The median, if it was measured.
    share : float or None
        Of what this machine can do: of its matrix products, or of its memory.
    """

    text: str
    operations: int
    bytes: int
    memory: str
    seconds: float | None = None
    share: float | None = None


class Table:
    """The costs of a page, line by line; it prints as a table.

    Attributes
    ----------
    costs : list of Cost
    arena, least : int
        Bytes that values share, and the most that are alive at once: no arena could be smaller.
    """

    def __init__(self, program: Program, seconds: Sequence[float] | None = None) -> None:
        page = program.page
        self.costs = [_cost(statement, program) for statement in page.body if statement.line]
        if seconds is not None:
            timed_lines = [s for line, s in zip(page.body, seconds, strict=True) if line.line]
            self.costs = [_measured(c, s) for c, s in zip(self.costs, timed_lines, strict=True)]
        self.arena, self.least = program.plan.size, program.plan.least

    def __iter__(self) -> Iterator[Cost]:
        return iter(self.costs)

    def __str__(self) -> str:
        head = ("line", "operations", "bytes", "memory", "µs", "share")
        measured = any(cost.seconds is not None for cost in self.costs)
        rows = [_row(cost) for cost in self.costs]
        operations = sum(cost.operations for cost in self.costs)
        moved = sum(cost.bytes for cost in self.costs)
        total = _row(Cost("all", operations, moved, "", self.seconds))
        columns = list(zip(*[head, *rows, total], strict=True))[: 6 if measured else 4]
        widths = [min(max(map(len, column)), 72) for column in columns]
        lines = [
            "  ".join(
                cell[:72].ljust(w) if i in (0, 3) else cell.rjust(w)
                for i, (cell, w) in enumerate(zip(row, widths, strict=True))
            ).rstrip()
            for row in zip(*columns, strict=True)
        ]
        note = f"arena: {self.arena} bytes; alive at once: {self.least}"
        return "\n".join([*lines, note])

    __repr__ = __str__

    @property
    def seconds(self) -> float | None:
        """The time of all lines."""
        known = [cost.seconds for cost in self.costs if cost.seconds is not None]
        return sum(known) if known else None


def profiled(program: Program, values: list[Any]) -> Table:
    """The table of a program with times."""
    return Table(program, seconds_of(program, values))


def seconds_of(program: Program, values: list[Any], effort: float = EFFORT) -> list[float]:
    """How long each line takes: the program runs, and what it changed is put back.

    Parameters
    ----------
    values : list
        What it is called with.
    effort : float
        Seconds that this may take, or three runs.

    Returns
    -------
    list of float
        The medians, one for each line of `program.page.body`.
    """
    held = program.held()
    before = [array.copy() for array in held]
    generators = [x for x in program.reads() if isinstance(x, np.random.Generator)]
    states = [generator.bit_generator.state for generator in generators]
    run = timed(program.page, program.namespace, program.name)
    reads = program.reads()
    runs: list[list[float]] = []
    began = perf_counter()
    try:
        while len(runs) < 3 or (perf_counter() - began < effort and len(runs) < 1000):
            runs.append(run(*values, *reads))
    finally:
        for array, elements in zip(held, before, strict=True):
            array[...] = elements
        for generator, state in zip(generators, states, strict=True):
            generator.bit_generator.state = state
    return [quantiles(times, n=4)[1] for times in zip(*runs, strict=True)]


def _cost(statement: Statement, program: Program) -> Cost:
    line = statement.line
    if line is None:
        raise CompileError("a line of a page without a call has no cost")
    into = program.plan.into.get(line)
    memory = ""
    if isinstance(into, Buffer):
        memory = f"arena {into.start}:{into.start + into.nbytes}"
    elif into is not None:
        memory = program.page.named[into]
    moved = sum(part.nbytes for x in (line, *line.inputs) for part in _parts(x))
    return Cost(statement.text.strip(), _operations(line), moved, memory)


def _operations(line: Line) -> int:
    if isinstance(line.call, Dot) or line.call == Ufunc(np.matmul):
        return 2 * int(np.size(line.value)) * int(line.args[0].value.shape[-1])
    return max(sum(part.size for part in _parts(x)) for x in (line, *line.inputs))


def _parts(line: Line) -> list[np.ndarray]:
    """The arrays that a line gives: several, as the parts of a decomposition, or one."""
    several = isinstance(line.value, tuple | list)
    return [np.asarray(part) for part in (line.value if several else [line.value])]


def _measured(cost: Cost, seconds: float) -> Cost:
    products, memory = _ceilings()
    is_product = cost.text.startswith(("np.dot", "np.matmul"))
    ideal = cost.operations / products if is_product else cost.bytes / memory
    return cost._replace(seconds=seconds, share=ideal / seconds if seconds else None)


@cache
def _ceilings() -> tuple[float, float]:
    """Operations a second of a large product, and bytes a second of a large sum, in float32."""
    a, b, out = (np.ones((768, 768), np.float32) for _ in range(3))
    x, y, z = (np.ones(2**22, np.float32) for _ in range(3))
    product = min(_seconds(np.dot, a, b, out) for _ in range(5))
    addition = min(_seconds(np.add, x, y, z) for _ in range(5))
    return 2 * 768**3 / product, 3 * x.nbytes / addition


def _seconds(call: Any, *args: Any) -> float:
    began = perf_counter()
    call(*args)
    return perf_counter() - began


def _row(cost: Cost) -> tuple[str, ...]:
    return (
        cost.text,
        f"{cost.operations:,}",
        f"{cost.bytes:,}",
        cost.memory,
        "" if cost.seconds is None else f"{cost.seconds * 1e6:,.1f}",
        "" if cost.share is None else f"{cost.share:.0%}",
    )
