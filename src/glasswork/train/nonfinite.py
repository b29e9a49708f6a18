"""The op in which numbers that are not finite first arise, in one pass forward and back."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .. import tape
from ..autodiff import pull
from ..limits import checked
from ..nn.module import MODULE, Module
from ..nn.origins import is_own, shown
from ..nn.places import named
from ..nn.tree import Tree
from ..ops.checks import as_array
from ..tape import Entry, Graph
from ..tensor import Tensor
from .evaluate import LOSS, Loss, cost_of, output_of

__all__ = ["find_nonfinite"]

Array = NDArray[Any]


def find_nonfinite(model: Module, loss: Loss, x: Any, *targets: Any) -> str | None:
    """Where, on the way from a batch to its loss and back, a number is first not finite.

    Parameters
    ----------
    model : Module
        Takes x. It runs in the mode it is in, and draws what it draws.
    loss : callable
        loss(model(x), *targets) is one number.
    x, *targets : array_like
        The batch.

    Returns
    -------
    str or None
        In one line what gave it (the data, a parameter, an op, or the derivative of one), in which
        module, for which inputs, and in which line of the user's; None if all is finite.

    Examples
    --------
    >>> from glasswork.nn import MSE, Sequential
    >>> class Root(Module):
    ...     def forward(self, x):
    ...         return np.sqrt(x)
    >>> model = Sequential(Root())
    >>> find_nonfinite(model, MSE(), np.array([4.0, -1.0]), np.ones(2))  # doctest: +ELLIPSIS
    'sqrt in model.0 Root() gave nan for inputs from -1 to 4 (...return np.sqrt(x))'
    """
    checked("find_nonfinite", "model", model, MODULE)
    checked("find_nonfinite", "loss", loss, LOSS)
    with np.errstate(all="ignore"):
        for name, values in [*_arrays(x, *targets), *_tensors(model)]:
            if not np.isfinite(values).all():
                return f"{name} {_has(values)}"
        watch = _Watch(model, sys._getframe())
        with watch.looking():
            cost = cost_of(loss, output_of(model, x), targets)
        return watch.first or _of_gradients(cost, watch.places)


def _arrays(x: Any, *targets: Any) -> Iterator[tuple[str, Array]]:
    names = [
        "x",
        *(["y"] if len(targets) == 1 else [f"target {i + 1}" for i in range(len(targets))]),
    ]
    for name, part in zip(names, (x, *targets), strict=True):
        values = part.els if isinstance(part, Tensor) else as_array(part, name)
        if values.dtype.kind == "f":
            yield f"the batch: its {name}", values


def _tensors(model: Module) -> Iterator[tuple[str, Array]]:
    for path, tensor in [*model.named_parameters(), *model.named_buffers()]:
        if tensor.dtype.kind == "f":
            yield f"model.{path}", tensor.els


class _Place(NamedTuple):
    """Where a value was made: the module, and the line of the user's, as far as there are any."""

    module: str
    line: str


class _Watch:
    """Looks at each value as its op gives it: where that is, and the first that is not finite."""

    def __init__(self, root: Tree, outside: FrameType) -> None:
        self.root = root
        self.outside = outside
        self.first: str | None = None
        self.places: dict[int, _Place] = {}

    @contextmanager
    def looking(self) -> Iterator[None]:
        """A block in which Python tells of each function that returns."""
        before = sys.getprofile()
        sys.setprofile(self.see)
        try:
            yield
        finally:
            sys.setprofile(before)

    def see(self, frame: FrameType, event: str, value: Any) -> None:
        """Take note of what the recorder of an op returns."""
        code = frame.f_code
        if event != "return" or code.co_name != "record" or code.co_filename != tape.__file__:
            return
        if self.first is None and isinstance(value, Entry):
            self.places[value.serial] = place = self.place(frame.f_back)
            if not np.isfinite(value._els).all():
                there = frame.f_locals
                self.first = (
                    f"{there['op'].name}{place.module} gave {_kind(value._els)}"
                    f"{_extent(_operands(there))}{place.line}"
                )

    def place(self, frame: FrameType | None) -> _Place:
        """Where the functions are that called for a value."""
        module = line = ""
        while frame is not None and frame is not self.outside and not (module and line):
            tree = frame.f_locals.get("self")
            if not module and frame.f_code.co_name == "forward" and isinstance(tree, Tree):
                module = f" in {named(tree, self.root)}"
            if not line and not is_own(frame):
                line = f" ({shown(frame.f_code, frame.f_lineno)})"
            frame = frame.f_back
        return _Place(module, line)


def _of_gradients(cost: Tensor, places: Mapping[int, _Place]) -> str | None:
    """The newest op whose derivative is not finite, though what came back to it is."""
    graph = Graph.of(cost, differentiable=True)
    gradients = pull({cost: np.ones_like(cost.els)}, graph) if cost.requires_grad else {}
    bad = {entry for entry, g in gradients.items() if not np.isfinite(g).all()}
    for entry in reversed(graph):
        spoilt = [x for x in entry.inputs if isinstance(x, Entry) and x in bad]
        if entry not in bad and spoilt and entry.op is not None:
            module, line = places.get(entry.serial, _Place("", ""))
            given = [x._els if isinstance(x, Entry) else x for x in entry.inputs]
            kind = _kind(gradients[spoilt[0]])
            return f"the derivative of {entry.op.name}{module} is {kind}{_extent(given)}{line}"
    return None


def _operands(there: Mapping[str, Any]) -> list[Any]:
    """What an op was given, in the variables of its recorder."""
    if "values" in there:
        return list(there["values"])
    return [there["left"], there["right"]] if "left" in there else [there["x"]._els]


def _kind(values: Array) -> str:
    """What the numbers are that are not finite."""
    return "nan" if np.isnan(values).any() else "inf" if values.max() == np.inf else "-inf"


def _has(values: Array) -> str:
    """What the numbers are that are not finite, and where the first of them stands."""
    place = tuple(np.argwhere(~np.isfinite(values))[0].tolist())
    return f"has {values[place]} at [{', '.join(map(str, place))}]"


def _extent(operands: Sequence[Any]) -> str:
    """The least and the greatest number of each operand."""
    arrays = [np.asarray(x) for x in operands if x is not None]
    extents = [
        f"{a.min():.4g} to {a.max():.4g}" for a in arrays if a.size and a.dtype.kind in "fiu"
    ]
    return f" for inputs from {' and from '.join(extents)}" if extents else ""
