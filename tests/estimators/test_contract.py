"""scikit-learn's contract: its checks of estimators, and its tools with ours in them."""

from __future__ import annotations

import pickle
from dataclasses import dataclass

import numpy as np
import pytest

pytest.importorskip("sklearn")

import joblib
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.inspection import permutation_importance
from sklearn.model_selection import GridSearchCV, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

import glasswork as gw
from glasswork.estimators import (
    MLPClassifier,
    MLPRegressor,
    NetworkClassifier,
    NetworkRegressor,
)

pytestmark = [
    pytest.mark.peers,
    pytest.mark.filterwarnings("ignore"),  # the checks fit on data that warns
]


@dataclass(frozen=True)
class TwoLayers:
    """Makes a network. Unlike a function it has the same repr, and tests the same names, always."""

    neurons: int = 16

    def __call__(self, features, outputs, rng):
        first = gw.Linear(features, self.neurons, rng=rng)
        return gw.Sequential(first, gw.ReLU(), gw.Linear(self.neurons, outputs, rng=rng))


network = TwoLayers()
FAST = {"learning_rate_init": 0.02, "random_state": 0}
KINDS = {
    "MLPClassifier": MLPClassifier(random_state=0),
    "MLPRegressor": MLPRegressor(random_state=0),
    "NetworkClassifier": NetworkClassifier(network, **FAST),
    "NetworkRegressor": NetworkRegressor(network, **FAST),
}


@parametrize_with_checks([MLPClassifier(), MLPRegressor()])
def test_the_multilayer_perceptrons_pass_every_check(estimator, check):
    check(estimator)


@parametrize_with_checks([NetworkClassifier(network, **FAST), NetworkRegressor(network, **FAST)])
def test_networks_pass_every_check(estimator, check):
    check(estimator)


@pytest.fixture(params=KINDS)
def estimator(request):
    return clone(KINDS[request.param]).set_params(max_iter=20)


@pytest.fixture
def data(estimator, two_classes, values):
    return two_classes if "Classifier" in type(estimator).__name__ else values


def test_a_pipeline_trains_and_predicts(estimator, data):
    x, y = data
    pipeline = make_pipeline(StandardScaler(), estimator).fit(x, y)
    assert pipeline.predict(x).shape == y.shape


def test_a_grid_search_tries_our_options_and_theirs(estimator, data):
    grid = {"alpha": [0.0, 1.0], "solver": ["adam", "adamw"]}
    search = GridSearchCV(estimator, grid, cv=2).fit(*data)
    assert search.best_params_.keys() == grid.keys()


def test_cross_validation_predicts_every_sample(estimator, data):
    assert cross_val_predict(estimator, *data, cv=3).shape == data[1].shape


@pytest.mark.parametrize("kind", ["MLPClassifier", "NetworkClassifier"])
def test_a_classifier_can_be_calibrated(kind, digits):
    x, y = digits
    calibrated = CalibratedClassifierCV(clone(KINDS[kind]).set_params(max_iter=30), cv=2).fit(x, y)
    assert calibrated.score(x, y) > 0.9


def test_permutation_importance_finds_the_features_that_count(values):
    x, y = values
    regressor = MLPRegressor(solver="lbfgs", random_state=0).fit(x, y)
    found = permutation_importance(regressor, x, y, n_repeats=3, random_state=0).importances_mean
    assert found[:3].min() > found[3:].max()


def test_a_clone_is_untrained_and_has_the_same_options(estimator, data):
    copy = clone(estimator.set_params(alpha=0.3).fit(*data))
    assert copy.get_params() == estimator.get_params()
    assert not hasattr(copy, "network_")


@pytest.mark.parametrize("way", ["pickle", "joblib"])
def test_what_was_stored_predicts_the_same_and_goes_on_alike(estimator, data, way, tmp_path):
    x, y = data
    estimator.fit(x, y)
    if way == "pickle":
        copy = pickle.loads(pickle.dumps(estimator))
    else:
        copy = joblib.load(joblib.dump(estimator, tmp_path / "estimator")[0])
    assert np.array_equal(copy.predict(x), estimator.predict(x))
    estimator.partial_fit(x, y)
    assert np.array_equal(copy.partial_fit(x, y).predict(x), estimator.predict(x))


def test_columns_of_a_data_frame_are_remembered_by_name(two_classes):
    pandas = pytest.importorskip("pandas")
    x, y = two_classes
    frame = pandas.DataFrame(x[:, 20:24], columns=["a", "b", "c", "d"])
    classifier = MLPClassifier(max_iter=5, random_state=0).fit(frame, pandas.Series(y))
    assert list(classifier.feature_names_in_) == ["a", "b", "c", "d"]
    with pytest.raises(ValueError, match="feature names should match"):
        classifier.predict(frame.rename(columns={"a": "z"}))
