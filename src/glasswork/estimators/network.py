"""NetworkClassifier and NetworkRegressor: a network built by hand becomes an estimator."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import OptionError, ShapeError
from ..nn import Module
from .classifier import Classifier
from .estimator import Estimator
from .regressor import Regressor
from .samples import outputs_of

__all__ = ["NetworkClassifier", "NetworkRegressor"]


@dataclass(eq=False, repr=False)
class Network(Estimator):
    """An estimator around any network that gives a row of outputs for each row of features."""

    network: Module | Callable[[int, int, np.random.Generator], Module]

    def _make_network(self, X: Any, random_state: np.random.RandomState) -> Module:
        made = self.network
        if isinstance(made, Module):
            made = deepcopy(made)
        elif callable(made):
            rng = np.random.default_rng(random_state.randint(2**31))
            made = made(X.shape[1], self.n_outputs_, rng)
        if not isinstance(made, Module):
            raise OptionError(
                f"{type(self).__name__}: network is {self.network!r}, and no module comes of it.\n"
                "  Pass a module, or a function of features, outputs and rng that returns one."
            )
        made.astype(X.dtype).eval()
        self._count_outputs(outputs_of(made, X[:1]).shape)
        return made

    def _count_outputs(self, shape: tuple[int, ...]) -> None:
        if len(shape) != 2 or shape[1] not in self._outputs_allowed():
            raise ShapeError(
                f"{type(self).__name__}: the network gives {shape} for one row of features.\n"
                f"  The targets ask for (1, {self.n_outputs_}).\n"
                f"  Give the last layer {self.n_outputs_} output neurons."
            )
        self.n_outputs_ = shape[1]

    def _outputs_allowed(self) -> tuple[int, ...]:
        return (self.n_outputs_,)


@dataclass(eq=False, repr=False)
class NetworkClassifier(Classifier, Network):
    """A network built by hand that tells classes apart, or gives labels.

    Its outputs are logits: one for each class or label; of two classes, one or two.

    Parameters
    ----------
    network : Module or callable
        A module: it is copied, and the copy begins with the weights that it has. Or what makes one:
        `network(features, outputs, rng)`, with a Generator that `random_state` seeds.
    loss, class_weight
        What is made small; see `Classifier`.
    solver, alpha, batch_size, learning_rate, max_iter, early_stopping, callbacks, dtype, …
        The training; see `Training`, which also tells the attributes.

    Examples
    --------
    >>> def network(features, outputs, rng):
    ...     return gw.Sequential(
    ...         gw.Linear(features, 16, rng=rng), gw.GELU(), gw.Linear(16, outputs, rng=rng)
    ...     )
    >>> x = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    >>> classifier = NetworkClassifier(network, solver="lbfgs", random_state=0)
    >>> classifier.fit(x, [0, 1, 1, 0]).predict(x)
    array([0, 1, 1, 0])
    """

    def _outputs_allowed(self) -> tuple[int, ...]:
        is_binary = self._is_exclusive and len(self.classes_) <= 2
        return (1, 2) if is_binary else (self.n_outputs_,)


@dataclass(eq=False, repr=False)
class NetworkRegressor(Regressor, Network):
    """A network built by hand that tells values, one output for each.

    Parameters
    ----------
    network
        As for `NetworkClassifier`.
    loss
        What is made small; see `Regressor`.
    solver, alpha, batch_size, learning_rate, max_iter, early_stopping, callbacks, dtype, …
        The training; see `Training`, which also tells the attributes.

    Examples
    --------
    >>> x = np.linspace(-1, 1, 20)[:, None]
    >>> regressor = NetworkRegressor(gw.Linear(1, 1, rng=0), solver="lbfgs", alpha=0.0)
    >>> regressor.fit(x, 3 * x[:, 0]).predict([[2.0]]).round(3)
    array([6.])
    """
