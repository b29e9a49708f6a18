"""`explain`: from a network and a loss, and a batch or an example of one, to the derivation."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ...compiler.findings import Found
from ...errors import OptionError, seen
from ...limits import FUNCTION, checked
from ...nn import NLL, Hinge, KLDivergence, Linear, Module
from ...nn.losses.loss import elements
from ...nn.tree import walk
from ...tape import Graph
from ...tensor import Tensor
from ...train.evaluate import evaluating
from .derivation import Derivation
from .equations import Rows
from .page import Page
from .reading import read

__all__ = ["explain"]

ROWS = 4  # of an example


def explain(
    model: Module,
    loss: Callable[..., Tensor] | Tensor,
    x: ArrayLike | None = None,
    y: ArrayLike | None = None,
) -> Derivation:
    """Write down the mathematics of a network: its loss, and ∂L/∂θ for each parameter θ.

    The model runs once, on arrays that remember how they came about; so do the derivative rules of
    its operations. Nothing is changed by it: no parameter, gradient, running mean or generator. The
    mode is that of the model: in eval mode there is no dropout.

    Parameters
    ----------
    model : Module
    loss : callable, or Tensor
        A loss, called with the prediction and y; or one number that was computed from the model
        before, which has no page.
    x, y : array_like, optional
        A batch, whose shapes the equations are for. When they are left out, four rows in the shape
        that the first Linear takes, and a target that the loss takes.

    Returns
    -------
    Derivation
        Printed, it is text; see its attributes and methods for the rest.

    Raises
    ------
    OptionError
        If the loss is not one number that rests on a parameter, or if an example cannot be made.
    TapeError
        If a leaf has changed since the loss was computed.
    CompileError
        If what the model does depends on values, so that there is no page. Compute the loss, and
        pass that.

    Examples
    --------
    >>> model = gw.Sequential(gw.Linear(2, 3), gw.ReLU(), gw.Linear(3, 1))
    >>> for line in explain(model, gw.MSE()).lines:
    ...     print(line.text)
    A = X W₁ + b₁
    H = max(A, 0)
    Z = H W₂ + b₂
    E = Z - Y
    L = Σ E² / 4
    ∂L/∂Z = 2 · E / 4
    ∂L/∂W₂ = Hᵀ ∂L/∂Z
    ∂L/∂b₂ = 1ᵀ ∂L/∂Z
    ∂L/∂A = (∂L/∂Z W₂ᵀ) ⊙ [H > 0]
    ∂L/∂W₁ = Xᵀ ∂L/∂A
    ∂L/∂b₁ = 1ᵀ ∂L/∂A
    """
    if not isinstance(loss, Tensor):
        checked("explain", "model", model, FUNCTION)
        checked("explain", "loss", loss, FUNCTION)
    for given, what in ((model, "network"), (loss, "loss")):
        if isinstance(given, type):
            name = given.__name__
            raise OptionError(f"explain: {name} is a class, and no {what} yet.\n  Pass {name}(…).")
    if isinstance(loss, Tensor):
        return Derivation(_rows(loss, None, _names(model, loss, x, y)))
    loss_function = loss
    x, y = example(model, loss, x, y)
    found: deque[tuple[Rows, Derivation]] = deque()  # a list would be refused, being written to

    def step(x: Any, y: Any) -> Any:
        prediction = model(x)
        value = loss_function(prediction, y)
        rows = _rows(value, prediction, {i: seen.name for i, seen in around.captured.items()})
        found.append((rows, Derivation(rows)))
        for entry in Graph.of(value):
            entry._grad = None
        value.backward()
        return value

    around = Found(step)
    page = Page(step, around, x, y)
    ((rows, derivation),) = found
    derivation.attach(page, rows)
    return derivation


def _rows(loss: Any, prediction: Any, names: Mapping[int, str]) -> Rows:
    if not isinstance(loss, Tensor) or loss.size != 1 or loss.op is None:
        told = f"has shape {loss.shape}" if isinstance(loss, Tensor) else f"is {seen(loss)}"
        raise OptionError(
            f"explain: the loss {told}, and is to be one number that rests on a parameter.\n"
            "  Reduce it by its mean or sum, and let a parameter require a gradient."
        )
    return Rows(*read(loss, names), prediction)


def _names(model: Module, loss: Tensor, x: Any, y: Any) -> dict[int, str]:
    """What the leaves of a tape are called, by identity.

    Where it is not known what x is, it is what the first op takes; and y is whole numbers.
    """
    names = {id(t): f"model.{path}" for path, t in walk(model) if isinstance(t, Tensor)}
    made = [entry for entry in Graph.of(loss) if entry.op]
    for entry in made:
        for array in entry.inputs:
            els = elements(array)
            if not np.ndim(els) or getattr(array, "requires_grad", False) or id(array) in names:
                continue
            first, whole = entry is made[0], els.dtype.kind in "iu"
            if "x" not in names.values() and (first if x is None else np.array_equal(els, x)):
                names[id(array)] = "x"
            elif "y" not in names.values() and (whole if y is None else np.array_equal(els, y)):
                names[id(array)] = "y"
    return names


def example(model: Module, loss: Any, x: Any = None, y: Any = None) -> tuple[Any, Any]:
    """What is missing of a batch: x, or y, or both.

    Raises
    ------
    OptionError
        If there is no Linear to tell how many features a row has.
    """
    if x is None:
        layers = [m for _, m in model.named_modules() if isinstance(m, Linear)]
        if not layers:
            raise OptionError(
                f"explain: {type(model).__name__} has no Linear that tells the shape of a row.\n"
                "  Pass a batch: explain(model, loss, x, y)."
            )
        x = np.random.default_rng(0).random((ROWS, layers[0].input_neurons), dtype=np.float32)
    return x, _target(model, loss, x) if y is None else y


def _target(model: Module, loss: Any, x: Any) -> Any:
    """Each of the answers there are, by turns."""
    with evaluating(model):
        shape = model(x).shape
    if isinstance(loss, NLL):
        return np.arange(np.prod(shape[:-1], dtype=int)).reshape(shape[:-1]) % shape[-1]
    by_turns = np.arange(np.prod(shape, dtype=int)).reshape(shape) % 2
    if isinstance(loss, KLDivergence):
        return np.full(shape, 1 / shape[-1], np.float32)
    return (2 * by_turns - 1 if isinstance(loss, Hinge) else by_turns).astype(np.float32)
