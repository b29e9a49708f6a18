"""One pass of a copy of a network, forward and back, in which every layer is looked at."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...autodiff import pull
from ...nn import Dropout, Parameter
from ...nn.module import Module
from ...nn.places import named
from ...nn.tree import Tree, held
from ...tape import Graph
from ...tensor import Tensor
from ..evaluate import Loss

__all__ = ["Layer", "Rehearsal", "copied", "rehearse"]

Array = NDArray[Any]


class Layer(NamedTuple):
    """What a module without modules below it gave, and what came back to it.

    Attributes
    ----------
    name : str
        The module, as errors name it.
    module : Module
        The module itself.
    output, gradient : array
        What it gave, and the gradient of the loss there; zeros if none came.
    """

    name: str
    module: Module
    output: Array
    gradient: Array


class Rehearsal(NamedTuple):
    """A pass: the copy that made it, its layers in the order in which they ran, and its end."""

    model: Module
    layers: list[Layer]
    prediction: Tensor
    cost: Tensor
    graph: Graph
    arrived: set[int]
    """The ids of the parameters that a gradient has come to."""


def copied(model: Module) -> Module:
    """A copy in training mode, but without dropout: it gives the same each time."""
    copy = deepcopy(model).train()
    for _, part in copy.named_modules():
        if isinstance(part, Dropout):
            part.eval()
    return copy


def rehearse(model: Module, x: Any, y: Any, loss: Loss) -> Rehearsal:
    """Run a copy of the model forward and back."""
    copy = copied(model)
    given: list[tuple[Module, Tensor]] = []
    for _, part in copy.named_modules():
        if not any(isinstance(node, Tree) for _, node in held(part)):
            vars(part)["forward"] = _watched(part, given)
    prediction = copy(x)
    cost = loss(prediction, y)
    graph = Graph.of(cost, differentiable=True)
    gradients = pull({cost: np.ones_like(cost.els)}, graph) if cost.requires_grad else {}
    layers = [
        Layer(named(part, copy), part, out.els, gradients.get(out, np.zeros_like(out.els)))
        for part, out in given
        if out.dtype.kind == "f"
    ]
    arrived = {id(entry) for entry in gradients if isinstance(entry, Parameter)}
    return Rehearsal(copy, layers, prediction, cost, graph, arrived)


def _watched(part: Module, given: list[tuple[Module, Tensor]]) -> Callable[..., Any]:
    forward = part.forward

    def watched(*inputs: Any, **options: Any) -> Any:
        output = forward(*inputs, **options)
        if isinstance(output, Tensor):
            given.append((part, output))
        return output

    return watched
