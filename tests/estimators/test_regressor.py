from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("sklearn")

from glasswork.estimators import MLPRegressor

pytestmark = [
    pytest.mark.peers,
    pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning"),
]


def test_several_values_are_learnt_together(values):
    x, y = values
    both = np.column_stack([y, -2 * y])
    regressor = MLPRegressor(solver="lbfgs", random_state=0, tol=1e-3, max_iter=2000).fit(x, both)
    assert regressor.predict(x).shape == (200, 2) and regressor.n_outputs_ == 2
    assert regressor.score(x, both) > 0.98


def test_partial_fit_learns_from_one_call_to_the_next(values):
    x, y = values
    regressor = MLPRegressor(random_state=0, learning_rate_init=0.01)
    for _ in range(100):
        regressor.partial_fit(x, y)
    assert regressor.score(x, y) > 0.9
    assert len(regressor.loss_curve_) == 100 and regressor.t_ == 100 * 200


def test_counts_are_never_predicted_below_zero(rng):
    x = rng.normal(size=(100, 2))
    y = rng.poisson(np.exp(x[:, 0]))
    regressor = MLPRegressor(loss="poisson", max_iter=50, random_state=0).fit(x, y)
    assert (regressor.predict(5 * x) > 0).all()


def test_a_training_that_diverges_leaves_the_best_weights_there_were(values):
    x, y = values
    regressor = MLPRegressor(
        max_iter=3, solver="sgd", learning_rate_init=1e3, early_stopping=True, activation="identity"
    )
    with np.errstate(all="ignore"):
        regressor.fit(1e4 * x, y)
    assert not np.isfinite(regressor.validation_scores_[-1])
    assert np.isfinite(regressor.coefs_[0]).all()  # the first weights are the best there were
