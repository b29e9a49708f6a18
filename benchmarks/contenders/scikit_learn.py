"""scikit-learn's MLPClassifier, one `partial_fit` a batch, without Nesterov and without penalty.

Of two classes it makes one logistic output, which is another network. There it is given a third
class that never comes and whose probability is exactly 0, so that its losses are the same.
"""

from __future__ import annotations

import numpy as np
from sklearn.neural_network import MLPClassifier

from benchmarks.contenders import Step
from benchmarks.network import Array, Network, Rule

TITLE = "scikit-learn"
PACKAGES = ("scikit-learn",)
NEVER = -1e4  # a bias whose softmax is exactly 0 in float32


def training(network: Network, rule: Rule) -> Step:
    """Lets the classifier make its arrays, then writes the first weights into them."""
    model = MLPClassifier(
        network.sizes[1:-1],
        solver=rule.name,
        alpha=0,
        batch_size=network.batch,
        learning_rate_init=rule.learning_rate,
        shuffle=False,
        momentum=rule.momentum,
        nesterovs_momentum=False,
        n_iter_no_change=np.inf,
    )
    classes = max(3, network.sizes[-1])
    x, labels = next(network.batches())
    model.partial_fit(x, labels, classes=range(classes))
    del model._optimizer  # what it remembers of that batch; the next call makes it anew
    for (weights, biases), w, b in zip(
        network.weights(), model.coefs_, model.intercepts_, strict=True
    ):
        w[...], b[...] = 0, NEVER
        w[:, : weights.shape[1]], b[: len(biases)] = weights, biases

    def step(x: Array, labels: Array) -> np.float64:
        model.partial_fit(x, labels)
        return np.float64(model.loss_)

    return step
