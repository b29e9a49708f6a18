"""A program: a function for arguments of one kind, as a page of NumPy, with what it works on."""

from __future__ import annotations

import linecache
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .arguments import Arguments
from .draft import Draft, used
from .findings import Found
from .levers import FAST
from .lines import Line, Place
from .names import module_names
from .outputs import called, lines_of, rebuilt, within
from .places import Traced, traced
from .plan import plan
from .rules import EXACT
from .writer import Script, write

__all__ = ["Program"]

_number = count(1).__next__


class Program:
    """One page of a compiled function.

    Attributes
    ----------
    page : Page
        The source, and what it takes as given.
    plan : Plan
        Its lines, and the memory that each fills.
    why : str
        What made it necessary.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        arguments: Arguments,
        found: Found,
        why: str,
        exact: bool,
    ) -> None:
        self.why = why
        self._found = found
        self.kinds = [(a.shape, a.dtype) for a in map(np.asarray, arguments.values.values())]
        written = traced(function, arguments, found)
        trace = written.trace
        draft = Draft(EXACT if exact else FAST)
        draft.rewrite(trace.lines)
        now = draft.now
        stores = [(now(place), now(line)) for place, line in written.stores]
        returned = within(written.output, now)
        results = list(lines_of(returned))
        wanted = [line for store in stores for line in store] + results
        lines = used(draft.lines, wanted)
        places = list(dict.fromkeys(_places(lines, wanted)))
        self.plan = plan([*places, *lines], stores, results)
        readings = [(line, read) for line, read in trace.readings if line in places]
        modules = module_names(found.trees)
        self.page = write(
            Script(
                title=f"{getattr(function, '__name__', 'step')}: {_described(arguments)}",
                plan=self.plan,
                arguments={line: name for name, line in trace.arguments.items()}
                | {line: line.call.name for line, _ in readings},
                names={now(x): _name(path, modules) for x, path in _paths(written)}
                | called(returned),
                modules=modules,
                of={now(x): now(x.origin.of) for x in trace.lines if x.origin.of is not None},
                output=returned,
                quiet=trace.quiet,
            )
        )
        self._reads = [read for _, read in readings]
        self._rebuild = rebuilt(written.output)
        self._attach(written, now)
        self._code = self._compiled(getattr(function, "__name__", "step"))

    def _compiled(self, name: str) -> Any:
        """The page as Python's code; tracebacks and debuggers find its lines."""
        filename, source = f"<glasswork {name}, page {_number()}>", self.page.source
        linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)
        return compile(source, filename, "exec")

    def _attach(self, written: Traced, now: Callable[[Line], Line]) -> None:
        """Note what is looked at before a call, and what is done after it."""
        named, homes = self.page.named, self._found.homes
        at_home = {
            id(slot.tensor): (home, i) for home in homes for i, slot in enumerate(home.slots)
        }
        held = {x.root for line in self.plan.lines for x in line.inputs} | {
            line.root for line in self.plan.into.values() if isinstance(line, Line)
        }
        stored = {place.root for place, _ in written.stores}
        self._homes = [
            home
            for home in homes
            if any(named.get(x) and x.value is v for x in held for _, v in home.vectors())
        ]
        self._loose = [
            (tensor, named[els])
            for tensor, els, _ in written.tensors
            if id(tensor) not in at_home and els in named
        ]
        self._steps = [(optimizer, n) for optimizer, n in written.steps if n]
        self._renewed = [t for t, els, _ in written.tensors if els in stored]
        self._forgotten = written.forgotten
        grads = {now(place): place for place, _ in written.stores}
        self._gradients: list[tuple[Any, Any]] = []
        self._incoming: list[tuple[Any, Any]] = []
        taken = {x for line in self.plan.lines for x in line.inputs}
        for tensor, _, grad in written.tensors:
            if grad is None:
                continue
            home = at_home.get(id(tensor))
            view = home[0].grads[home[1]] if home else grad.value
            if now(grad) in grads:
                self._gradients.append((tensor, view))
            if now(grad) in taken:
                self._incoming.append((tensor, view))
        views = {id(tensor): view for tensor, view in self._gradients}
        self._moved = [(slot, slot.tensor, views.get(id(slot.tensor))) for slot in written.moved]
        moved = {id(slot.tensor) for slot in written.moved}
        self._gradients = [(t, view) for t, view in self._gradients if id(t) not in moved]

    def bind(self, arena: NDArray[np.uint8]) -> None:
        """Put the page to work on what is held now, in this arena."""
        self._namespace: dict[str, Any] = self.page.given | {"arena": arena}
        for tensor, name in self._loose:
            self._namespace[name] = tensor._els
        exec(self._code, self._namespace)  # noqa: S102 (the page is ours)
        self.run = self._namespace["step"]
        self.settle()

    def settle(self) -> None:
        """Take over elements that were put into the tensors since the last call."""
        for home in self._homes:
            home.move_in()
        if any(self._namespace[name] is not tensor._els for tensor, name in self._loose):
            self.bind(self._namespace["arena"])
        self._held = [
            (slot.tensor, slot, home.els[i], home.remembered[i], slot.tensor.requires_grad)
            for home in self._homes
            for i, slot in enumerate(home.slots)
        ]
        self._watched = [(t, t._els, t.requires_grad) for t, _ in self._loose]

    def is_settled(self) -> bool:
        """Whether all tensors hold the arrays that the page works on."""
        for tensor, slot, els, memory, wanted in self._held:
            if (
                tensor._els is not els
                or slot.memory is not memory
                or tensor.requires_grad is not wanted
            ):
                return False
        for tensor, els, wanted in self._watched:
            if tensor._els is not els or tensor.requires_grad is not wanted:
                return False
        return True

    def __call__(self, *values: Any) -> Any:
        for tensor, view in self._incoming:
            if tensor._grad is not view:
                view[...] = 0 if tensor._grad is None else tensor._grad
        result = self.run(*values, *[read() for read in self._reads])
        for tensor in self._renewed:
            tensor._renew()
        for slot, tensor, view in self._moved:
            slot.steps += 1
            tensor._grad = view
            tensor._renew()
        for optimizer, n in self._steps:
            optimizer.steps += n
        for tensor, view in self._gradients:
            tensor._grad = view
        for tensor in self._forgotten:
            tensor._grad = None
        return self._rebuild(result)


def _paths(written: Traced) -> Iterator[tuple[Line, str]]:
    """The lines of elements and gradients, with the paths of their tensors."""
    paths = {id(tensor): path for path, tensor in written.found.tensors.items()}
    for tensor, els, grad in written.tensors:
        yield els, paths[id(tensor)]
        if grad is not None:
            yield grad, f"d {paths[id(tensor)]}"


def _places(lines: list[Line], wanted: list[Line]) -> Iterator[Line]:
    """The places that a program takes anything from, or puts anything into."""
    for line in [*wanted, *(x for line in lines for x in line.inputs)]:
        if isinstance(line.call, Place):
            yield line


def _name(path: str, modules: Mapping[str, str]) -> str:
    """What a page calls the tensor at a path: `d model.hidden.weights` is d_hidden_weights."""
    lead, _, rest = path.rpartition(" ")
    module, _, attribute = rest.rpartition(".")
    parts = [lead, modules.get(module, module), attribute]
    return "_".join(part for part in parts if part)


def _described(arguments: Arguments) -> str:
    return ", ".join(
        f"{name} {value.shape} {value.dtype}" if isinstance(value, np.ndarray) else f"{name} float"
        for name, value in arguments.values.items()
    )
