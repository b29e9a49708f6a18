"""scikit-learn's MLPClassifier, one `partial_fit` a batch, without Nesterov and without penalty.

Of two classes it makes one logistic output, which is another network. There it is given a third
class that never comes and whose probability is exactly 0, so that its losses are the same.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from benchmarks.contenders import Classifier, Step
from benchmarks.network import RULES, Array, Network, Rule

TITLE = "scikit-learn"
PACKAGES = ("scikit-learn",)
NEVER = -1e4  # a bias whose softmax is exactly 0 in float32


def build(network: Network, rule: Rule, **options: Any) -> MLPClassifier:
    """The network, with weights that scikit-learn draws."""
    return MLPClassifier(
        network.sizes[1:-1],
        solver=rule.name,
        alpha=0,
        batch_size=network.batch,
        learning_rate_init=rule.learning_rate,
        momentum=rule.momentum,
        nesterovs_momentum=False,
        n_iter_no_change=np.inf,
        random_state=network.seed,
        **options,
    )


def begun(network: Network, rule: Rule) -> MLPClassifier:
    """A classifier that has made its arrays, into which the first weights are written."""
    model = build(network, rule, shuffle=False)
    classes = max(3, network.sizes[-1])
    x, labels = next(network.batches())
    model.partial_fit(x, labels, classes=range(classes))
    del model._optimizer  # what it remembers of that batch; the next call makes it anew
    for (weights, biases), w, b in zip(
        network.weights(), model.coefs_, model.intercepts_, strict=True
    ):
        w[...], b[...] = 0, NEVER
        w[:, : weights.shape[1]], b[: len(biases)] = weights, biases
    return model


def training(network: Network, rule: Rule) -> Step:
    """One batch by `partial_fit`, from the first weights on."""
    model = begun(network, rule)

    def step(x: Array, labels: Array) -> np.float64:
        model.partial_fit(x, labels)
        return np.float64(model.loss_)

    return step


def predicting(network: Network) -> Classifier:
    """Its own."""
    return begun(network, RULES["sgd"]).predict


def learn(network: Network, rule: Rule, epochs: int, x: Array, labels: Array) -> Classifier:
    """One `fit`, which warns that it could go on."""
    with warnings.catch_warnings(action="ignore", category=ConvergenceWarning):
        return build(network, rule, max_iter=epochs).fit(x, labels).predict
