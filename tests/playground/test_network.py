from __future__ import annotations

import numpy as np
import pytest

from glasswork import SGD, AdamW, BinaryCrossEntropy, CrossEntropy, Dropout, Linear, Tanh
from glasswork.nn.losses import MSE
from glasswork.playground.network import linears_of, loss_of, network_of, optimizer_of, schedule_of
from glasswork.playground.state import CHOICES, State
from glasswork.train.networks import ACTIVATIONS

from .trained import material


def network(**said):
    state, complaints = State.of(said)
    assert not complaints
    return network_of(state, material(**said))


def test_the_network_has_the_layers_that_are_asked_for():
    kinds = [type(layer) for layer in network(layers="3,2", dropout=0.5)]
    assert kinds == [Linear, Tanh, Dropout, Linear, Tanh, Dropout, Linear]
    assert [type(layer) for layer in network(layers="none")] == [Linear]


def test_every_activation_and_initialization_that_can_be_chosen_can_be_had():
    assert set(CHOICES["activation"]) == set(ACTIVATIONS)
    for name in CHOICES["initialization"]:
        first, *_ = linears_of(network(initialization=name))
        assert (first.weights.els == 0).all() == (name == "zeros")


def test_the_same_seed_gives_the_same_weights_and_another_gives_others():
    a, b, c = (network(seed=seed)[0].weights.els for seed in (1, 1, 2))
    assert np.array_equal(a, b) and not np.array_equal(a, c)


def test_the_articles_deviation_is_one_over_the_inputs_and_its_biases_are_drawn():
    first, second, _ = linears_of(
        network(data="digits", layers="128,128", initialization="article")
    )
    assert first.weights.els.std() == pytest.approx(1 / 64, rel=0.05)
    assert second.weights.els.std() == pytest.approx(1 / 128, rel=0.05)
    assert first.biases.els.std() == pytest.approx(1, rel=0.2)


def test_the_loss_is_that_of_the_task():
    losses = {name: type(loss_of(material(data=name))) for name in ("moons", "digits", "line")}
    assert losses == {"moons": BinaryCrossEntropy, "digits": CrossEntropy, "line": MSE}


@pytest.mark.parametrize(
    ("schedule", "steps", "rates"),
    [
        ("constant", (0, 10_000), (0.5, 0.5)),
        ("exponential", (0, 500, 1000), (0.5, 0.25, 0.125)),
        ("cosine", (0, 1000, 2000), (0.5, 0.25, 0)),
        ("step", (0, 499, 500), (0.5, 0.5, 0.25)),
        ("warmup", (0, 25, 50, 1000), (0, 0.25, 0.5, 0.5)),
    ],
)
def test_schedules_count_in_epochs(schedule, steps, rates):
    rate = schedule_of(State(rate=0.5, schedule=schedule), batches=10)
    found = [rate(step) if callable(rate) else rate for step in steps]
    assert found == pytest.approx(rates, abs=1e-12)


@pytest.mark.parametrize("name", CHOICES["optimizer"])
def test_each_optimizer_takes_the_rate_that_is_chosen(name):
    model = network()
    optimizer = optimizer_of(State(optimizer=name, rate=0.125), model, batches=10)
    assert type(optimizer).__name__.lower() == name
    assert optimizer.current_learning_rate == 0.125


def test_options_reach_the_rule():
    assert "momentum=0.5, nesterov=False, l1=0.25, l2=0.125" in repr(
        optimizer_of(State(momentum=0.5, l1=0.25, l2=0.125), network(), 1)
    )
    adamw = optimizer_of(State(optimizer="adamw", l2=0.125), network(), 1)
    assert isinstance(adamw, AdamW) and "weight_decay=0.125" in repr(adamw)
    assert isinstance(optimizer_of(State(), network(), 1), SGD)
