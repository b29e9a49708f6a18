"""Places: while a function is traced, Scribes stand where its tensors keep their arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, Self

import numpy as np

from ..nn.module import Module
from ..nn.tree import walk
from ..optim import Optimizer
from ..optim.lanes import Slot
from ..tensor import Tensor
from .arguments import Arguments
from .findings import Found
from .flat import Home
from .lines import Line
from .outputs import returned
from .rates import Count, written
from .runs import Store, WrittenLane, part_of, refusal_to_freeze
from .scribe import line_of, stand_in
from .trace import Trace
from .tracing import undisturbed

__all__ = ["Places", "Traced", "traced"]


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
    modes : list of (Module, bool)
        Which modules are in another mode afterwards.
    """

    trace: Trace
    found: Found
    output: Any
    stores: list[Store]
    forgotten: list[Tensor]
    moved: list[Slot]
    steps: list[tuple[Optimizer, int]]
    tensors: list[tuple[Tensor, Line, Line | None]]
    modes: list[tuple[Module, bool]]


def traced(
    function: Callable[..., Any],
    arguments: Arguments,
    found: Found,
    freeze: bool = False,
    unset: Sequence[Tensor] = (),
) -> Traced:
    """Run a function on Scribes, and write down what it does. All is as before afterwards.

    Parameters
    ----------
    freeze : bool
        Whether the elements of tensors that no optimizer moves are constants.
    unset : list of Tensor
        Those that begin without a gradient.
    """
    modules = [m for tree in found.trees.values() for _, m in walk(tree) if isinstance(m, Module)]
    modes = [(module, module.training) for module in modules]
    with undisturbed(found):
        trace = Trace(found)
        places = Places(trace, found, freeze, unset)
        with places:
            args, kwargs = arguments.on_scribes(trace)
            output = returned(function(*args, **kwargs))
            stores, forgotten = list(places.stores()), places.without_gradient()
    moved, steps, tensors = places.moved, places.steps, places.tensors
    modes = [(module, module.training) for module, mode in modes if module.training is not mode]
    return Traced(trace, found, output, stores, forgotten, moved, steps, tensors, modes)


class Places:
    """Scribes in place of all arrays that were found, for as long as the `with` block lasts.

    Attributes
    ----------
    tensors, moved, steps
        See `Traced`.
    """

    def __init__(self, trace: Trace, found: Found, freeze: bool, unset: Sequence[Tensor]) -> None:
        self._freeze = freeze
        self._unset = unset
        self._trace = trace
        self._found = found
        self._before: list[tuple[Any, str, Any]] = []
        self.tensors: list[tuple[Tensor, Line, Line | None]] = []
        self._lanes: list[tuple[Optimizer, list[WrittenLane]]] = []
        self.moved: list[Slot] = []

    @property
    def steps(self) -> list[tuple[Optimizer, int]]:
        """How many steps each optimizer has made."""
        return [(optimizer, lanes[0].taken) for optimizer, lanes in self._lanes]

    def __enter__(self) -> Self:
        vectors: dict[int, Line] = {}
        for home in self._found.homes:
            for kind, vector in home.vectors():
                vectors[id(vector)] = self._trace.place(kind, kind, vector)
            self._move_in(home, vectors)
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
            self._lanes.append((optimizer, lanes))
            count = self._trace.reading("steps", "number", Count(optimizer), optimizer.steps)
            self._put(optimizer, "_lanes", lanes)
            self._put(optimizer, "steps", stand_in(count, self._trace))
            self._put(optimizer, "__class__", written(type(optimizer)))
        for tensor in self._unset:
            self._put(tensor, "_grad", None)
        return self

    def __exit__(self, *exception: object) -> None:
        for owner, name, value in reversed(self._before):
            setattr(owner, name, value)

    def stores(self) -> Iterator[Store]:
        """What holds something else now, and the line of that."""
        for tensor, _, grad in self.tensors:
            if tensor.requires_grad is not (grad is not None):
                raise refusal_to_freeze()
        runs = [run for _, lanes in self._lanes for lane in lanes for run in lane.runs]
        whole = {id(tensor) for run in runs if run.is_whole() for tensor in run.tensors}
        for run in runs:
            yield from run.stores()
        for tensor, els, grad in self.tensors:
            now = [] if id(tensor) in whole else [(els, line_of(tensor._els))]
            if grad is not None and tensor._grad is not None:
                now.append((grad, line_of(tensor._grad)))
            yield from ((place, line) for place, line in now if line is not place)

    def without_gradient(self) -> list[Tensor]:
        """The tensors whose gradient is forgotten now."""
        return [tensor for tensor, _, _ in self.tensors if tensor._grad is None]

    def _move_in(self, home: Home, vectors: dict[int, Line]) -> None:
        """Occupy the parameters of a home; what lodges with another has its lines from there."""
        own = home.parameters, home.gradients
        if home.host is not None:
            host, i = home.host
            part = host.starts[i], own[0].shape
            for vector, other in zip(own, (host.parameters, host.gradients), strict=True):
                vectors[id(vector)] = part_of(self._trace, vectors[id(other)], *part)
            return
        for i, slot in enumerate(home.slots):
            part = home.starts[i], home.shapes[i]
            els, grad = (part_of(self._trace, vectors[id(vector)], *part) for vector in own)
            self._occupy(slot.tensor, els, grad)

    def _occupy(self, tensor: Tensor, els: Line, grad: Line) -> None:
        wanted = tensor.requires_grad
        self._put(tensor, "requires_grad", wanted)
        self._put(tensor, "_els", stand_in(els, self._trace))
        self._put(tensor, "_grad", stand_in(grad, self._trace))  # if frozen, it may be forgotten
        self._put(tensor, "serial", tensor.serial)
        self.tensors.append((tensor, els, grad if wanted else None))

    def _put(self, owner: Any, name: str, value: Any) -> None:
        self._before.append((owner, name, getattr(owner, name)))
        setattr(owner, name, value)
