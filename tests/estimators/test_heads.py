"""Every loss of the library as the loss of an estimator, and the losses of scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("sklearn")

import glasswork as gw
from glasswork.errors import OptionError
from glasswork.estimators import MLPClassifier, MLPRegressor
from glasswork.estimators.heads import HalfSquaredError, Logistic, Poisson, for_classes, for_values

pytestmark = [
    pytest.mark.peers,
    pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning"),
]

OF_CLASSES = [
    gw.CrossEntropy(label_smoothing=0.1),
    gw.NLL(),
    gw.KLDivergence(),
    gw.BinaryCrossEntropy(),
    gw.Hinge(),
    gw.MSE(),
    gw.MAE(),
    gw.Huber(),
]
EACH_ALONE = [loss for loss in OF_CLASSES if not isinstance(loss, gw.NLL | gw.KLDivergence)]


@pytest.mark.parametrize("loss", OF_CLASSES, ids=lambda loss: type(loss).__name__)
def test_every_loss_tells_ten_classes_apart(loss, digits):
    classifier = MLPClassifier(loss=loss, max_iter=60, learning_rate_init=0.01, random_state=0)
    classifier.fit(*digits)
    assert classifier.score(*digits) > 0.9
    np.testing.assert_allclose(classifier.predict_proba(digits[0]).sum(axis=1), 1)


@pytest.mark.parametrize("loss", OF_CLASSES, ids=lambda loss: type(loss).__name__)
def test_every_loss_tells_two_classes_apart(loss, two_classes):
    x, y = two_classes
    names = np.array(["zero", "one"])[y]
    classifier = MLPClassifier(loss=loss, max_iter=60, learning_rate_init=0.01, random_state=0)
    assert classifier.fit(x, names).score(x, names) > 0.95
    assert classifier.predict_proba(x).shape == (len(x), 2)


@pytest.mark.parametrize("loss", EACH_ALONE, ids=lambda loss: type(loss).__name__)
def test_losses_of_single_outputs_learn_labels(loss, digits):
    x, y = digits
    labels = np.column_stack([y % 2, y > 4])
    classifier = MLPClassifier(loss=loss, max_iter=60, learning_rate_init=0.01, random_state=0)
    assert (classifier.fit(x, labels).predict(x) == labels).mean() > 0.95


@pytest.mark.parametrize("loss", [gw.MSE(), gw.MAE(), gw.Huber(0.5)], ids=repr)
def test_losses_of_numbers_learn_values(loss, values):
    x, y = values
    regressor = MLPRegressor(loss, max_iter=300, learning_rate_init=0.01, random_state=0)
    assert regressor.fit(x, y).score(x, y) > 0.9


def test_a_function_of_outputs_and_truth_is_a_loss(values):
    def quantile(yhat, y):
        error = y - yhat
        return np.maximum(0.9 * error, -0.1 * error).mean()

    x, y = values
    regressor = MLPRegressor(quantile, max_iter=300, learning_rate_init=0.01, random_state=0)
    assert 0.8 < (y < regressor.fit(x, y).predict(x)).mean() < 1.0


def test_a_function_sees_the_truth_that_the_usual_loss_would(digits, two_classes):
    seen = []

    def spy(outputs, truth):
        seen.append((outputs.shape[1:], truth.shape[1:], truth.dtype.kind))
        return gw.CrossEntropy()(outputs, truth) if truth.ndim == 1 else gw.MSE()(outputs, truth)

    for x, y in (digits, two_classes):
        MLPClassifier(loss=spy, max_iter=1, batch_size=len(y)).fit(x, y)
    assert seen[0] == ((10,), (), "i") and seen[-1] == ((1,), (1,), "f")


def test_a_loss_for_one_class_of_several_is_refused_for_labels(digits):
    with pytest.raises(OptionError, match=r"NLL is for one class of several.*\n.*2 outputs"):
        for_classes(gw.NLL(), outputs=2, exclusive=False)


def test_words_that_are_no_losses_are_refused():
    with pytest.raises(OptionError, match="classifier: loss is 'hinge'"):
        for_classes("hinge", outputs=2, exclusive=True)
    with pytest.raises(OptionError, match="regressor: loss is 'log_loss'"):
        for_values("log_loss")


YHAT = np.array([[0.5, -1.0], [2.0, 0.0], [-0.5, 3.0]])
COUNTS = np.array([[1.0, 0.0], [3.0, 2.0], [0.0, 5.0]])
LABELS = np.array([[1.0, 0.0], [0.0, 0.0], [1.0, 1.0]])


def test_the_squared_error_is_half_the_sum_over_outputs_and_the_mean_over_samples():
    loss = HalfSquaredError()(YHAT, COUNTS).item()
    assert loss == pytest.approx(((YHAT - COUNTS) ** 2).sum() / 2 / 3)


def test_the_loss_of_counts_is_half_of_poissons_deviance():
    from sklearn.metrics import mean_poisson_deviance

    yhat, y = YHAT[:, 0], COUNTS[:, 0]
    half = mean_poisson_deviance(y, np.exp(yhat)) / 2
    assert Poisson()(yhat[:, None], y[:, None]).item() == pytest.approx(half)


def test_the_loss_of_labels_is_the_sum_of_their_cross_entropies():
    from sklearn.metrics import log_loss

    each = [log_loss(LABELS[:, j], 1 / (1 + np.exp(-YHAT[:, j])), labels=[0, 1]) for j in range(2)]
    assert Logistic()(YHAT, LABELS).item() == pytest.approx(sum(each))


@pytest.mark.parametrize("loss", [HalfSquaredError(), Poisson(), Logistic()])
def test_a_weight_of_two_counts_as_the_sample_twice(loss):
    y, twice = LABELS, [0, 1, 1, 2]
    weighted = loss(YHAT, y, np.array([1.0, 2.0, 1.0]))
    assert weighted.item() == pytest.approx(loss(YHAT[twice], y[twice]).item())


@pytest.mark.parametrize("loss", [HalfSquaredError(), Poisson(), Logistic()])
def test_gradients_are_those_of_difference_quotients(loss):
    gw.check_gradient(lambda yhat: loss(yhat, LABELS), gw.Tensor(YHAT, requires_grad=True))
