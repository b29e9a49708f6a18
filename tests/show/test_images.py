from __future__ import annotations

import numpy as np
import pytest

import glasswork as gw
from glasswork.errors import OptionError, ShapeError
from glasswork.show import first_weights, hardest, images, mistakes, saliency

PROBABILITIES = np.array([[0.9, 0.1], [0.4, 0.6], [0.05, 0.95], [0.55, 0.45], [0.8, 0.2]])
TRUE = np.array([0, 0, 0, 0, 1])  # the mistakes are 1, 2 and 4; 3 is hardly right


def test_the_hardest_are_the_surest_mistakes_and_then_what_was_hardly_right():
    assert hardest(PROBABILITIES, TRUE).tolist() == [2, 4, 1, 3, 0]
    assert hardest(PROBABILITIES, TRUE, most=2).tolist() == [2, 4]


def test_first_weights_are_those_into_each_unit():
    model = gw.Sequential(gw.Linear(6, 4, rng=0), gw.ReLU(), gw.Linear(4, 6))
    found = first_weights(model, (2, 3))
    assert found.shape == (4, 2, 3)
    np.testing.assert_array_equal(found[1], model[0].weights.els[:, 1].reshape(2, 3))


def test_weights_that_are_no_pictures_are_an_error():
    with pytest.raises(ShapeError, match=r"\(3, 3\) has 9 pixels.\n.* takes 6 numbers"):
        first_weights(gw.Linear(6, 4), (3, 3))
    with pytest.raises(OptionError, match="no Linear layer"):
        first_weights(gw.Sequential(gw.ReLU()), (3, 3))


@pytest.fixture
def model() -> gw.Sequential:
    return gw.Sequential(
        gw.Linear(5, 7, rng=0, dtype=float),
        gw.Tanh(),
        gw.Dropout(0.5),
        gw.Linear(7, 3, rng=1, dtype=float),
    )


def score(model: gw.Module, x: np.ndarray, classes: np.ndarray) -> np.ndarray:
    model.eval()
    return model(x).els[np.arange(len(x)), classes]


def test_saliency_is_the_difference_quotient_of_the_score(model, rng):
    x, classes = rng.normal(size=(4, 5)), np.array([0, 2, 1, 2])
    found = saliency(model, x, classes)
    assert model.training  # as it was, and dropout left nothing out
    for column in range(5):
        step = 1e-6 * np.eye(5)[column]
        quotient = (score(model, x + step, classes) - score(model, x - step, classes)) / 2e-6
        np.testing.assert_allclose(found[:, column], quotient, rtol=1e-6, atol=1e-9)


def test_saliency_is_of_the_class_with_the_highest_score(model, rng):
    x = rng.normal(size=(4, 5))
    best = model.eval()(x).els.argmax(axis=1)
    np.testing.assert_array_equal(saliency(model, x), saliency(model, x, best))
    with gw.no_grad():
        np.testing.assert_array_equal(saliency(model, x), saliency(model, x, best))


def test_saliency_behind_log_softmax_is_minus_the_gradient_of_the_cross_entropy(model, rng):
    x, y = rng.normal(size=(4, 5)), np.array([0, 2, 1, 2])
    pictures = gw.Tensor(x, requires_grad=True)
    gw.CrossEntropy(reduction="sum")(model.eval()(pictures), y).backward()
    found = saliency(gw.Sequential(model, gw.LogSoftmax()), x, y)
    np.testing.assert_allclose(found, -pictures.grad, rtol=1e-12)


def test_saliency_leaves_the_gradients_of_the_model_alone(model, rng):
    before = [p.grad.copy() for p in model.parameters()]
    saliency(model, rng.normal(size=(4, 5)))
    for parameter, was in zip(model.parameters(), before, strict=True):
        np.testing.assert_array_equal(parameter.grad, was)


def test_pictures_are_drawn_as_they_are(figure, rng):
    pictures = rng.normal(size=(3, 4, 5))
    axes = images(pictures, figure.subplots(1, 3), titles=["a", "b", "c"])
    for each, picture, title in zip(axes, pictures, "abc", strict=True):
        (drawn,) = each.get_images()
        np.testing.assert_array_equal(drawn.get_array(), picture)
        assert each.get_title() == title
        assert not each.axison


@pytest.mark.usefixtures("figure")
def test_signed_pictures_are_white_at_0():
    (axes,) = images([[[-3.0, 1.0]]], signed=True)
    assert axes.get_images()[0].get_clim() == (-3, 3)


@pytest.mark.usefixtures("figure")
def test_mistakes_have_the_truth_the_guess_and_how_sure_it_was():
    x = np.arange(20.0).reshape(5, 4)
    axes = mistakes(x, PROBABILITIES, TRUE, (2, 2), classes=["no", "yes"], most=4)
    titles = [each.get_title() for each in axes]
    assert titles[:2] == ["no, read as yes\n95% sure", "yes, read as no\n80% sure"]
    assert titles[3] == "no, read as no\n55% sure"
    colors = [each.title.get_color() for each in axes]
    assert colors[0] == colors[2] != colors[3] == "black"
    np.testing.assert_array_equal(axes[0].get_images()[0].get_array(), x[2].reshape(2, 2))


def test_what_is_no_picture_is_an_error():
    with pytest.raises(ShapeError, match=r"\(3, 4\), and no pictures"):
        images(np.zeros((3, 4)))


def test_scores_that_are_no_probabilities_are_an_error():
    with pytest.raises(OptionError, match=r"do not add up to 1.\n.*softmax"):
        mistakes(np.zeros((5, 4)), 10 * PROBABILITIES, TRUE, (2, 2))
    with pytest.raises(ShapeError, match=r"are \(5, 2\), y is \(5, 2\)"):
        hardest(PROBABILITIES, PROBABILITIES)
