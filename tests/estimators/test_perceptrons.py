"""The two classes beside those of scikit-learn: the same arguments, attributes and weights; and
what ours have beyond."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

pytest.importorskip("sklearn")

from sklearn import neural_network

import glasswork as gw
from glasswork.errors import DataError, OptionError
from glasswork.estimators import MLPClassifier, MLPRegressor
from glasswork.estimators.perceptrons import ACTIVATIONS

pytestmark = [
    pytest.mark.peers,
    pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning"),
]

PAIRS = [
    (MLPClassifier, neural_network.MLPClassifier),
    (MLPRegressor, neural_network.MLPRegressor),
]
OPTIONS = {
    "defaults": {},
    "sgd": {"solver": "sgd", "learning_rate_init": 0.05},
    "momentum": {"solver": "sgd", "nesterovs_momentum": False, "momentum": 0.5},
    "plain": {"solver": "sgd", "momentum": 0.0},
    "invscaling": {"solver": "sgd", "learning_rate": "invscaling", "power_t": 0.3},
    "adaptive": {"solver": "sgd", "learning_rate": "adaptive", "tol": 0.5, "n_iter_no_change": 1},
    "adam": {"beta_1": 0.8, "beta_2": 0.99, "epsilon": 1e-3, "learning_rate_init": 0.01},
    "alpha": {"alpha": 1.0},
    "layers": {"hidden_layer_sizes": (7, 5), "activation": "tanh"},
    "logistic": {"activation": "logistic"},
    "identity": {"activation": "identity"},
    "batches": {"batch_size": 32},
    "in order": {"shuffle": False, "batch_size": 32},
    "early stopping": {"early_stopping": True, "validation_fraction": 0.2},
    "lbfgs": {"solver": "lbfgs", "tol": 1e-3},
}


def data_for(kind, digits, values):
    return digits if kind is MLPClassifier else values


def options_of(kind):
    return inspect.signature(kind).parameters


@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
def test_every_argument_of_theirs_is_here_with_the_same_default(ours, theirs):
    found = options_of(ours)
    for name, option in options_of(theirs).items():
        assert (found[name].default, found[name].kind) == (option.default, option.kind), name
    by_place = [n for n, o in found.items() if o.kind is o.POSITIONAL_OR_KEYWORD]
    assert by_place == list(options_of(theirs))[: len(by_place)]


@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
@pytest.mark.parametrize("options", [{}, {"solver": "lbfgs"}, {"early_stopping": True}])
def test_every_attribute_and_method_of_theirs_is_here(ours, theirs, options, digits, values):
    x, y = data_for(ours, digits, values)
    options = {"max_iter": 3, "random_state": 0, **options}
    model, peer = (kind(**options).fit(x, y) for kind in (ours, theirs))
    public = {name for name in dir(peer) if not name.startswith("_")} - {"loss"}
    if options.get("solver") == "lbfgs":
        public -= {"partial_fit"}  # which their regressor has by an oversight
    assert public <= set(dir(model))
    for name in (name for name in vars(peer) if name.endswith("_") and not name.startswith("_")):
        assert isinstance(getattr(peer, name), type(getattr(model, name))), name


@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
def test_one_random_state_leads_to_the_same_weights(ours, theirs, options, digits, values):
    x, y = data_for(ours, digits, values)
    options = {"hidden_layer_sizes": 10, "max_iter": 8, "random_state": 3, **options}
    model, peer = (kind(**options).fit(x, y) for kind in (ours, theirs))
    assert (model.n_iter_, model.t_) == (peer.n_iter_, peer.t_)
    learnt = [[*m.coefs_, *m.intercepts_] for m in (model, peer)]
    for own, other in zip(*learnt, strict=True):
        np.testing.assert_allclose(own, other, rtol=1e-7, atol=1e-9)  # sums in another order
    np.testing.assert_allclose(model.loss_, peer.loss_, rtol=1e-9)
    assert np.array_equal(model.predict(x[:50]), peer.predict(x[:50])) or ours is MLPRegressor


@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
def test_the_curves_are_theirs_too(ours, theirs, digits, values):
    x, y = data_for(ours, digits, values)
    options = {"early_stopping": True, "max_iter": 12, "random_state": 0}
    model, peer = (kind(**options).fit(x, y) for kind in (ours, theirs))
    np.testing.assert_allclose(model.loss_curve_, peer.loss_curve_, rtol=1e-9)
    np.testing.assert_allclose(model.validation_scores_, peer.validation_scores_, rtol=1e-9)
    assert model.best_validation_score_ == pytest.approx(peer.best_validation_score_)


@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
def test_sample_weights_count_as_theirs(ours, theirs, digits, values, rng):
    x, y = data_for(ours, digits, values)
    weights = rng.uniform(0, 3, len(y))
    model, peer = (
        kind(max_iter=5, random_state=0, alpha=0.5).fit(x, y, weights) for kind in (ours, theirs)
    )
    np.testing.assert_allclose(model.coefs_[0], peer.coefs_[0], rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
def test_partial_fit_and_warm_starts_go_on_as_theirs(ours, theirs, digits, values):
    x, y = data_for(ours, digits, values)
    model, peer = (
        kind(max_iter=3, random_state=0, warm_start=True).fit(x, y).fit(x, y).partial_fit(x, y)
        for kind in (ours, theirs)
    )
    np.testing.assert_allclose(model.coefs_[1], peer.coefs_[1], rtol=1e-7, atol=1e-9)
    assert (model.n_iter_, model.t_) == (peer.n_iter_, peer.t_)
    assert len(model.loss_curve_) == len(peer.loss_curve_)


def test_labels_lead_to_the_same_weights():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(60, 4)), rng.integers(0, 2, (60, 3))
    model, peer = (kind(max_iter=5, random_state=0).fit(x, y) for kind in PAIRS[0])
    np.testing.assert_allclose(model.coefs_[0], peer.coefs_[0], rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(model.predict_proba(x), peer.predict_proba(x))
    assert np.array_equal(model.predict(x), peer.predict(x))


def test_several_values_lead_to_the_same_weights_and_to_the_loss_that_is_made_small():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(60, 4)), rng.normal(size=(60, 3))
    model, peer = (kind(max_iter=5, random_state=0, alpha=0.0).fit(x, y) for kind in PAIRS[1])
    np.testing.assert_allclose(model.coefs_[0], peer.coefs_[0], rtol=1e-7, atol=1e-9)
    assert model.loss_ == pytest.approx(3 * peer.loss_)  # whose gradient theirs also follows


def test_counts_lead_to_the_same_weights(rng):
    x = rng.uniform(size=(80, 2))
    y = rng.poisson(np.exp(x.sum(axis=1)))
    model, peer = (kind(loss="poisson", max_iter=5, random_state=0).fit(x, y) for kind in PAIRS[1])
    np.testing.assert_allclose(model.coefs_[0], peer.coefs_[0], rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(model.predict(x), peer.predict(x))
    assert model.out_activation_ == "exp"


@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
def test_verbose_prints_as_theirs_does(ours, theirs, digits, values, capsys):
    x, y = data_for(ours, digits, values)
    printed = []
    for kind in (ours, theirs):
        kind(max_iter=3, random_state=0, verbose=True, early_stopping=True).fit(x, y)
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1]


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
