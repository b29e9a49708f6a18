from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("sklearn")

import glasswork as gw
from glasswork.estimators.losses import HalfSquaredError, Logistic, Poisson

pytestmark = pytest.mark.peers

YHAT = np.array([[0.5, -1.0], [2.0, 0.0], [-0.5, 3.0]])
COUNTS = np.array([[1.0, 0.0], [3.0, 2.0], [0.0, 5.0]])
LABELS = np.array([[1.0, 0.0], [0.0, 0.0], [1.0, 1.0]])


def test_the_squared_error_is_half_the_sum_over_outputs_and_the_mean_over_samples():
    loss = HalfSquaredError()(YHAT, COUNTS).item()
    assert loss == pytest.approx(((YHAT - COUNTS) ** 2).sum() / 2 / 3)


def test_the_loss_of_counts_is_half_of_poissons_deviance():
    from sklearn.metrics import mean_poisson_deviance

    yhat, y = YHAT[:, 0], COUNTS[:, 0]
    half = mean_poisson_deviance(y, np.exp(yhat)) / 2
    assert Poisson()(yhat[:, None], y[:, None]).item() == pytest.approx(half)


def test_the_loss_of_labels_is_the_sum_of_their_cross_entropies():
    from sklearn.metrics import log_loss

    each = [log_loss(LABELS[:, j], 1 / (1 + np.exp(-YHAT[:, j])), labels=[0, 1]) for j in range(2)]
    assert Logistic()(YHAT, LABELS).item() == pytest.approx(sum(each))


@pytest.mark.parametrize("loss", [HalfSquaredError(), Poisson(), Logistic()])
def test_a_weight_of_two_counts_as_the_sample_twice(loss):
    y, twice = LABELS, [0, 1, 1, 2]
    weighted = loss(YHAT, y, np.array([1.0, 2.0, 1.0]))
    assert weighted.item() == pytest.approx(loss(YHAT[twice], y[twice]).item())


@pytest.mark.parametrize("loss", [HalfSquaredError(), Poisson(), Logistic()])
def test_gradients_are_those_of_difference_quotients(loss):
    gw.check_gradient(lambda yhat: loss(yhat, LABELS), gw.Tensor(YHAT, requires_grad=True))
