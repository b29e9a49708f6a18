from __future__ import annotations

from contextlib import nullcontext
from types import SimpleNamespace

import numpy as np
import pytest

pytest.importorskip("sklearn")

from sklearn.exceptions import ConvergenceWarning

import glasswork as gw
from glasswork.errors import DataError, OptionError
from glasswork.estimators import (
    MLPClassifier,
    MLPRegressor,
    NetworkRegressor,
    estimator,
    stochastic,
)
from glasswork.estimators.stochastic import training_step
from glasswork.train import Callback, EarlyStopping

pytestmark = [
    pytest.mark.peers,
    pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning"),
]


class Witness(Callback):
    """Writes down when it was called."""

    def __init__(self):
        self.calls = []

    def on_start(self, run):
        self.calls.append("start")

    def on_batch(self, run):
        self.calls.append((run.epoch, run.batch, run.batches))

    def on_epoch(self, run):
        self.calls.append(sorted(run.history.last()))

    def on_end(self, run):
        self.calls.append("end")


def test_a_step_is_a_function_of_arrays_that_gives_the_loss_from_before_it():
    weight = gw.Parameter(np.array([1.0]))
    step = training_step(
        lambda x, y, weights=None: gw.MSE()(x * weight, y), gw.SGD([weight], learning_rate=0.1)
    )
    assert step(np.array([2.0]), np.array([0.0])).item() == 4.0
    assert weight.els == pytest.approx(1 - 0.1 * 8)
    assert step(np.array([2.0]), np.array([0.0])).item() == pytest.approx(0.4**2)


def test_an_object_with_a_method_log_is_told_each_epoch(values):
    rows = []
    memory = SimpleNamespace(log=rows.append)
    MLPRegressor(max_iter=3, random_state=0, callbacks=[memory]).fit(*values)
    assert [(row["epoch"], row["step"]) for row in rows] == [(1, 1), (2, 2), (3, 3)]


def test_what_is_no_callback_is_refused(values):
    with pytest.raises(OptionError, match=r"MLPRegressor: callbacks is \[3\]"):
        MLPRegressor(callbacks=[3]).fit(*values)


@pytest.mark.parametrize(("solver", "rows"), [("adam", 50), ("lbfgs", 200)])
def test_a_small_network_gets_one_thread_of_blas(solver, rows, values, monkeypatch):
    asked = []

    def watched(multiplications):
        asked.append(multiplications)
        return nullcontext()

    monkeypatch.setattr(estimator, "threads_for", watched)
    options = {"solver": solver, "batch_size": 50, "max_iter": 2, "random_state": 0}
    MLPRegressor(hidden_layer_sizes=8, **options).fit(*values)
    assert asked == [rows * 5 * 8]


@pytest.mark.parametrize("more", [{}, {"solver": "sgd"}, {"batch_normalization": True}], ids=str)
def test_a_compiled_step_leads_to_the_same_weights(more, values):
    plain, compiled = (
        MLPRegressor(batch_size=64, max_iter=10, random_state=0, compile=way, **more).fit(*values)
        for way in (False, True)
    )
    np.testing.assert_allclose(compiled.coefs_[0], plain.coefs_[0], rtol=1e-7, atol=1e-10)
    np.testing.assert_allclose(compiled.loss_curve_, plain.loss_curve_)


@pytest.mark.parametrize(("asked", "calls"), [(None, 12), (False, 12), (True, 1)])
def test_a_loss_that_is_not_ours_runs_in_every_step_unless_asked_otherwise(
    asked, calls, values, monkeypatch
):
    called = []

    def loss(yhat, y):
        called.append(len(called))
        return gw.MSE()(yhat, y)

    monkeypatch.setattr(stochastic, "OFTEN", 1)
    MLPRegressor(loss, batch_size=50, max_iter=3, compile=asked).fit(*values)
    assert len(called) == calls


def test_callbacks_are_called_at_their_moments(values):
    x, y = values
    witness = Witness()
    MLPRegressor(max_iter=2, batch_size=100, callbacks=[witness]).fit(x, y)
    epoch = ["learning_rate", "loss"]
    batches = [[(epoch, batch, 2) for batch in (1, 2)] for epoch in (1, 2)]
    assert witness.calls == ["start", *batches[0], epoch, *batches[1], epoch, "end"]


def test_a_callback_can_stop_the_training(values):
    class Enough(Callback):
        def on_epoch(self, run):
            if run.epoch == 3:
                run.stop("three are enough")

    regressor = MLPRegressor(callbacks=[Enough()]).fit(*values)
    assert regressor.n_iter_ == 3
    assert regressor.history_.stopped == "three are enough"


def test_the_librarys_early_stopping_works_on_the_validation_loss(values):
    x, y = values
    stopping = EarlyStopping(patience=1)
    regressor = MLPRegressor(callbacks=[stopping], max_iter=500, learning_rate_init=0.05)
    regressor.fit(x[:150], y[:150], validation_data=(x[150:], y[150:]))
    curve = regressor.validation_loss_curve_
    assert regressor.n_iter_ == len(curve) < 500
    assert stopping.best_epoch == int(np.argmin(curve)) + 1
    error = regressor.predict(x[150:]) - y[150:]
    assert (error**2).mean() / 2 == pytest.approx(min(curve))


def test_own_validation_data_are_judged_each_epoch_and_not_learnt_from(values):
    x, y = values
    options = {"max_iter": 4, "random_state": 0}
    alone = MLPRegressor(**options).fit(x[:150], y[:150])
    judged = MLPRegressor(**options).fit(x[:150], y[:150], validation_data=(x[150:], y[150:]))
    assert np.array_equal(judged.predict(x), alone.predict(x))
    assert len(judged.validation_scores_) == len(judged.validation_loss_curve_) == 4
    assert judged.validation_scores_[-1] == pytest.approx(judged.score(x[150:], y[150:]))
    assert alone.validation_scores_ is None and alone.validation_loss_curve_ is None
    assert judged.best_loss_ == min(judged.loss_curve_)


def test_early_stopping_on_own_validation_data_restores_the_best_epoch(digits):
    x, y = digits
    classifier = MLPClassifier(
        early_stopping=True, learning_rate_init=0.05, max_iter=60, random_state=0,
        batch_normalization=True,
    )  # fmt: skip
    classifier.fit(x[:200], y[:200], validation_data=(x[200:], y[200:]))
    assert classifier.score(x[200:], y[200:]) == max(classifier.validation_scores_)
    assert classifier.best_validation_score_ == max(classifier.validation_scores_)


def test_weights_of_validation_data_count(values):
    x, y = values
    zeros_last = np.r_[np.ones(20), np.zeros(30)]
    curves = [
        MLPRegressor(max_iter=3, random_state=0).fit(x, y, validation_data=held_out)
        for held_out in ((x[:20], y[:20]), (x[:50], y[:50], zeros_last))
    ]
    np.testing.assert_allclose(*(m.validation_loss_curve_ for m in curves))
    np.testing.assert_allclose(*(m.validation_scores_ for m in curves))


def test_a_batch_in_which_nothing_counts_is_passed_over(values):
    x, y = values
    weights = np.r_[np.ones(100), np.zeros(100)]
    options = {"batch_size": 100, "shuffle": False, "max_iter": 3, "random_state": 0}
    weighted = MLPRegressor(**options).fit(x, y, weights)
    without = MLPRegressor(**options).fit(x[:100], y[:100])
    np.testing.assert_allclose(weighted.coefs_[0], without.coefs_[0])


def test_a_last_batch_of_one_is_left_out_where_it_would_have_no_variance(values):
    x, y = values
    regressor = MLPRegressor(batch_normalization=True, batch_size=40, max_iter=2, random_state=0)
    assert np.isfinite(regressor.fit(x[:81], y[:81]).loss_)


def test_batches_larger_than_the_data_are_clipped_with_a_warning(values):
    x, y = values
    with pytest.warns(UserWarning, match=r"larger than sample size \(200\)"):
        MLPRegressor(batch_size=500, max_iter=1).fit(x, y)


def test_a_training_that_has_not_converged_warns(values):
    with pytest.warns(ConvergenceWarning, match=r"Maximum iterations \(2\) reached"):
        MLPRegressor(max_iter=2).fit(*values)


def test_ctrl_c_ends_the_training_and_keeps_what_was_learnt(values):
    class Impatience(Callback):
        def on_batch(self, run):
            if run.epoch == 2:
                raise KeyboardInterrupt

    with pytest.warns(UserWarning, match="Training interrupted by user"):
        regressor = MLPRegressor(callbacks=[Impatience()]).fit(*values)
    assert regressor.n_iter_ == 1
    assert regressor.predict(values[0]).shape == (200,)


def test_a_validation_set_of_one_is_too_small(values):
    x, y = values
    with pytest.raises(DataError, match="The validation set is too small"):
        MLPRegressor(early_stopping=True).fit(x[:5], y[:5])


def test_partial_fit_refuses_early_stopping(values):
    with pytest.raises(OptionError, match="partial_fit does not support early_stopping=True"):
        MLPRegressor(early_stopping=True).partial_fit(*values)


def test_frozen_parameters_keep_their_values_and_bring_no_penalty(values):
    x, y = values
    network = gw.Sequential(gw.Linear(5, 8, rng=0), gw.ReLU(), gw.Linear(8, 1, rng=1))
    network.children[0].freeze()
    regressor = NetworkRegressor(network, max_iter=3, alpha=1e3, random_state=0).fit(x, y)
    learnt = regressor.network_.children
    np.testing.assert_allclose(learnt[0].weights.els, network.children[0].weights.els)
    assert not np.allclose(learnt[2].weights.els, network.children[2].weights.els)
