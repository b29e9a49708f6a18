"""L-BFGS: all samples at once, and steps whose length a line search finds."""

from __future__ import annotations

import sys
import warnings
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.exceptions import ConvergenceWarning

from ..nn import BatchNorm, Module
from ..tape import no_grad
from ..train import History
from .heads import Head
from .samples import Samples, dense
from .stochastic import Objective

__all__ = ["fit_lbfgs"]

Vector = NDArray[np.float64]


class Landscape:
    """The loss of all samples and its gradient, as functions of one vector of parameters."""

    def __init__(self, network: Module, head: Head, alpha: float, samples: Samples) -> None:
        self.parameters = [p for p in network.parameters() if p.requires_grad]
        self.parts = [part for part in samples.parts() if part.weight]
        self.objective = Objective(network, head, alpha / len(self.parts))
        self.weight = samples.weight

    def place(self) -> Vector:
        """Where the parameters are."""
        return _flat([p.els for p in self.parameters])

    def go_to(self, place: Vector) -> None:
        """Put the parameters there."""
        start = 0
        for p in self.parameters:
            p.els = place[start : start + p.size].reshape(p.shape).astype(p.dtype)
            start += p.size

    def __call__(self, place: Vector) -> tuple[float, Vector]:
        self.go_to(place)
        for p in self.parameters:
            p.zero_grad()
        total = 0.0
        for part in self.parts:
            share: Any = part.weight / self.weight
            cost = self.objective(dense(part.x), part.truth, part.weights) * share
            cost.backward()
            total += cost.item()
        return total, _flat([p.grad for p in self.parameters])


def fit_lbfgs(estimator: Any, samples: Samples, head: Head) -> None:
    """Train `estimator.network_`, and write down how it went in the estimator's attributes."""
    network = estimator.network_.train()
    landscape = Landscape(network, head, float(estimator.alpha), samples)
    estimator.history_ = History()
    began = perf_counter()

    def write_down(intermediate_result: Any) -> None:
        nonlocal began
        loss, now = float(intermediate_result.fun), perf_counter()
        estimator.loss_curve_.append(loss)
        estimator.history_.add({"loss": loss}, now - began)
        began = now
        if estimator.verbose:
            sys.stdout.write(f"Iteration {len(estimator.history_)}, loss = {loss:.8f}\n")

    options = {"maxfun": estimator.max_fun, "maxiter": estimator.max_iter, "gtol": estimator.tol}
    found = minimize(
        landscape,
        landscape.place(),
        method="L-BFGS-B",
        jac=True,
        options=options,
        callback=write_down,
    )
    landscape.go_to(found.x)
    _settle(network, landscape.parts)
    estimator.loss_ = float(found.fun)
    estimator.best_loss_ = estimator.loss_
    estimator.n_iter_ = min(int(found.nit), estimator.max_iter)
    if not found.success:
        warnings.warn(
            f"lbfgs stopped after {found.nit} iterations (status={found.status}): {found.message}\n"
            "  Raise max_iter or max_fun, or scale the data to mean 0 and variance 1.",
            ConvergenceWarning,
            stacklevel=4,
        )


def _settle(network: Module, parts: list[Samples]) -> None:
    """Let batch normalization keep the mean and variance of the data where the search ended."""
    layers = [module for _, module in network.named_modules() if isinstance(module, BatchNorm)]
    momenta = [layer.momentum for layer in layers]
    with no_grad():
        for number, part in enumerate(parts if layers else [], start=1):
            for layer in layers:
                layer.momentum = 1 / number
            network(dense(part.x))
    for layer, momentum in zip(layers, momenta, strict=True):
        layer.momentum = momentum


def _flat(arrays: list[Any]) -> Vector:
    return np.concatenate([array.ravel() for array in arrays]).astype(np.float64)
