"""Linear regression by gradient descent arrives where the closed form is."""

from __future__ import annotations

import numpy as np
import pytest

from glasswork import MSE, SGD, Batches, Linear, Module, ReLU
from glasswork.data import Scaling, line


def closed_form(x, y):
    """The weights and the bias where the gradient of the mean squared error is zero."""
    ones = np.hstack([x, np.ones((len(x), 1))])
    solution, *_ = np.linalg.lstsq(ones, y)
    return solution[:-1], solution[-1]


def descent(x, y, learning_rate, momentum, steps):
    """The same by full-batch descent."""
    model = Linear(x.shape[1], y.shape[1], rng=0, dtype=np.float64)
    loss_function = MSE()
    optimizer = SGD(model.parameters(), learning_rate, momentum)
    for _ in range(steps):
        loss_function(model(x), y).backward()
        optimizer.step(zero_grad=True)
    return model.weights.els, model.biases.els


def test_descent_reaches_the_closed_form_of_correlated_features(rng):
    mixing = np.eye(5) + 0.1 * rng.normal(size=(5, 5))
    x = rng.normal(size=(300, 5)) @ mixing
    y = x @ rng.normal(size=(5, 2)) + 3 + rng.normal(size=(300, 2))
    found = descent(x, y, learning_rate=0.05, momentum=0.9, steps=1000)
    for here, best in zip(found, closed_form(x, y), strict=True):
        np.testing.assert_allclose(here, best, rtol=1e-6)


@pytest.mark.peers
def test_descent_reaches_the_closed_form_on_the_diabetes_data():
    datasets = pytest.importorskip("sklearn.datasets")
    x, y = datasets.load_diabetes(return_X_y=True, scaled=False)
    x, y = Scaling.of(x)(x), y[:, None]
    found = descent(x, y, learning_rate=0.1, momentum=0.9, steps=1500)
    for here, best in zip(found, closed_form(x, y), strict=True):
        np.testing.assert_allclose(here, best, rtol=1e-6)


def test_a_network_recovers_the_slope_of_the_line():
    points = line(samples=400, noise=0.1, slope=2.0, intercept=1.0, rng=0)
    rng = np.random.default_rng(0)
    model = Module(Linear(1, 16, rng=rng), ReLU(), Linear(16, 1, rng=rng))
    loss_function = MSE()
    optimizer = SGD(model.parameters(), learning_rate=0.05)
    for x, y in (batch for _ in range(30) for batch in Batches(points.x, points.y, rng=rng)):
        loss_function(model(x), y).backward()
        optimizer.step(zero_grad=True)
    low, middle, high = model(np.array([[-0.8], [0.0], [0.8]])).els[:, 0]
    assert (high - low) / 1.6 == pytest.approx(2.0, abs=0.05)
    assert middle == pytest.approx(1.0, abs=0.05)
