"""A compiled model predicts what the model predicts, and sees what becomes of its parameters."""

from __future__ import annotations

import numpy as np
import pytest

import glasswork as gw
from glasswork import nn

from .side_by_side import BATCH, FEATURES, OUTPUTS, of_batches
from .test_layers import LAYERS, exactness

X, Y = of_batches((BATCH, FEATURES), (BATCH, OUTPUTS), steps=1)[0]
DRAWING = ("Dropout", "Dropout from the default generator", "Dropout of all")


def network(layer="Tanh"):
    return nn.Sequential(
        nn.Linear(FEATURES, FEATURES, rng=1), LAYERS[layer](np.float32),
        nn.Linear(FEATURES, OUTPUTS, rng=2),
    )  # fmt: skip


def assert_same(predict, model, x=X, exact=False):
    found, expected = predict(x), model(x)
    assert not found.requires_grad
    tolerance = 0 if exact else 1e-6
    np.testing.assert_allclose(found.els, expected.els, rtol=tolerance, atol=tolerance)


@exactness
@pytest.mark.parametrize("name", [name for name in LAYERS if name not in DRAWING])
def test_a_compiled_model_predicts_what_the_model_predicts(name, exact):
    model = network(name).eval()
    predict = gw.compile(model, exact=exact)
    for x in (X, X[:1], X[:3], X.astype(np.float64), X.tolist()):
        assert_same(predict, model, x, exact)


@exactness
@pytest.mark.parametrize("name", DRAWING)
def test_a_model_in_training_draws_the_same_numbers(name, exact):
    gw.seed(5)
    expected = [network(name)(X).els for _ in range(1)]
    gw.seed(5)
    found = [gw.compile(network(name), exact=exact)(X).els for _ in range(1)]
    np.testing.assert_allclose(found, expected, rtol=0 if exact else 1e-6, atol=1e-7)


def test_predictions_that_are_kept_are_never_overwritten():
    predict = gw.compile(network())
    kept = predict(X)
    copy = kept.els.copy()
    predict(X + 1)
    np.testing.assert_array_equal(kept.els, copy)


def test_edited_parameters_are_seen_by_the_next_prediction():
    model = network()
    predict = gw.compile(model)
    assert_same(predict, model)
    model.children[0].weights.els = model.children[0].weights.els + 1
    assert_same(predict, model)
    model.children[2].biases.els[...] = 3
    assert_same(predict, model)
    model.load_state_dict(network().state_dict())
    assert_same(predict, model)


def test_a_model_that_learns_meanwhile_is_seen_as_it_is():
    model = network("BatchNorm")
    optimizer, loss = gw.Adam(model.parameters(), 0.1), nn.MSE()

    @gw.compile
    def step(x, y):
        value = loss(model(x), y)
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
        return value

    predict = gw.compile(model)
    for _ in range(4):
        assert_same(predict, model.eval())
        model.train()
        step(X, Y)
    assert len(predict.programs) == len(step.programs) == 1


def test_a_frozen_prediction_keeps_the_values_that_it_was_made_with():
    model = network("BatchNorm, eval")
    predict = gw.compile(model, freeze=True)
    before = model(X).els
    np.testing.assert_allclose(predict(X).els, before, rtol=1e-6)
    model.children[0].weights.els = model.children[0].weights.els + 1
    np.testing.assert_allclose(predict(X).els, before, rtol=1e-6)
    assert not np.allclose(model(X).els, before)


def test_a_prediction_records_nothing():
    model = network()
    gw.compile(model)(X)
    assert all(not p.grad.any() for p in model.parameters())
    assert all(isinstance(p.els, np.ndarray) for p in model.parameters())


@pytest.mark.parametrize("wrong", [X[:, :2], X[0, :2], "word", None])
def test_wrong_inputs_are_told_as_the_model_tells_them(wrong):
    model = network()
    predict = gw.compile(model)
    predict(X)
    with pytest.raises(Exception) as eager:  # noqa: PT011 (whatever the model says)
        model(wrong)
    with pytest.raises(eager.type):
        predict(wrong)
