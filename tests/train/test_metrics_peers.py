from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from glasswork.train import metrics

pytestmark = pytest.mark.peers
sklearn = pytest.importorskip("sklearn.metrics")

TWINS = {
    "precision": (metrics.precision, sklearn.precision_score),
    "recall": (metrics.recall, sklearn.recall_score),
    "f1": (metrics.f1, sklearn.f1_score),
}


@pytest.fixture(params=range(20))
def rng(request) -> np.random.Generator:
    return np.random.default_rng(request.param)


@pytest.fixture
def said_and_true(rng) -> tuple[np.ndarray, np.ndarray]:
    """Few samples of up to six classes, so that some classes are missing on one side or both."""
    classes, samples = rng.integers(2, 7), rng.integers(1, 12)
    return rng.integers(0, classes, samples), rng.integers(0, classes, samples)


def test_accuracy_and_confusion_matrix_are_scikit_learns(said_and_true):
    said, true = said_and_true
    assert metrics.accuracy(said, true) == sklearn.accuracy_score(true, said)
    ours = metrics.confusion_matrix(said, true, classes=7)
    assert (ours == sklearn.confusion_matrix(true, said, labels=range(7))).all()


@pytest.mark.parametrize("average", ["macro", "micro"])
@pytest.mark.parametrize("name", TWINS)
def test_averages_are_scikit_learns(said_and_true, name, average):
    said, true = said_and_true
    ours, theirs = TWINS[name]
    expected = theirs(true, said, average=average, zero_division=0)
    assert ours(said, true, average=average) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("name", TWINS)
def test_binary_is_scikit_learns(rng, name):
    said, true = rng.integers(0, 2, (2, 5))
    ours, theirs = TWINS[name]
    expected = theirs(true, said, zero_division=0)
    assert ours(said, true, average="binary") == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("k", [1, 2, 5])
def test_top_k_is_scikit_learns(rng, k):
    scores, true = rng.normal(size=(30, 6)), rng.integers(0, 6, 30)
    expected = sklearn.top_k_accuracy_score(true, scores, k=k, labels=range(6))
    assert metrics.top_k(scores, true, k=k) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (metrics.mae, sklearn.mean_absolute_error),
        (metrics.rmse, lambda y, yhat: np.sqrt(sklearn.mean_squared_error(y, yhat))),
        (metrics.r_squared, sklearn.r2_score),
    ],
)
@pytest.mark.parametrize("shape", [(10,), (10, 3)])
def test_the_errors_of_values_are_scikit_learns(rng, ours, theirs, shape):
    predicted, true = rng.normal(size=(2, *shape))
    assert ours(predicted, true) == pytest.approx(theirs(true, predicted), rel=1e-12)


@pytest.mark.parametrize("predicted", [1.0, 2.0])
def test_r_squared_of_equal_targets_is_scikit_learns(predicted):
    ours = partial(metrics.r_squared, [predicted, predicted])
    assert ours([1.0, 1.0]) == sklearn.r2_score([1.0, 1.0], [predicted, predicted])
