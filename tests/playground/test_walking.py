from __future__ import annotations

import pytest

from glasswork.playground.lines import page
from glasswork.playground.walking import walked
from glasswork.playground.wire import as_json

from .trained import trained


def test_the_walk_goes_from_the_loss_back_to_the_first_layer():
    steps = walked(trained(3))
    assert steps[0]["upstream"] == "1" and steps[0]["made_of"].startswith("mean(")
    assert steps[-1]["made_of"] == "x @ hidden1.weights"
    assert steps[-1]["contributions"] == [
        {**steps[-1]["contributions"][0], "to": "hidden1.weights", "rule": "xᵀ · g"}
    ]
    places = [step["index"] for step in steps]
    assert places == sorted(places, reverse=True)


def test_each_parameter_gets_something_once():
    told = [c["to"] for step in walked(trained(3, layers="4,3,2")) for c in step["contributions"]]
    names = [f"hidden{i}" for i in (1, 2, 3)] + ["output"]
    for name in names:
        assert told.count(f"{name}.weights") == told.count(f"{name}.biases") == 1


def test_steps_have_their_layer_and_the_loss_has_none():
    layers = [step["layer"] for step in walked(trained(3))]
    known = [layer for layer in layers if layer is not None]
    assert known == [2, 2, 1, 1, 1, 0, 0, 0]
    assert layers[: -len(known)] == [None] * (len(layers) - len(known))


@pytest.mark.parametrize("data", ["spirals", "digits", "line"])
def test_the_lines_of_a_step_hand_its_gradient_on(data):
    training = trained(3, data=data, activation="tanh")
    texts = {line["number"]: line["text"] for line in page(training)["lines"]}
    for step in walked(training):
        if step["op"] == "matmul":
            ends = [texts[number].rpartition(", ")[2] for number in step["lines"]]
            assert any(end.endswith("_weights)") for end in ends)
            assert len(ends) == (2 if step["layer"] else 1)
        if step["op"] == "tanh":
            assert len(step["lines"]) == 3


def test_without_a_hidden_layer_there_is_a_walk_too():
    assert walked(trained(layers="none"))[-1]["made_of"] == "x @ output.weights"


def test_it_can_be_sent_and_changes_nothing():
    training, other = trained(3, dropout=0.2), trained(3, dropout=0.2)
    as_json(walked(training))
    for one in (training, other):
        one.step()
    assert training.point() == other.point()
