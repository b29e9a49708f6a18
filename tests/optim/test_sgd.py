"""SGD as the article teaches it, with its errata mended."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from glasswork import Parameter
from glasswork.errors import OptionError
from glasswork.nn import penalty
from glasswork.optim import SGD, inverse_time, rules


def train(optimizer, x, y, steps=50, **penalties):
    """Where the only parameter w comes to down the mean squared error of x @ w, with penalties."""
    (w,) = optimizer.parameters
    for _ in range(steps):
        (((x @ w - y) ** 2).mean() + penalty([w], **penalties)).backward()
        optimizer.step(zero_grad=True)
    return w.els


@pytest.fixture
def problem(rng):
    """Samples, their targets, and first weights of which one is zero."""
    x, y, w = rng.standard_normal((16, 3)), rng.standard_normal(16), rng.standard_normal(3)
    w[0] = 0.0
    return x, y, w


def test_momentum_comes_to_the_minimum_where_the_printed_rule_runs_away():
    """Errata 69 and 70: the article takes the gradient at U, and moves W by the old U."""
    printed, velocity = 0.0, 0.0
    for _ in range(50):
        velocity_after = 0.9 * velocity - 0.1 * 2 * (velocity - 3)
        printed, velocity = printed + velocity, velocity_after
    assert abs(printed - 3) > 50

    w = Parameter(np.array(0.0))
    optimizer = SGD([w], 0.1, momentum=0.9)
    for _ in range(400):
        ((w - 3) ** 2).backward()
        optimizer.step(zero_grad=True)
    assert w.item() == pytest.approx(3.0, abs=1e-6)  # it shrinks by √0.9 a step: 0.9²⁰⁰ is 7e-10


def test_the_first_step_with_momentum_is_that_of_plain_descent():
    """Errata 70 and 71: W moves by the new U, and U₀ is zero."""
    with_momentum, without = Parameter([1.0]), Parameter([1.0])
    for optimizer in (SGD([with_momentum], 0.5, momentum=0.9), SGD([without], 0.5)):
        optimizer.parameters[0].grad = [3.0]
        optimizer.step()
    assert with_momentum.els == without.els == -0.5


def test_momentum_weights_every_past_gradient():
    """Erratum 71: U is the sum of −η αᵏ g over all k steps back, not over the last one alone."""
    w, gradients = Parameter(np.array([0.0])), [8.0, 4.0, 2.0, 1.0]
    optimizer = SGD([w], 1.0, momentum=0.5)
    for g in gradients:
        w.grad = [g]
        optimizer.step()
    velocities = [-sum(0.5 ** (i - k) * gradients[k] for k in range(i + 1)) for i in range(4)]
    assert w.els.tolist() == [sum(velocities)]


@pytest.mark.parametrize("momentum", [1.0, 1.1, -0.1])
def test_a_momentum_that_forgets_nothing_is_refused(momentum):
    """Erratum 71: the article allows α = 1, with which nothing comes to rest."""
    with pytest.raises(
        OptionError, match=f"SGD: momentum is {momentum}.\n  Pass a number from 0 up"
    ):
        SGD([Parameter([1.0])], 0.1, momentum=momentum)


def test_a_negative_learning_rate_is_refused():
    with pytest.raises(OptionError, match=r"SGD: learning_rate is -0\.1\.\n  Pass a finite number"):
        SGD([Parameter([1.0])], -0.1)


def test_nesterov_without_momentum_is_refused():
    with pytest.raises(OptionError, match=r"nesterov is True and momentum is 0\.0\.\n  Pass a mom"):
        SGD([Parameter([1.0])], 0.1, nesterov=True)


def test_momentum_keeps_its_steps_when_the_learning_rate_falls():
    """The velocity has the learning rates in it with which it was made."""
    w = Parameter([0.0])
    optimizer = SGD([w], lambda step: 1.0 if step == 0 else 0.0, momentum=0.5)
    w.grad = [-4.0]
    optimizer.step(zero_grad=True)
    optimizer.step()
    assert w.els.tolist() == [6.0]


@pytest.mark.parametrize("options", [{}, {"momentum": 0.9}, {"momentum": 0.9, "nesterov": True}])
@pytest.mark.parametrize(("l1", "l2"), [(0.0, 0.1), (0.1, 0.0), (0.1, 0.1)])
def test_regularization_as_a_rule_is_the_penalty_on_the_loss(problem, options, l1, l2):
    x, y, start = problem
    by_rule = train(SGD([Parameter(start)], 0.05, l1=l1, l2=l2, **options), x, y)
    by_loss = train(SGD([Parameter(start)], 0.05, **options), x, y, l1=l1, l2=l2)
    np.testing.assert_allclose(by_rule, by_loss, rtol=1e-12)  # rounding of 50 steps


def test_l2_is_the_update_that_the_article_writes(problem):
    """W ← W(1 − ηλ) − η ∇L(W).   (article: Overfitting and Regularization)"""
    x, y, start = problem
    found = train(SGD([Parameter(start)], 0.05, l2=0.1), x, y, steps=1)
    expected = start * (1 - 0.05 * 0.1) - 0.05 * 2 / 16 * x.T @ (x @ start - y)
    np.testing.assert_allclose(found, expected, rtol=1e-14)  # a few roundings


def test_l1_makes_weights_zero_that_l2_only_makes_small(rng):
    x = rng.standard_normal((200, 2))
    y = x @ np.array([1.0, 0.0]) + 0.1 * rng.standard_normal(200)
    falling = inverse_time(0.1, decay=0.1)
    sparse = train(SGD([Parameter(np.ones(2))], falling, l1=0.2), x, y, steps=1000)
    small = train(SGD([Parameter(np.ones(2))], falling, l2=0.2), x, y, steps=1000)
    assert abs(sparse[1]) < 1e-3 < abs(small[1])


def decayed(rule, w, steps=3, **options):
    """W after steps of a rule with weight decay and with L2, the gradient being 1."""
    ends = []
    for added in (
        partial(rules.with_weight_decay, rule, weight_decay=0.1),
        partial(rules.with_l2, rule, l2=0.1),
    ):
        end, memory = w, [0.0] if options.keys() - {"learning_rate"} else []
        for _ in range(steps):
            step, *memory = added(end, 1.0, *memory, **options)
            end += step
        ends.append(end)
    return ends


def test_weight_decay_is_l2_for_plain_descent_only():
    """Erratum 74."""
    decay, l2 = decayed(rules.descent, 2.0, learning_rate=0.5)
    assert decay == pytest.approx(l2, rel=1e-15)
    decay, l2 = decayed(rules.heavy_ball, 2.0, learning_rate=0.5, momentum=0.9)
    assert abs(decay - l2) > 0.01
