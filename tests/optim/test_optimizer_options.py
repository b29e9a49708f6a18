"""Which options move which parameters: decay, groups and learning rates."""

from __future__ import annotations

import numpy as np
import pytest

from glasswork import Parameter
from glasswork.errors import OptionError
from glasswork.nn import Linear
from glasswork.optim import SGD, Adagrad, Adam, AdamW, RMSprop

from .descent import descend


@pytest.mark.parametrize(
    "make",
    [
        lambda p: SGD(p, 0.1, l1=0.5, l2=0.5),
        lambda p: Adam(p, 0.1, l1=0.5, l2=0.5),
        lambda p: AdamW(p, 0.1, weight_decay=0.5),
        lambda p: RMSprop(p, 0.1, l1=0.5, l2=0.5),
        lambda p: Adagrad(p, 0.1, l1=0.5, l2=0.5),
    ],
    ids=["SGD", "Adam", "AdamW", "RMSprop", "Adagrad"],
)
def test_regularization_and_decay_spare_parameters_that_ask_for_it(make):
    weights, biases = Parameter([4.0]), Parameter([4.0], decay=False)
    make([weights, biases]).step()
    assert weights.els[0] < 4.0
    assert biases.els.tolist() == [4.0]


def test_the_biases_of_linear_layers_are_spared():
    layer = Linear(2, 2, rng=0)
    layer.biases.els = np.ones(2, np.float32)
    before = layer.weights.els.copy()
    SGD(layer.parameters(), 0.5, l2=1.0).step()
    assert layer.biases.els.tolist() == [1.0, 1.0]
    np.testing.assert_allclose(layer.weights.els, before / 2)


def test_groups_have_options_of_their_own_and_share_the_rest():
    fast, slow, plain = (Parameter([0.0]) for _ in range(3))
    optimizer = SGD(
        [
            {"parameters": [fast], "learning_rate": 1.0},
            {"parameters": [slow], "learning_rate": lambda step: 0.25, "momentum": 0.0},
            plain,
        ],
        learning_rate=0.5,
        momentum=0.5,
    )
    for _ in range(2):
        for w in optimizer.parameters:
            w.grad = [-1.0]
        optimizer.step()
    assert [w.els.tolist() for w in (fast, slow, plain)] == [[2.5], [0.5], [1.25]]


def test_a_group_may_keep_its_weights_from_decaying():
    kept, shrunk = Parameter([4.0]), Parameter([4.0])
    SGD([{"parameters": [kept], "l2": 0.0}, shrunk], 0.5, l2=0.5).step()
    assert kept.els.tolist() == [4.0]
    assert shrunk.els.tolist() == [3.0]


def test_a_learning_rate_of_zero_in_a_group_is_its_own():
    w = Parameter([1.0])
    descend(SGD([{"parameters": [w], "learning_rate": 0.0}], 0.5), w)
    assert w.els.tolist() == [1.0]


def test_an_unknown_option_of_a_group_is_named_beside_the_known_ones():
    with pytest.raises(OptionError) as raised:
        SGD([{"parameters": [Parameter([1.0])], "lr": 0.1}], 0.1)
    assert str(raised.value) == (
        "SGD: a group has options that are none: lr.\n"
        "  There are: learning_rate, momentum, nesterov, l1, l2."
    )


def test_the_options_of_a_group_are_checked():
    with pytest.raises(OptionError, match="SGD: momentum is 2"):
        SGD([{"parameters": [Parameter([1.0])], "momentum": 2}], 0.1)


def test_the_first_step_has_the_learning_rate_of_step_0():
    w = Parameter([0.0])
    asked = []

    def falling(step):
        asked.append(step)
        return 1.0 / 2**step

    optimizer = SGD([w], falling)
    for expected in (1.0, 1.5, 1.75):
        w.grad = [-1.0]
        optimizer.step()
        assert w.els.tolist() == [expected]
    assert asked == [0, 1, 2]
    assert optimizer.steps == 3
    assert optimizer.current_learning_rate == 0.125


def test_a_learning_rate_that_is_set_serves_from_the_next_step_on():
    w = Parameter([0.0])
    optimizer = SGD([w], 1.0)
    optimizer.learning_rate = 0.5
    w.grad = [-1.0]
    optimizer.step()
    assert w.els.tolist() == [0.5]
    assert optimizer.current_learning_rate == optimizer.learning_rate == 0.5


def test_a_learning_rate_that_may_not_be_is_not_set():
    optimizer = SGD([Parameter([0.0])], 1.0)
    with pytest.raises(OptionError, match="SGD: learning_rate is -1"):
        optimizer.learning_rate = -1
    assert optimizer.learning_rate == 1.0


def test_a_schedule_that_gives_no_learning_rate_is_named_with_its_step_and_nothing_moves():
    w, other = Parameter([1.0]), Parameter([1.0])
    optimizer = SGD([w, {"parameters": [other], "learning_rate": lambda step: -0.1}], 0.1)
    w.grad = [1.0]
    with pytest.raises(OptionError, match=r"SGD, step 0: learning_rate is -0\.1"):
        optimizer.step()
    assert w.els.tolist() == [1.0]
    assert optimizer.steps == 0
