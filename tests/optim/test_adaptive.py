"""Optimizers with a step size for each element."""

from __future__ import annotations

import numpy as np
import pytest

from glasswork import Parameter
from glasswork.errors import OptionError
from glasswork.nn import penalty
from glasswork.optim import Adagrad, Adam, AdamW, RMSprop


def move(optimizer, *gradients):
    """Where the only parameter stands after steps with these gradients."""
    (w,) = optimizer.parameters
    for g in gradients:
        w.grad = g
        optimizer.step()
    return w.els.tolist()


def test_the_first_step_of_adam_has_the_size_of_the_learning_rate_whatever_the_gradient():
    w = Parameter(np.zeros(3))
    found = move(Adam([w], 0.125, epsilon=0.0), [1e-6, -1.0, 1e6])
    np.testing.assert_allclose(found, [-0.125, 0.125, -0.125], rtol=1e-14)


def test_epsilon_keeps_the_steps_of_vanishing_gradients_small():
    w = Parameter(np.zeros(1))
    assert move(Adam([w], 1.0, epsilon=1.0), [1e-3])[0] == pytest.approx(-1e-3 / (1e-3 + 1))


@pytest.mark.parametrize("kind", [Adam, AdamW, RMSprop, Adagrad])
def test_without_any_gradient_nothing_moves_and_nothing_is_divided_by_zero(kind):
    w = Parameter(np.zeros(2))
    assert move(kind([w], 0.1), [0.0, 0.0]) == [0.0, 0.0]


def test_rmsprop_divides_by_the_recent_size_of_the_gradient():
    w = Parameter(np.zeros(2))
    found = move(RMSprop([w], 0.5, smoothing=0.75, epsilon=0.0), [1.0, -100.0])
    assert found == [-1.0, 1.0]


def test_adagrad_takes_ever_smaller_steps():
    w = Parameter(np.zeros(1))
    optimizer = Adagrad([w], 1.0, epsilon=0.0)
    found = [move(optimizer, [3.0])[0] for _ in range(3)]
    np.testing.assert_allclose(found, -np.cumsum(1 / np.sqrt([1, 2, 3])))


def train(optimizer, steps=20, l2=0.0):
    (w,) = optimizer.parameters
    for _ in range(steps):
        (((w - [3.0, 300.0]) ** 2).sum() + penalty([w], l2=l2)).backward()
        optimizer.step(zero_grad=True)
    return w.els


def test_l2_of_adam_is_the_penalty_on_the_loss_and_weight_decay_is_not():
    """V divides the gradient of the penalty too, so weights with large gradients hardly shrink."""
    starts = [Parameter(np.array([1.0, 100.0])) for _ in range(3)]
    by_rule = train(Adam(starts[:1], 0.1, l2=0.5))
    by_loss = train(Adam(starts[1:2], 0.1), l2=0.5)
    by_decay = train(AdamW(starts[2:], 0.1, weight_decay=0.5))
    np.testing.assert_allclose(by_rule, by_loss, rtol=1e-12)  # rounding of 20 steps
    assert by_rule[1] > 100.0
    assert by_decay[1] < 50.0


def test_adamw_without_decay_is_adam():
    plain, decayed = Parameter(np.ones(2)), Parameter(np.ones(2))
    assert (train(Adam([plain], 0.1)) == train(AdamW([decayed], 0.1, weight_decay=0.0))).all()


@pytest.mark.parametrize(
    ("kind", "option"),
    [
        (Adam, {"beta1": 1.0}),
        (Adam, {"beta2": -0.1}),
        (Adam, {"epsilon": -1e-8}),
        (AdamW, {"weight_decay": -0.1}),
        (RMSprop, {"smoothing": 1.0}),
        (Adagrad, {"l1": -1}),
    ],
)
def test_an_option_outside_its_limits_is_named(kind, option):
    ((name, value),) = option.items()
    with pytest.raises(OptionError, match=f"{kind.__name__}: {name} is {value}"):
        kind([Parameter([1.0])], **option)
