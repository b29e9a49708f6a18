"""A program: a function for arguments of one kind, as a page of NumPy, with what it works on."""

from __future__ import annotations

import linecache
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from types import CodeType
from typing import Any
from weakref import finalize

import numpy as np
from numpy.typing import NDArray

from ..tape import next_serial
from .arguments import Arguments
from .calls import Ufunc
from .draft import Draft, used
from .driver import After, Before, after_call, current, fitting, settled
from .findings import Found
from .levers import FAST
from .lines import Line, Place
from .names import identifier, module_names
from .outputs import called, lines_of, rebuilt, within
from .page import Script
from .places import Traced, traced
from .plan import overlap, plan, span
from .rules import EXACT
from .writer import write

__all__ = ["Program"]

COPIED = Ufunc(np.positive)

_number = count(1).__next__


class Program:
    """One page of a compiled function.

    Parameters
    ----------
    function, arguments, found
        What is run once to be written down, on what, and what it works with.
    why : str
        What made this page necessary.
    exact : bool
        Whether every bit is to be that of the function itself.
    freeze : bool
        Whether the elements of tensors are constants.

    Attributes
    ----------
    name : str
        Of the function, here and on the page.
    page : Page
        The source, and what it takes as given.
    plan : Plan
        Its lines, and the memory that each fills.
    passed : list of str
        The names of what has to be passed to the page.
    takes : callable
        Whether the arguments of a call are known to be of the same shapes and dtypes.
    is_settled, is_current : callable
        Whether all tensors hold the arrays that the page works on; and whether networks, optimizers
        and arrays around the function are those that it was written for.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        arguments: Arguments,
        found: Found,
        why: str,
        *,
        exact: bool = False,
        freeze: bool = False,
    ) -> None:
        self.why = why
        self.arguments = arguments.described()
        self.takes = fitting(arguments.kinds())
        self.name = identifier(getattr(function, "__name__", "step").replace("<lambda>", "step"))
        written = traced(function, arguments, found, freeze)
        draft = Draft(EXACT if exact else FAST)
        draft.rewrite(written.trace.lines)
        self._write(written, draft)
        self._rebuild = rebuilt(written.output)
        self._attach_arrays(written)
        self._attach_gradients(written, draft.now)
        self._count, self._renew = after_call(self._after(written))
        self._serial = 0  # that of the next value, if nothing is recorded before the next call
        for line in [*written.trace.lines, *draft.lines]:
            line.forget()

    def _write(self, written: Traced, draft: Draft) -> None:
        """Plan what is wanted of a draft, and write the page."""
        stores = [(draft.now(place), draft.now(line)) for place, line in written.stores]
        kept = _Kept(stores)
        stores = [(place, kept(line)) for place, line in stores]
        output = within(written.output, lambda line: kept(draft.now(line)))
        results = list(lines_of(output))
        wanted = [line for store in stores for line in store] + results
        lines = used([*kept.lines, *draft.lines], wanted)
        self._places = list(dict.fromkeys(_places(lines, wanted)))
        self.plan = plan([*self._places, *lines], stores, results)
        self.page = write(self._script(written, draft.now, output))
        self._code = self._compiled()

    def _script(self, written: Traced, now: Callable[[Line], Line], output: Any) -> Script:
        trace, modules = written.trace, module_names(written.found.trees)
        readings = [(line, read) for line, read in trace.readings if line in self._places]
        readings.sort(key=lambda reading: reading[0].kind != "generator")  # these come first
        self._reads = [read for _, read in readings]
        return Script(
            name=self.name,
            title=f"{self.name}: {self.arguments}",
            plan=self.plan,
            arguments={line: name for name, line in trace.arguments.items()},
            readings=[line for line, _ in readings],
            names={now(x): _name(path, modules) for x, path in _paths(written)} | called(output),
            modules=modules,
            output=output,
            quiet=trace.quiet,
        )

    def _compiled(self) -> CodeType:
        """The page as Python's code; tracebacks and debuggers find its lines."""
        filename, source = f"<glasswork {self.name}, page {_number()}>", self.page.source
        linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)
        finalize(self, linecache.cache.pop, filename, None)
        return compile(source, filename, "exec")

    def _attach_arrays(self, written: Traced) -> None:
        """Note where the arrays come from that are looked at before a call."""
        found, named, places = written.found, self.page.named, set(self._places)
        vectors = {id(x.value) for x in places}
        self._homes = [
            home for home in found.homes if any(id(v) in vectors for _, v in home.vectors())
        ]
        self._loose = [
            (tensor, named[els])
            for tensor, els, _ in written.tensors
            if els in places and els.kind == "parameter"
        ]
        self._roots = found.roots
        self._captured = [
            (found.captured[id(line.value)], named[line])
            for line in places
            if line.kind == "captured"
        ]

    def _attach_gradients(self, written: Traced, now: Callable[[Line], Line]) -> None:
        """Note which gradients a call takes up, and which it leaves."""
        homes = written.found.homes
        views = {
            id(s.tensor): view for h in homes for s, view in zip(h.slots, h.grads, strict=True)
        }
        places = [
            (t, grad, views.get(id(t), grad.value))
            for t, _, grad in written.tensors
            if grad is not None
        ]
        taken = {x for line in self.plan.lines for x in line.inputs}
        self._incoming = [(tensor, view) for tensor, grad, view in places if now(grad) in taken]
        self._left = [(tensor, view) for tensor, grad, view in places if grad in _stored(written)]

    def _after(self, written: Traced) -> After:
        """What a call amounts to."""
        moved = [slot.tensor for slot in written.moved]
        stored = [tensor for tensor, els, _ in written.tensors if els in _stored(written)]
        forgotten = [(tensor, None) for tensor in written.forgotten]
        return After(
            moved=written.moved,
            steps=[(optimizer, n) for optimizer, n in written.steps if n],
            renewed=list({id(tensor): tensor for tensor in [*moved, *stored]}.values()),
            graded=[*self._left, *forgotten],
        )

    def bind(self, arena: NDArray[np.uint8]) -> None:
        """Put the page to work on what is held now, in this arena."""
        self.namespace: dict[str, Any] = self.page.given | {"arena": arena}
        self.namespace |= {name: tensor._els for tensor, name in self._loose}
        self.namespace |= {name: captured.read() for captured, name in self._captured}
        exec(self._code, self.namespace)
        self.run: Callable[..., Any] = self.namespace[self.name]
        self.settle()

    def settle(self) -> None:
        """Take over what was put into the tensors since the last call."""
        for home in self._homes:
            home.move_in()
        loose = [(tensor._els, name) for tensor, name in self._loose]
        captured = [(captured.read(), name) for captured, name in self._captured]
        if any(self.namespace[name] is not array for array, name in [*loose, *captured]):
            self.bind(self.namespace["arena"])
        held: list[Before] = [
            (slot.tensor, home.els[i], slot, home.remembered[i])
            for home in self._homes
            for i, slot in enumerate(home.slots)
        ]
        held += [(tensor, tensor._els, None, None) for tensor, _ in self._loose]
        self.is_settled = settled(held)
        around = [(known.read, self.namespace[name]) for known, name in self._captured]
        self.is_current = current([*self._roots, *around])
        self._serial = 0

    def held(self) -> list[NDArray[Any]]:
        """All arrays that the page works on, but for the arena."""
        given = (self.namespace[name] for name in self.page.given)
        return [array for array in given if isinstance(array, np.ndarray)]

    def reads(self) -> list[Any]:
        """What is read at each call: learning rates, counts of steps, generators."""
        return [read() for read in self._reads]

    def __call__(self, *values: Any) -> Any:
        for tensor, view in self._incoming:
            if tensor._grad is not view:
                view[...] = 0 if tensor._grad is None else tensor._grad
        serial = next_serial()
        result = self.run(*values, *[read() for read in self._reads])
        self._count()
        if serial != self._serial or next_serial() != serial + 1:
            self._renew()  # something was recorded, perhaps from what has other elements now
        returned = self._rebuild(result)
        self._serial = next_serial() + 1
        return returned

    def __repr__(self) -> str:
        return f"<page for {self.arguments or 'no arguments'}: {self.why}>"


class _Kept:
    """What a place held before, where that is wanted after the place has been written to: copies.

    Attributes
    ----------
    lines : list of Line
        The copies, to be made before anything else.
    """

    def __init__(self, stores: list[tuple[Line, Line]]) -> None:
        self.lines: list[Line] = []
        self._written = [span(place.value) for place, _ in stores]

    def __call__(self, line: Line) -> Line:
        """The line, or the copy of it."""
        value = line.value
        if not (line.root.kind and isinstance(value, np.ndarray) and value.size):
            return line
        if not any(overlap(span(value), written) for written in self._written):
            return line
        self.lines.append(Line(COPIED, (line,), {}, np.positive(value), line.origin))
        return self.lines[-1]


def _paths(written: Traced) -> Iterator[tuple[Line, str]]:
    """The lines of elements and gradients, with the paths of their tensors."""
    paths = {id(tensor): path for path, tensor in written.found.tensors.items()}
    for tensor, els, grad in written.tensors:
        yield els, paths[id(tensor)]
        if grad is not None:
            yield grad, f"d {paths[id(tensor)]}"


def _stored(written: Traced) -> set[Line]:
    """The places that hold something else after a call."""
    return {place for place, _ in written.stores}


def _places(lines: list[Line], wanted: list[Line]) -> Iterator[Line]:
    """The places that a program takes anything from, or puts anything into."""
    for line in [*wanted, *(x for taker in lines for x in taker.inputs)]:
        if isinstance(line.call, Place):
            yield line


def _name(path: str, modules: Mapping[str, str]) -> str:
    """What a page calls the tensor at a path: `d model.hidden.weights` is d_hidden_weights."""
    lead, _, rest = path.rpartition(" ")
    module, _, attribute = rest.rpartition(".")
    parts = [lead, modules.get(module, module), attribute]
    return "_".join(part for part in parts if part)
