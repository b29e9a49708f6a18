"""Each check finds what it looks for, and finds nothing in a sound network."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

import glasswork as gw
from glasswork.nn import (
    MAE,
    MSE,
    BatchNorm,
    BinaryCrossEntropy,
    CrossEntropy,
    Dropout,
    Huber,
    Linear,
    Module,
    ReLU,
    Sequential,
    Sigmoid,
    Tanh,
    initializers,
)
from glasswork.train.preflight import checks
from glasswork.train.preflight.rehearsal import rehearse

rng = np.random.default_rng(0)
x = rng.normal(size=(64, 8))
classes, values = rng.integers(3, size=64), rng.normal(size=(64, 1))


def network(*middle, outputs=3, **options):
    return Sequential(
        Linear(8, 16, rng=0, **options), *middle, Linear(16, 16, rng=1), ReLU(),
        Linear(16, outputs, rng=2),
    )  # fmt: skip


def seen(model, y=classes, loss=CrossEntropy(), x=x):  # noqa: B008 (never changed)
    return rehearse(model, x, y, loss)


def test_gradients_that_are_right_are_found_right():
    model = network(BatchNorm(16), Tanh(), Dropout(0.5))
    finding = checks.differences(model, x, classes, CrossEntropy())
    assert finding.verdict == "ok"


def test_a_wrong_rule_is_found_at_its_parameter():
    wrong = gw.elementwise("wrong", lambda x: x * x, (lambda y, x: 3 * x,), equation="y = x²")

    class Wrong(Module):
        def forward(self, x):
            return wrong(x)

    finding = checks.differences(network(Wrong()), x, classes, CrossEntropy())
    assert finding.verdict == "wrong"
    assert "at 0." in finding.seen
    assert "Mend the rule" in finding.advice


def test_a_network_that_learns_nothing_is_found():
    assert checks.differences(network().freeze(), x, classes, CrossEntropy()).verdict == "wrong"


@pytest.mark.parametrize(
    ("loss", "outputs", "y", "name"),
    [
        (CrossEntropy(), 3, classes, "ln 3 is 1.099"),
        (BinaryCrossEntropy(), 1, (values > 0).astype(float), "ln 2 is 0.6931"),
        (MSE(), 1, values, "the variance of the targets is"),
        (MAE(), 1, values, "their mean deviation is"),
    ],
)
def test_the_first_loss_is_compared_with_that_of_ignorance(loss, outputs, y, name):
    model = network(outputs=outputs)
    model.children[-1].weights.els = model.children[-1].weights.els * np.float32(0.1)
    finding = checks.initial_loss(seen(model, y, loss), y, loss)
    assert finding.verdict == "ok"
    assert name in finding.seen


def test_a_first_loss_that_is_too_large_is_found():
    model = network()
    model.children[-1].weights.els = model.children[-1].weights.els * 30
    finding = checks.initial_loss(seen(model), classes, CrossEntropy())
    assert finding.verdict == "look"
    assert "last layer smaller" in finding.advice
    far = checks.initial_loss(seen(network(outputs=1), values + 99, MSE()), values + 99, MSE())
    assert "deviation 1" in far.advice


@pytest.mark.parametrize("loss", [Huber(), MSE("sum"), lambda yhat, y: (yhat - y).sum()])
def test_a_loss_without_a_reference_is_not_judged(loss):
    finding = checks.initial_loss(seen(network(outputs=1), values, loss), values, loss)
    assert finding.verdict == "–"


def test_activations_and_signals_that_explode_or_vanish_are_found():
    assert checks.activations(seen(network())).verdict == "ok"
    assert checks.signals(seen(network())).verdict == "ok"
    tiny = network(ReLU(), initializer=partial(initializers.constant, value=0.001))
    tiny.children[2].weights.els = tiny.children[2].weights.els * np.float32(1e-3)
    finding = checks.activations(seen(tiny))
    assert finding.verdict == "look" and finding.advice.startswith("They vanish")
    assert "model.0 Linear(8, 16" in finding.seen
    assert checks.signals(seen(tiny)).advice.startswith("They vanish")
    tiny.children[2].weights.els = tiny.children[2].weights.els * np.float32(1e9)
    assert checks.activations(seen(tiny)).advice.startswith("They explode")


def test_a_single_layer_has_nothing_to_compare():
    assert checks.activations(seen(Sequential(Linear(8, 3)))).verdict == "–"


def test_dead_and_saturated_units_are_found():
    assert checks.units(seen(network(ReLU()))).verdict == "ok"
    dead = network(ReLU())
    dead.children[0].biases.els = np.full(16, -99, np.float32)
    finding = checks.units(seen(dead))
    assert finding.verdict == "look"
    assert finding.seen == "16 of 16 in model.1 ReLU() give 0 for every sample"
    for layer in (Tanh(), Sigmoid()):
        finding = checks.units(seen(network(layer), x=x * 1000))
        assert "stay at the ends of the function" in finding.seen


def test_equal_units_are_found():
    assert checks.symmetry(seen(network())).verdict == "ok"
    same = network(initializer=partial(initializers.constant, value=0.1))
    assert checks.symmetry(seen(same)).seen == ("units that equal another one: 15 of 16 in model.0")


def test_parameters_without_a_gradient_are_found():
    assert checks.parameters(seen(network())).seen == "all 6 are used, once each"

    class Forgetful(Module):
        def __init__(self):
            self.used, self.forgotten = Linear(8, 3), Linear(8, 3)

        def forward(self, x):
            return self.used(x)

    finding = checks.parameters(seen(Forgetful()))
    assert finding.verdict == "wrong"
    assert finding.seen == "no gradient reaches forgotten.weights, forgotten.biases"


def test_parameters_that_are_used_twice_are_found():
    layer = Linear(8, 8, rng=0)
    finding = checks.parameters(seen(Sequential(layer, ReLU(), layer, Linear(8, 3))))
    assert finding.verdict == "look"
    assert finding.seen == "used more than once: 0.weights, 0.biases"


def test_frozen_parameters_need_no_gradient():
    model = network()
    model.children[0].freeze()
    assert checks.parameters(seen(model)).verdict == "ok"
