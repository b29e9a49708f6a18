"""What is done with a batch: forward, back, and on. By default as a compiled program."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from math import nan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..compiler import compile as compiled
from ..errors import CompileError, GlassworkError
from ..nn.module import Module
from ..ops.checks import require
from ..optim import Optimizer, clip_gradient_norm, clip_gradient_values, gradient_norm
from ..tensor import Tensor, leaf
from .evaluate import Loss, cost_of, output_of

__all__ = ["Norms", "TrainingStep", "gradient_norms_of", "largest_product"]

Norms = dict[str, float]
Result = tuple[Tensor, Tensor, Norms]


class TrainingStep:
    """One step of a training, for the arrays of a batch: the loss, the outputs, and norms.

    It learns nothing from a loss that is infinite or not a number.

    Parameters
    ----------
    model, loss, optimizer
        What is trained.
    clip_norm, clip_values : float, optional
        Limits of the gradient, of its norm and of its elements.
    norms : bool
        Whether to tell the norms of the gradient, before clipping.
    compile : bool
        Whether the step is compiled. If that cannot be done, a warning says why, and it goes on
        as it is written.

    Attributes
    ----------
    run : callable
        What is called: the compiled step, with its page, or the function itself.
    """

    def __init__(
        self,
        model: Module,
        loss: Loss,
        optimizer: Optimizer,
        *,
        clip_norm: float | None = None,
        clip_values: float | None = None,
        norms: bool = False,
        compile: bool = True,
    ) -> None:
        def step(x: Any, *y: Any) -> Any:
            optimizer.zero_grad()
            yhat = output_of(model, x)
            cost = cost_of(loss, yhat, y)
            require(np.isfinite(cost.els), not_finite, cost.els, yhat.els)
            cost.backward()
            found = gradient_norms_of(model) if norms else {}
            if clip_values is not None:
                clip_gradient_values(optimizer.parameters, clip_values)
            if clip_norm is not None:
                clip_gradient_norm(optimizer.parameters, clip_norm)
            optimizer.step()
            return cost, yhat, found

        self._eager: Callable[..., Result] = step
        self._names = list(gradient_norms_of(model)) if norms else []
        self.run: Callable[..., Result] = compiled(step) if compile else step

    def __call__(self, *arrays: Any) -> Result:
        try:
            return self.run(*arrays)
        except NotFiniteError as found:
            return leaf(found.loss), leaf(found.outputs), dict.fromkeys(self._names, nan)
        except CompileError as error:
            if self.run is self._eager:
                raise
            warnings.warn(f"fit: the step runs as it is written.\n{error}", stacklevel=2)
            self.run = self._eager
            return self.run(*arrays)


class NotFiniteError(GlassworkError):
    """A loss that is infinite or not a number, found before anything is learnt from it."""

    def __init__(self, loss: NDArray[Any], outputs: NDArray[Any]) -> None:
        super().__init__("the loss is not a finite number")
        self.loss, self.outputs = np.array(loss), np.array(outputs)


def not_finite(loss: Any, outputs: Any) -> NotFiniteError:
    """The error of a loss that is not finite."""
    return NotFiniteError(loss, outputs)


def gradient_norms_of(model: Module) -> Norms:
    """The norm of the gradient of all parameters together, and that of each."""
    learned = {path: p for path, p in model.named_parameters() if p.requires_grad}
    norms = {f"gradient_norm.{path}": gradient_norm([p]) for path, p in learned.items()}
    return {"gradient_norm": gradient_norm(learned.values()), **norms}


def largest_product(model: Module, rows: int | None) -> int | None:
    """How many multiplications the largest layer does with so many rows; None if those are None."""
    matrices = (parameter.size for parameter in model.parameters() if parameter.ndim == 2)
    return None if rows is None else rows * max(matrices, default=0)
