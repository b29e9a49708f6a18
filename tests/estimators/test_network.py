from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("sklearn")

import glasswork as gw
from glasswork.errors import OptionError, ShapeError
from glasswork.estimators import NetworkClassifier, NetworkRegressor

pytestmark = [
    pytest.mark.peers,
    pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning"),
]


def network(features, outputs, rng):
    return gw.Sequential(
        gw.Linear(features, 24, rng=rng), gw.GELU(), gw.Linear(24, outputs, rng=rng)
    )


def test_a_module_is_copied_and_goes_on_from_its_weights(values):
    x, y = values
    module = network(5, 1, rng=0)
    before = module.state_dict()
    regressor = NetworkRegressor(module, max_iter=1, learning_rate_init=1e-9, shuffle=False)
    learnt = regressor.fit(x, y).network_
    assert all(np.array_equal(v, before[k]) for k, v in module.state_dict().items())
    assert learnt is not module and learnt.children[0].weights.dtype == np.float64
    np.testing.assert_allclose(learnt.children[0].weights.els, before["0.weights"], atol=1e-6)


def test_what_makes_a_module_is_told_features_and_outputs_and_seeded(digits):
    x, y = digits
    options = {"max_iter": 3, "random_state": 1}
    pair = [NetworkClassifier(network, **options).fit(x, y) for _ in range(2)]
    assert np.array_equal(pair[0].predict_proba(x), pair[1].predict_proba(x))
    assert pair[0].network_.children[0].weights.shape == (64, 24)
    assert pair[0].n_outputs_ == 10


@pytest.mark.parametrize("outputs", [1, 2])
def test_two_classes_have_one_output_or_two(outputs, two_classes):
    x, y = two_classes
    classifier = NetworkClassifier(network(64, outputs, rng=0), max_iter=20, random_state=0)
    assert classifier.fit(x, y).score(x, y) > 0.95
    assert classifier.predict_proba(x).shape == (len(x), 2)
    assert classifier.out_activation_ == ("logistic", "softmax")[outputs - 1]


def test_labels_have_an_output_each(digits):
    x, y = digits
    labels = np.column_stack([y % 2, y > 4, y == 3])
    classifier = NetworkClassifier(network, max_iter=50, learning_rate_init=0.01, random_state=0)
    assert (classifier.fit(x, labels).predict(x) == labels).mean() > 0.95


def test_a_network_with_other_outputs_than_targets_is_told(digits, values):
    with pytest.raises(ShapeError, match=r"gives \(1, 3\) for one row(.|\n)*\(1, 10\)"):
        NetworkClassifier(network(64, 3, rng=0)).fit(*digits)
    with pytest.raises(ShapeError, match=r"gives \(1,\) for one row"):
        NetworkRegressor(lambda features, outputs, rng: Flat()).fit(*values)


class Flat(gw.Module):
    def forward(self, x):
        return x.sum(axis=-1)


@pytest.mark.parametrize("made", [None, "network", lambda features, outputs, rng: 3])
def test_what_is_no_network_is_told(made, values):
    with pytest.raises(OptionError, match=r"NetworkRegressor: network is .*no module comes of it"):
        NetworkRegressor(made).fit(*values)
