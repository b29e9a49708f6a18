from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from glasswork.compiler import Compiled
from glasswork.playground import training as module
from glasswork.playground.material import prepare
from glasswork.playground.state import CHOICES, State
from glasswork.playground.training import Training
from glasswork.train import predict

from .trained import trained


def test_the_same_state_gives_the_same_losses_and_another_seed_gives_others():
    a, b, c = (trained(200, data="moons", dropout=0.1, seed=seed) for seed in (3, 3, 4))
    assert a.curve == b.curve != c.curve
    assert len(a.curve) == 21


def test_a_state_from_its_query_gives_the_same_losses():
    state = State(data="circles", layers=(5,), rate=0.1, l2=0.001, optimizer="adam", batch=10)
    again, _ = State.of(dict(part.split("=") for part in state.query().split("&")))
    curves = []
    for one in (state, again):
        training = Training(one, prepare(one))
        for _ in range(50):
            training.step()
        curves.append(training.curve)
    assert curves[0] == curves[1]


def test_spirals_are_learnt_with_the_settings_that_a_page_opens_with():
    training = trained()
    while training.epoch < 100:
        training.step()
    assert training.point()[4] >= 0.95


@pytest.mark.parametrize("data", [name for name in CHOICES["data"] if name != "upload"])
def test_steps_are_compiled_and_make_the_loss_smaller(data):
    training = trained(200, data=data)
    assert isinstance(training.step_of.run, Compiled)
    first, *_, last = training.curve
    assert last[0] == 200 and last[1] < first[1] and last[3] > first[3]


def test_the_layers_give_what_the_model_gives_without_dropout():
    training = trained(20, dropout=0.5, layers="4,3")
    given = training.outputs(training.material.test.x)
    assert [layer.shape[1] for layer in given] == [4, 3, 1]
    expected = predict(training.model, training.material.test.x)
    np.testing.assert_allclose(given[-1], expected, rtol=1e-4, atol=1e-6)


def test_an_epoch_is_over_after_all_its_batches():
    training = trained(samples=100, batch=20)
    epochs = [(training.step(), training.epoch)[1] for _ in range(6)]
    assert epochs == [0, 0, 1, 1, 1, 2]


@pytest.mark.parametrize("optimizer", CHOICES["optimizer"])
def test_a_change_applies_to_the_network_that_learns(optimizer):
    training = trained(30, optimizer=optimizer)
    before = training.model.state_dict()
    change = {"rate": 0.001, "schedule": "exponential", "momentum": 0.5, "l1": 0.001, "l2": 0.01}
    training.change(dataclasses.replace(training.state, **change))
    assert training.steps == 30
    assert training.optimizer.current_learning_rate == pytest.approx(0.001 * 2 ** (-30 / 50 / 16))
    assert all(np.array_equal(before[k], v) for k, v in training.model.state_dict().items())
    assert training.step() and training.steps == 31


def test_what_momentum_has_gathered_is_kept_when_the_rate_or_the_momentum_changes():
    def third_step(**change):
        training = trained(2, samples=50, batch=256, rate=0.5)
        training.change(dataclasses.replace(training.state, **change))
        before = training.linears[0].weights.els.copy()
        training.step()
        return training.linears[0].weights.els - before

    gathered = third_step(rate=1e-5)
    assert np.abs(gathered).max() > 0.01
    np.testing.assert_allclose(third_step(rate=1e-5, momentum=0.45), gathered / 2, atol=1e-4)


def test_momentum_can_be_switched_off_and_on():
    training = trained(5)
    for momentum in (0.0, 0.9):
        training.change(dataclasses.replace(training.state, momentum=momentum))
        assert training.step()
    assert training.steps == 7


def test_a_rate_that_changes_needs_no_new_page():
    training = trained(2)
    training.change(dataclasses.replace(training.state, rate=0.5))
    training.step()
    assert len(training.step_of.run.programs) == 1


def test_a_loss_that_is_no_number_is_told_and_nothing_is_learnt_of_it():
    training = trained(data="line", rate=10, momentum=0.99, activation="identity")
    while training.step():
        assert training.steps < 2000
    before = training.model.state_dict()
    assert not training.step()
    assert all(np.array_equal(before[k], v) for k, v in training.model.state_dict().items())


def test_a_long_curve_is_thinned(monkeypatch):
    monkeypatch.setattr(module, "MOST_POINTS", 10)
    training = trained(400)
    steps = [int(point[0]) for point in training.curve]
    assert training.every == 80
    assert steps == list(range(0, 401, 80))
