from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("sklearn")

from sklearn.neural_network._stochastic_optimizers import AdamOptimizer

import glasswork as gw
from glasswork.estimators import MLPRegressor
from glasswork.estimators.solvers import Adam, optimizer_for

pytestmark = [
    pytest.mark.peers,
    pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning"),
]


def test_a_large_epsilon_of_adam_stands_where_theirs_stands(rng):
    ours, theirs = gw.Parameter(np.ones(5)), np.ones(5)
    optimizer = Adam([ours], 0.1, beta1=0.8, beta2=0.9, epsilon=0.5)
    peer = AdamOptimizer([theirs], 0.1, beta_1=0.8, beta_2=0.9, epsilon=0.5)
    for _ in range(20):
        ours.grad = gradient = rng.normal(size=5)
        optimizer.step()
        peer.update_params([theirs], [gradient])
    np.testing.assert_allclose(ours.els, theirs)


def test_adamw_takes_its_decay_from_the_weights_and_leaves_alpha_out(values):
    options = {"solver": "adamw", "max_iter": 5, "random_state": 0}
    plain, decayed, alpha = (
        MLPRegressor(**options, **more).fit(*values)
        for more in (
            {"weight_decay": 0.0},
            {"weight_decay": 10.0},
            {"weight_decay": 0.0, "alpha": 9},
        )
    )
    assert np.abs(decayed.coefs_[0]).sum() < 0.96 * np.abs(plain.coefs_[0]).sum()
    assert np.array_equal(alpha.coefs_[0], plain.coefs_[0])


def test_a_class_of_optimizers_is_a_solver(values):
    regressor = MLPRegressor(solver=gw.RMSprop, learning_rate_init=0.01, random_state=0)
    assert regressor.fit(*values).score(*values) > 0.9
    assert isinstance(regressor._optimizer, gw.RMSprop)


@pytest.mark.parametrize("solver", ["adam", "adamw", "sgd", gw.RMSprop])
def test_a_schedule_takes_the_place_of_the_first_learning_rate(solver, values):
    falling = gw.optim.step_decay(0.01, every=4, factor=0.5)
    regressor = MLPRegressor(solver=solver, learning_rate=falling, batch_size=100, max_iter=5)
    rates = regressor.fit(*values).history_["learning_rate"]
    assert rates == [0.01, 0.01, 0.005, 0.005, 0.0025]


def test_the_words_for_learning_rates_are_those_of_sgd_alone():
    weight = gw.Parameter([1.0])
    for solver in ("adam", "adamw", "sgd"):
        estimator = MLPRegressor(solver=solver, learning_rate="invscaling", learning_rate_init=0.5)
        assert optimizer_for(estimator, [weight]).learning_rate == 0.5
