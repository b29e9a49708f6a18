from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("sklearn")

from scipy import sparse

import glasswork as gw
from glasswork.estimators import MLPClassifier, MLPRegressor, samples
from glasswork.estimators.samples import Samples, outputs_of

pytestmark = [
    pytest.mark.peers,
    pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning"),
]


def test_only_the_rows_of_a_batch_are_made_dense():
    x = sparse.csr_array(np.eye(4))
    rows = np.array([2, 0])
    batch, truth = Samples(x, np.arange(4), np.arange(4), None).arrays_at(rows)
    assert np.array_equal(batch, np.eye(4)[rows]) and np.array_equal(truth, rows)


def test_outputs_for_a_sparse_matrix_come_in_parts(monkeypatch, rng):
    x = rng.normal(size=(7, 3))
    network = gw.Linear(3, 2, rng=0).astype(float)
    monkeypatch.setattr(samples, "PART", 6)
    np.testing.assert_allclose(outputs_of(network, sparse.csr_array(x)), outputs_of(network, x))


@pytest.mark.parametrize("form", [sparse.csr_array, sparse.csc_array, sparse.coo_matrix])
@pytest.mark.parametrize("solver", ["adam", "lbfgs"])
def test_a_sparse_matrix_leads_to_the_network_of_a_dense_one(form, solver, two_classes):
    x, y = two_classes
    options = {"solver": solver, "max_iter": 10, "random_state": 0}
    dense, thin = (MLPClassifier(**options).fit(data, y) for data in (x, form(x)))
    np.testing.assert_allclose(thin.predict_proba(form(x)), dense.predict_proba(x), rtol=1e-6)


def test_float32_is_kept_and_can_be_asked_for(values):
    x, y = values
    narrow = MLPRegressor(max_iter=2, random_state=0).fit(x.astype(np.float32), y)
    asked = MLPRegressor(max_iter=2, random_state=0, dtype="float32").fit(x, y)
    assert np.array_equal(narrow.predict(x), asked.predict(x))
    assert asked.predict(x).dtype == asked.coefs_[0].dtype == np.float32
    assert MLPRegressor(max_iter=2).fit(x.astype(int), y).predict(x).dtype == np.float64
