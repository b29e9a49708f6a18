"""Perceptrons, layers of neurons one after the other: MLPClassifier and MLPRegressor.

They are scikit-learn's, with what its users have asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import KW_ONLY, dataclass
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from .. import nn
from ..errors import OptionError
from ..nn import BatchNorm, Dropout, Linear, Module, Sequential
from .classifier import Classifier
from .estimator import Estimator
from .heads import LossFunction
from .regressor import Regressor

__all__ = ["ACTIVATIONS", "MLPClassifier", "MLPRegressor"]

Array = NDArray[Any]

ACTIVATIONS: dict[str, type[Module]] = {
    "elu": nn.ELU,
    "gelu": nn.GELU,
    "identity": nn.Identity,
    "leaky_relu": nn.LeakyReLU,
    "logistic": nn.Sigmoid,
    "relu": nn.ReLU,
    "silu": nn.SiLU,
    "softplus": nn.Softplus,
    "tanh": nn.Tanh,
}


@dataclass(eq=False, repr=False)
class Perceptron(Estimator):
    """Linear layers, with an activation after each but the last.

    Parameters
    ----------
    hidden_layer_sizes : int or sequence of int
        The neurons of each hidden layer; () for none.
    activation : str or callable, or a sequence of them
        After all hidden layers, or after each: "identity", "logistic", "tanh", "relu"; or "elu",
        "gelu", "leaky_relu", "silu", "softplus"; or what makes a module, such as a class.
    dropout : float, or a sequence of them
        The probability with which the output of a hidden neuron is dropped in training.
    batch_normalization : bool
        Whether each activation has a batch normalization before it.

    Attributes
    ----------
    coefs_, intercepts_ : list of array
        The weights and the biases of the linear layers. What is assigned to them counts, in
        predictions and when a training goes on.
    """

    hidden_layer_sizes: int | Sequence[int] = (100,)
    activation: Any = "relu"
    _: KW_ONLY
    dropout: float | Sequence[float] = 0.0
    batch_normalization: bool = False

    def _make_network(self, X: Any, random_state: np.random.RandomState) -> Module:
        hidden = self.hidden_layer_sizes
        sizes = list(hidden) if isinstance(hidden, Iterable) else [hidden]
        activations = self._per_layer("activation", self.activation, len(sizes))
        dropped = self._per_layer("dropout", self.dropout, len(sizes))
        self.n_layers_ = len(sizes) + 2
        layers: list[Module] = []
        features = X.shape[1]
        for neurons, activation, probability in zip(sizes, activations, dropped, strict=True):
            layers.append(_linear(features, neurons, activation, X.dtype, random_state))
            if self.batch_normalization:
                layers.append(BatchNorm(neurons, dtype=X.dtype))
            layers.append(_activation(activation))
            if probability:
                layers.append(Dropout(probability, rng=random_state.randint(2**31)))
            features = neurons
        last = activations[-1] if activations else "identity"
        layers.append(_linear(features, self.n_outputs_, last, X.dtype, random_state))
        return Sequential(*layers)

    def _per_layer(self, name: str, option: Any, layers: int) -> list[Any]:
        if isinstance(option, str) or not isinstance(option, Iterable):
            return [option] * layers
        each = list(option)
        if len(each) != layers:
            raise OptionError(
                f"{type(self).__name__}: {name} has {len(each)} entries for {layers} hidden layers."
                "\n  Pass one for each, or one for all."
            )
        return each

    def _linear_layers(self) -> list[Linear]:
        return [m for _, m in self.network_.named_modules() if isinstance(m, Linear)]

    def _publish(self) -> None:
        self.coefs_ = [layer.weights.els for layer in self._linear_layers()]
        self.intercepts_ = [layer.biases.els for layer in self._linear_layers()]

    def _take_over(self) -> None:
        if not hasattr(self, "coefs_"):
            return
        given = [*self.coefs_, *self.intercepts_]
        layers = self._linear_layers()
        own = [*(layer.weights for layer in layers), *(layer.biases for layer in layers)]
        changed = [pair for pair in zip(own, given, strict=True) if pair[0].els is not pair[1]]
        for parameter, value in changed:
            parameter.els = np.asarray(value, parameter.dtype)
        if changed:
            self._publish()

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        if hasattr(self, "coefs_"):
            self._publish()  # joblib loads an array twice that was in two places


def _activation(activation: Any) -> Module:
    if isinstance(activation, str) and activation in ACTIVATIONS:
        return ACTIVATIONS[activation]()
    made = activation() if callable(activation) and not isinstance(activation, Module) else None
    if isinstance(made, Module):
        return made
    raise OptionError(
        f"activation is {activation!r}.\n"
        f"  Pass one of {', '.join(map(repr, ACTIVATIONS))}, or a class of modules."
    )


def _linear(
    features: int,
    neurons: int,
    activation: Any,
    dtype: DTypeLike,
    random_state: np.random.RandomState,
) -> Linear:
    """A layer with the first weights of scikit-learn: Glorot and Bengio (2010), biases too."""
    bound = sqrt((2 if activation == "logistic" else 6) / (features + neurons))

    def draw(shape: tuple[int, ...], rng: Any = None, dtype: DTypeLike = dtype) -> Array:
        return random_state.uniform(-bound, bound, shape).astype(dtype)

    layer = Linear(features, neurons, initializer=draw, dtype=dtype)
    layer.biases.els = draw((neurons,))
    return layer


@dataclass(eq=False, repr=False)
class MLPClassifier(Classifier, Perceptron):
    """A multilayer perceptron that tells classes apart, or gives labels.

    In place of `sklearn.neural_network.MLPClassifier`: all of its arguments, attributes and methods
    are here and mean the same, and a number as `random_state` gives the same first weights and the
    same order of samples.

    Parameters
    ----------
    hidden_layer_sizes, activation, dropout, batch_normalization
        The network; see `Perceptron`.
    loss, class_weight
        What is made small; see `Classifier`.
    solver, alpha, batch_size, learning_rate, max_iter, early_stopping, callbacks, dtype, …
        The training; see `Training`, which also tells the attributes.

    Examples
    --------
    >>> x = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    >>> classifier = MLPClassifier(8, solver="lbfgs", random_state=1)
    >>> classifier.fit(x, ["no", "yes", "yes", "no"]).predict(x)
    array(['no', 'yes', 'yes', 'no'], dtype='<U3')
    """


@dataclass(eq=False, repr=False)
class MLPRegressor(Regressor, Perceptron):
    """A multilayer perceptron that tells values.

    In place of `sklearn.neural_network.MLPRegressor`, as `MLPClassifier` is in place of that of
    scikit-learn.

    Parameters
    ----------
    loss
        What is made small; see `Regressor`.
    hidden_layer_sizes, activation, dropout, batch_normalization
        The network; see `Perceptron`.
    solver, alpha, batch_size, learning_rate, max_iter, early_stopping, callbacks, dtype, …
        The training; see `Training`, which also tells the attributes.

    Examples
    --------
    >>> x = np.linspace(-1, 1, 50)[:, None]
    >>> regressor = MLPRegressor(hidden_layer_sizes=20, solver="lbfgs", random_state=0)
    >>> bool(regressor.fit(x, x[:, 0] ** 2).score(x, x[:, 0] ** 2) > 0.99)
    True
    """

    loss: str | LossFunction = "squared_error"
