from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("sklearn")

from scipy import sparse

from glasswork.errors import DataError, OptionError
from glasswork.estimators import MLPClassifier

pytestmark = [
    pytest.mark.peers,
    pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning"),
]


@pytest.fixture
def unbalanced(rng):
    """Two classes of one feature that overlap, of which one is rare."""
    y = (rng.uniform(size=400) < 0.1).astype(int)
    return rng.normal(size=(400, 1)) + y[:, None], y


def test_a_balanced_class_weight_finds_the_rare_class(unbalanced):
    x, y = unbalanced
    plain, balanced = (
        MLPClassifier(5, class_weight=weight, solver="lbfgs", random_state=0).fit(x, y).predict(x)
        for weight in (None, "balanced")
    )
    assert plain[y == 1].mean() < 0.4 and balanced[y == 1].mean() > 0.6


def test_class_weights_are_sample_weights(unbalanced):
    x, y = unbalanced
    options = {"max_iter": 5, "random_state": 0}
    by_class = MLPClassifier(class_weight={0: 1, 1: 6}, **options).fit(x, y, np.full(400, 0.5))
    by_sample = MLPClassifier(**options).fit(x, y, 0.5 * np.where(y == 1, 6, 1))
    np.testing.assert_allclose(by_class.coefs_[0], by_sample.coefs_[0])


def test_class_weights_leave_the_scores_of_what_is_held_out_alone(unbalanced):
    x, y = unbalanced
    classifier = MLPClassifier(class_weight={0: 1, 1: 50}, max_iter=3, random_state=0)
    classifier.fit(x[:200], y[:200], validation_data=(x[200:], y[200:]))
    assert classifier.validation_scores_[-1] == classifier.score(x[200:], y[200:])


def test_balanced_weights_need_all_samples_at_once(unbalanced):
    with pytest.raises(OptionError, match="class_weight is 'balanced'"):
        MLPClassifier(class_weight="balanced").partial_fit(*unbalanced, classes=[0, 1])


def test_logarithms_of_probabilities_that_are_zero_are_infinite_without_a_warning(two_classes):
    x, y = two_classes
    classifier = MLPClassifier(max_iter=50, learning_rate_init=0.1, random_state=0).fit(x, y)
    far = 1e6 * np.vstack([x, -x])
    logarithms = classifier.predict_log_proba(far)
    assert np.isneginf(logarithms).any() and not np.isnan(logarithms).any()


def test_sparse_labels_come_back_sparse(digits):
    x, y = digits
    labels = sparse.csr_matrix(np.column_stack([y % 2, y > 4]).astype(int))
    classifier = MLPClassifier(max_iter=5, random_state=0).fit(x, labels)
    assert sparse.issparse(classifier.predict(x))
    assert classifier.predict_proba(x).shape == (500, 2)


def test_one_class_alone_has_probability_one_and_is_always_predicted(two_classes):
    x, _ = two_classes
    classifier = MLPClassifier(max_iter=2, random_state=0).fit(x, np.full(len(x), "only"))
    assert set(classifier.predict(-9 * x)) == {"only"}
    assert classifier.predict_proba(x).shape == (len(x), 1)


def test_partial_fit_needs_all_classes_first(two_classes):
    with pytest.raises(OptionError, match="classes must be passed in the first call"):
        MLPClassifier().partial_fit(*two_classes)


def test_partial_fit_refuses_other_classes_later(two_classes):
    classifier = MLPClassifier().partial_fit(*two_classes, classes=[0, 1])
    with pytest.raises(OptionError, match=r"classes are \[0 1 2\], and were \[0 1\]"):
        classifier.partial_fit(*two_classes, classes=[0, 1, 2])


def test_classes_that_nobody_was_told_of_are_named(two_classes):
    x, y = two_classes
    with pytest.raises(DataError, match=r"y has classes that are none: \[7\]"):
        MLPClassifier().partial_fit(x, y, classes=[0, 1]).partial_fit(x[:1], [7])
    with pytest.raises(DataError, match=r"y has classes that are none: \[5\]"):
        MLPClassifier().fit(x, y, validation_data=(x, np.full(len(x), 5)))


def test_columns_of_several_classes_each_are_refused_with_what_to_do(digits):
    x, y = digits
    with pytest.raises(DataError, match=r"2 columns of more than two classes(.|\n)*MultiOutput"):
        MLPClassifier().fit(x, np.column_stack([y, y % 3]))
