"""MLPClassifier and MLPRegressor: scikit-learn's, with what its users have asked for."""

from __future__ import annotations

from dataclasses import dataclass

from .classifier import Classifier
from .heads import LossFunction
from .perceptron import Perceptron
from .regressor import Regressor

__all__ = ["MLPClassifier", "MLPRegressor"]


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
