from __future__ import annotations

import pytest

from glasswork.errors import OptionError
from glasswork.playground import walking
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


def test_an_op_that_is_twice_in_the_loss_has_lines_of_its_own_each_time():
    training = trained(3)
    texts = {line["number"]: line["text"] for line in page(training)["lines"]}
    products = [step for step in walked(training) if step["op"] == "multiply"]
    ends = [[texts[n].rpartition(", ")[2] for n in step["lines"]] for step in products]
    assert ends == [["d_softplus)"], ["d_output_products)", "d_output)"]]


def test_all_lines_of_the_backward_part_are_of_one_step_each():
    training = trained(3)
    told = [number for step in walked(training) for number in step["lines"]]
    lines = page(training)["lines"]
    assert sorted(told) == [each["number"] for each in lines if each["section"] == "backward"]


def test_dropout_stands_between_no_step_and_its_lines():
    plain, dropped = trained(3, data="digits"), trained(3, data="digits", dropout=0.2)
    counts = [[len(step["lines"]) for step in walked(one)] for one in (plain, dropped)]
    assert counts[0] == counts[1]


def test_without_a_hidden_layer_there_is_a_walk_too():
    assert walked(trained(layers="none"))[-1]["made_of"] == "x @ output.weights"


def test_the_right_order_has_no_fault_and_parts_from_nothing():
    for step in walked(trained(3)):
        assert step["fault"] == step["right"] == ""
        assert not any(c["right"] for c in step["contributions"])


def test_the_articles_order_tells_its_faults_and_what_is_right_beside_them():
    training = trained(3)
    right = {step["index"]: step for step in walked(training)}
    wrong = walked(training, "article")
    faults = [step["fault"] for step in wrong]
    assert "too early: 1 to come" in faults and "left 2 times by now" in faults
    parted = [step for step in wrong if step["right"]]
    assert parted
    for step in parted:
        assert step["lines"] == right[step["index"]]["lines"]
        assert step["right"] == right[step["index"]]["upstream"] != step["upstream"]


def test_of_the_parameters_the_whole_gradients_are_compared():
    training = trained(3)
    last = {c["to"]: c["sum"] for step in walked(training) for c in step["contributions"]}
    told = [c for step in walked(training, "article") for c in step["contributions"]]
    parted = {c["to"]: c["right"] for c in told if c["right"]}
    assert {"hidden1.weights", "hidden1.biases", "output.weights"} <= parted.keys()
    assert all(right == last[name] for name, right in parted.items())


@pytest.mark.parametrize("data", ["digits", "line"])
def test_where_nothing_is_used_twice_the_articles_order_is_right_too(data):
    for step in walked(trained(3, data=data), "article"):
        assert step["fault"] == step["right"] == ""


def test_a_walk_that_is_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(walking, "MOST", 20)
    training = trained()
    assert len(walked(training)) < 20
    with pytest.raises(OptionError, match=r"article order has 22 steps here\.\n  At most 20"):
        walked(training, "article")


def test_it_can_be_sent_and_changes_nothing():
    training, other = trained(3, dropout=0.2), trained(3, dropout=0.2)
    as_json(walked(training))
    as_json(walked(training, "article"))
    for one in (training, other):
        one.step()
    assert training.point() == other.point()
