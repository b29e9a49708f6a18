from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("sklearn")

from scipy import sparse
from sklearn.exceptions import ConvergenceWarning

import glasswork as gw
from glasswork.errors import OptionError
from glasswork.estimators import MLPClassifier, MLPRegressor, NetworkRegressor, samples
from glasswork.estimators.heads import for_values
from glasswork.estimators.lbfgs import Landscape
from glasswork.estimators.samples import Samples

pytestmark = pytest.mark.peers


def test_the_gradient_of_the_landscape_is_that_of_difference_quotients(rng):
    x, y, weights = rng.normal(size=(6, 3)), rng.normal(size=(6, 1)), rng.uniform(size=6)
    network = gw.Sequential(gw.Linear(3, 4, rng=0), gw.Tanh(), gw.Linear(4, 1, rng=1)).astype(float)
    landscape = Landscape(network, for_values("squared_error"), 0.7, Samples(x, y, y, weights))
    place = landscape.place()
    _, gradient = landscape(place)
    for direction in np.eye(place.size):
        step = 1e-6 * direction
        slope = (landscape(place + step)[0] - landscape(place - step)[0]) / 2e-6
        assert gradient @ direction == pytest.approx(slope, abs=1e-8)


def test_a_sparse_matrix_in_parts_has_the_same_landscape(rng, monkeypatch):
    x, y, weights = rng.normal(size=(10, 3)), rng.normal(size=(10, 1)), rng.uniform(size=10)
    weights[:4] = 0  # nothing counts in the first two parts
    network = gw.Linear(3, 1, rng=0).astype(float)
    whole, parts = (
        Landscape(network, for_values("squared_error"), 0.7, Samples(data, y, y, weights))
        for data in (x, sparse.csr_array(x))
    )
    monkeypatch.setattr(samples, "PART", 6)
    in_parts = Landscape(
        network, for_values("squared_error"), 0.7, Samples(sparse.csr_array(x), y, y, weights)
    )
    assert [len(m.parts) for m in (whole, parts, in_parts)] == [1, 1, 3]
    loss, gradient = whole(whole.place())
    for other in (parts, in_parts):
        assert other(other.place())[0] == pytest.approx(loss)
        np.testing.assert_allclose(other(other.place())[1], gradient)


def test_the_loss_of_every_iteration_is_written_down_and_printed(values, capsys):
    regressor = MLPRegressor(solver="lbfgs", random_state=0, tol=1e-2, verbose=True).fit(*values)
    assert len(regressor.loss_curve_) == regressor.n_iter_ == len(regressor.history_)
    assert regressor.loss_curve_[-1] == pytest.approx(regressor.loss_)
    assert len(capsys.readouterr().out.splitlines()) == regressor.n_iter_


def test_a_search_that_was_cut_short_warns(values):
    with pytest.warns(ConvergenceWarning, match=r"lbfgs stopped after 3 iterations"):
        MLPRegressor(solver="lbfgs", max_iter=3).fit(*values)


def test_there_is_no_partial_fit():
    assert not hasattr(MLPClassifier(solver="lbfgs"), "partial_fit")
    assert not hasattr(MLPRegressor(solver="lbfgs"), "partial_fit")


def test_dropout_is_refused(values):
    with pytest.raises(OptionError, match=r"'lbfgs' cannot train 2 Dropout\(probability=0.8\)"):
        MLPRegressor(solver="lbfgs", dropout=0.8).fit(*values)


def test_batch_normalization_ends_with_the_mean_and_variance_of_the_data(values):
    x, y = values
    network = gw.Sequential(gw.Linear(5, 4, rng=0), gw.BatchNorm(4), gw.ReLU(), gw.Linear(4, 1))
    regressor = NetworkRegressor(network, solver="lbfgs", tol=0.05).fit(x, y)
    linear, norm, *_ = regressor.network_.children
    hidden = x @ linear.weights.els + linear.biases.els
    np.testing.assert_allclose(norm.running_mean.els, hidden.mean(axis=0))
    np.testing.assert_allclose(norm.running_variance.els, hidden.var(axis=0, ddof=1))
    assert norm.momentum == 0.1


def test_float32_stays_float32(values):
    x, y = values
    regressor = MLPRegressor(solver="lbfgs", dtype=np.float32, max_iter=200, tol=1e-3)
    assert regressor.fit(x, y).predict(x).dtype == np.float32
    assert {c.dtype for c in regressor.coefs_} == {np.dtype(np.float32)}
