from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("sklearn")

import glasswork as gw
from glasswork.errors import DataError, OptionError
from glasswork.estimators import MLPClassifier, MLPRegressor
from glasswork.estimators.perceptron import ACTIVATIONS

pytestmark = [
    pytest.mark.peers,
    pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning"),
]


def kinds_of(estimator):
    return [type(layer).__name__ for layer in estimator.network_.children]


def test_the_network_is_a_module_like_any_other(values, tmp_path):
    x, y = values
    regressor = MLPRegressor(
        hidden_layer_sizes=(7, 3), max_iter=2, dropout=0.1, random_state=0
    ).fit(x, y)
    path = tmp_path / "network.safetensors"
    gw.save(regressor.network_, path)
    np.testing.assert_allclose(gw.load(path).eval()(x).els[:, 0], regressor.predict(x))


def test_options_for_each_layer_make_the_network(values):
    regressor = MLPRegressor(
        hidden_layer_sizes=(8, 6, 4), activation=["tanh", gw.GELU, "relu"], dropout=(0.5, 0, 0.2),
        batch_normalization=True, max_iter=1,
    ).fit(*values)  # fmt: skip
    assert kinds_of(regressor) == [
        *("Linear", "BatchNorm", "Tanh", "Dropout"),
        *("Linear", "BatchNorm", "GELU"),
        *("Linear", "BatchNorm", "ReLU", "Dropout"),
        "Linear",
    ]
    assert regressor.n_layers_ == 5 and len(regressor.coefs_) == 4


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation_learns(activation, values):
    regressor = MLPRegressor(activation=activation, max_iter=20, random_state=0).fit(*values)
    assert regressor.loss_curve_[-1] < regressor.loss_curve_[0]


def test_without_a_hidden_layer_there_is_one_linear_map(values):
    x, y = values
    regressor = MLPRegressor(hidden_layer_sizes=(), solver="lbfgs", alpha=0.0).fit(x, y)
    best, *_ = np.linalg.lstsq(np.c_[x, np.ones(len(x))], y, rcond=None)
    np.testing.assert_allclose(regressor.coefs_[0][:, 0], best[:-1], atol=1e-4)


def test_dropout_and_batch_normalization_leave_predictions_alone(digits):
    x, y = digits
    classifier = MLPClassifier(dropout=0.3, batch_normalization=True, max_iter=30, random_state=0)
    classifier.fit(x, y)
    assert classifier.score(x, y) > 0.95
    assert np.array_equal(classifier.predict_proba(x), classifier.predict_proba(x))
    np.testing.assert_allclose(
        classifier.predict_proba(x[:1]), classifier.predict_proba(x)[:1], rtol=1e-9
    )


def test_one_random_state_draws_the_same_dropout(values):
    pair = [MLPRegressor(dropout=0.5, max_iter=3, random_state=5).fit(*values) for _ in range(2)]
    assert pair[0].loss_curve_ == pair[1].loss_curve_


def test_weights_that_are_assigned_count_in_predictions(values):
    x, y = values
    regressor = MLPRegressor(hidden_layer_sizes=3, max_iter=1, random_state=0).fit(x, y)
    regressor.coefs_ = [np.zeros_like(c) for c in regressor.coefs_]
    regressor.intercepts_[1] = np.array([4.0])
    assert np.array_equal(regressor.predict(x), np.full(200, 4.0))


def test_weights_that_are_assigned_count_when_a_training_goes_on(values):
    x, y = values
    regressor, other = (
        MLPRegressor(hidden_layer_sizes=3, random_state=i).partial_fit(x, y) for i in range(2)
    )
    regressor.coefs_ = [c.copy() for c in other.coefs_]
    regressor.intercepts_ = [b.copy() for b in other.intercepts_]
    assert np.array_equal(regressor.predict(x), other.predict(x))
    regressor.learning_rate_init = 1e-9
    regressor._optimizer.learning_rate = 1e-9
    np.testing.assert_allclose(regressor.partial_fit(x, y).predict(x), other.predict(x), rtol=1e-5)


def test_lists_for_other_numbers_of_layers_are_refused(values):
    with pytest.raises(OptionError, match="activation has 2 entries for 3 hidden layers"):
        MLPRegressor(hidden_layer_sizes=(3, 3, 3), activation=["relu", "tanh"]).fit(*values)


@pytest.mark.parametrize("activation", ["swish", 3, gw.ReLU(), dict])
def test_what_is_no_activation_is_refused(activation, values):
    with pytest.raises(OptionError, match="activation is "):
        MLPRegressor(activation=activation).fit(*values)


@pytest.mark.filterwarnings("ignore:overflow", "ignore:invalid value")
def test_weights_that_are_not_finite_are_told(values):
    x, y = values
    with pytest.raises(DataError, match=r"non-finite parameter weights(.|\n)*Scale X"):
        MLPRegressor(solver="sgd", learning_rate_init=1e6, max_iter=50).fit(1e9 * x, y)
