"""A program: a function for arguments of one kind, as a page of NumPy, with what it works on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial, wraps
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..nn.module import Module
from ..tensor import Tensor
from .arguments import Arguments
from .calls import Ufunc
from .draft import SMALL, Draft, used
from .driver import After, Before, Held, answering, caller
from .findings import Found
from .levers import FAST
from .lines import Line, Place
from .names import identifier, module_names
from .outputs import called, lines_of, rebuilt, within
from .page import Script
from .places import Traced, traced
from .plan import overlap, plan, span, taken
from .rules import EXACT
from .writer import write

__all__ = ["Program"]

COPIED = Ufunc(np.positive)


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
    unset : list of Tensor
        Those that have no gradient when the page begins, where that spares it adding to zeros.

    Attributes
    ----------
    name : str
        Of the function, here and on the page.
    page : Page
        The source, and what it takes as given.
    plan : Plan
        Its lines, and the memory that each fills.
    readings : list of (Line, callable)
        What is read at each call, and how.
    after : After
        What a call amounts to, beside what the page does.
    forgotten : list of str
        The gradients that a call forgets, and the next one adds to.
    call : callable
        A call of the page, as one of the function: what it reads, moves and counts is done too.
    answer : callable
        The same for a tuple of arguments, if these are known to be of the same shapes and dtypes,
        all tensors hold the arrays that the page works on, and networks, optimizers and arrays
        around the function are those that it was written for. Otherwise it is `OTHER`.
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
        unset: Sequence[Tensor] = (),
    ) -> None:
        self.why = why
        self.unset = unset
        self.arguments = arguments.described()
        self._kinds = arguments.kinds()
        self.name = identifier(getattr(function, "__name__", "step").replace("<lambda>", "step"))
        written = traced(function, arguments, found, freeze, unset)
        draft = Draft(EXACT if exact else FAST)
        draft.rewrite(written.trace.lines)
        self._write(written, draft)
        self._attach_arrays(written)
        self._attach_gradients(written, draft.now)
        self.after = self._counted(written)
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
        self._code = self.page.code(self.name, self)

    def _script(self, written: Traced, now: Callable[[Line], Line], output: Any) -> Script:
        trace, modules = written.trace, module_names(written.found.trees)
        readings = [(line, read) for line, read in trace.readings if line in self._places]
        readings.sort(key=lambda reading: reading[0].kind != "generator")  # these come first
        self.readings = readings
        self._passed = len(trace.arguments)
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
        self._found, self._modes = found, written.modes
        captured = {id(line.value): named[line] for line in places if line.kind == "captured"}
        arrays = [(i, known.array) for i, known in enumerate(found.captured.values())]
        self._captured = [(i, captured[id(x)]) for i, x in arrays if id(x) in captured]
        self._computed = [
            (i, x.tobytes()) for i, x in arrays if id(x) not in captured and x.size <= SMALL
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
        read = {x for line in self.plan.lines for x in taken(line)}
        self._incoming = [(tensor, view) for tensor, grad, view in places if now(grad) in read]
        forgotten = {id(tensor) for tensor in written.forgotten}
        known = (now(grad) for tensor, grad, _ in places if id(tensor) in forgotten)
        self.forgotten = [self.page.named[grad] for grad in known if grad in read]
        self._left = [(tensor, view) for tensor, grad, view in places if grad in _stored(written)]

    def _counted(self, written: Traced) -> After:
        """What a call amounts to."""
        moved = [slot.tensor for slot in written.moved]
        stored = [tensor for tensor, els, _ in written.tensors if els in _stored(written)]
        forgotten = [(tensor, None) for tensor in written.forgotten]
        return After(
            moved=written.moved,
            steps=[(optimizer, n) for optimizer, n in written.steps if n],
            renewed=list({id(tensor): tensor for tensor in [*moved, *stored]}.values()),
            graded=[*self._left, *forgotten],
            rebuilt=rebuilt(written.output),
        )

    def bind(self, arena: NDArray[np.uint8]) -> None:
        """Put the page to work on what is held now, in this arena."""
        self.namespace: dict[str, Any] = self.page.given | {"arena": arena}
        self.namespace |= {name: tensor._els for tensor, name in self._loose}
        self.namespace |= {name: read() for read, name in self._read()}
        exec(self._code, self.namespace)
        self.run = _setting(self._modes, self.namespace[self.name])
        self.settle()

    def settle(self, found: Found | None = None) -> None:
        """Take over what was put into the tensors since the last call, and what is around now."""
        self._found = found or self._found
        for home in self._homes:
            home.move_in()
        loose = [(tensor._els, name) for tensor, name in self._loose]
        captured = [(read(), name) for read, name in self._read()]
        if any(self.namespace[name] is not array for array, name in [*loose, *captured]):
            self.bind(self.namespace["arena"])
        held = [
            Held(slot.tensor, home.els[i], slot, home.remembered[i])
            for home in self._homes
            for i, slot in enumerate(home.slots)
        ]
        held += [Held(tensor, tensor._els) for tensor, _ in self._loose]
        around = [(read, self.namespace[name]) for read, name in self._read()]
        around += [(partial(self.computes_with, self._found), True)] if self._computed else []
        reads = [read for _, read in self.readings]
        take_up = self.take_up if self._incoming else None
        self.call = caller(self.run, self._passed, reads, take_up, self.after)
        gradients = [(tensor, False) for tensor in self.unset]
        gradients += [(tensor, True) for tensor in self._forgetting()[:1]]
        known = Before(self._kinds, held, gradients, [*self._found.roots, *around])
        self.answer = answering(known, self.call)

    def _read(self) -> list[tuple[Callable[[], Any], str]]:
        """How the arrays around the function are read, and what the page calls them."""
        captured = list(self._found.captured.values())
        return [(captured[i].read, name) for i, name in self._captured]

    def unfit(self, found: Found) -> str:
        """Why another page is to be written in this state, if one is."""
        if self.adds_to_zeros():
            return "no gradients to add to"
        return "" if self.computes_with(found) else "other elements of an array"

    def computes_with(self, found: Found) -> bool:
        """Whether arrays are as they were when NumPy made constants of them: small ones, at least.

        They are those that no line of the page reads.
        """
        captured = list(found.captured.values())
        return all(captured[i].read().tobytes() == known for i, known in self._computed)

    def begins(self) -> bool:
        """Whether no tensor has a gradient that must have none."""
        return all(tensor._grad is None for tensor in self.unset)

    def adds_to_zeros(self) -> list[Tensor]:
        """The tensors whose gradient is added to none now, if none is left after a call either."""
        tensors = self._forgetting()
        return tensors if all(tensor._grad is None for tensor in tensors) else []

    def _forgetting(self) -> list[Tensor]:
        """The tensors whose gradient is added to, if a call forgets them all."""
        tensors = [tensor for tensor, _ in self._incoming]
        return tensors if len(self.forgotten) == len(tensors) else []

    def take_up(self) -> None:
        """Bring the gradients that the page adds to into its vectors: zeros for one forgotten."""
        for tensor, view in self._incoming:
            if tensor._grad is not view:
                view[...] = 0 if tensor._grad is None else tensor._grad

    def held(self) -> list[NDArray[Any]]:
        """All arrays that the page may write to, but for the arena."""
        given = (self.namespace[name] for name in self.page.given)
        return [x for x in given if isinstance(x, np.ndarray) and x.flags.writeable]

    def reads(self) -> list[Any]:
        """What is read at each call: learning rates, counts of steps, generators."""
        return [read() for _, read in self.readings]

    def __repr__(self) -> str:
        return f"<page for {self.arguments or 'no arguments'}: {self.why}>"


def _setting(modes: Sequence[tuple[Module, bool]], page: Callable[..., Any]) -> Callable[..., Any]:
    """A page that also puts modules into these modes, if there are any."""
    if not modes:
        return page

    @wraps(page)
    def run(*values: Any) -> Any:
        result = page(*values)
        for module, mode in modes:
            module.training = mode
        return result

    return run


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
