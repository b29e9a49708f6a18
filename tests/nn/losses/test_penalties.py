"""Penalties are what the article adds to a loss."""

from __future__ import annotations

import numpy as np
import pytest

from glasswork import Tensor
from glasswork.errors import OptionError
from glasswork.nn import Linear, Parameter, Sequential, penalty


@pytest.fixture
def model() -> Sequential:
    model = Sequential(Linear(3, 2, rng=0), Linear(2, 1, rng=1)).astype(np.float64)
    for _, parameter in model.named_parameters():
        parameter.els = parameter.els + 0.5
    return model


def weights(model):
    return np.concatenate([layer.weights.els.ravel() for layer in model])


def test_l2_is_half_the_squared_length_of_the_weights_and_spares_biases(model):
    found = penalty(model.parameters(), l2=0.1)
    assert found.item() == pytest.approx(0.05 * (weights(model) ** 2).sum(), rel=1e-14)


def test_l1_is_the_sum_of_their_sizes_and_is_not_squared(model):
    found = penalty(model.parameters(), l1=0.1)
    assert found.item() == pytest.approx(0.1 * abs(weights(model)).sum(), rel=1e-14)


def test_both_add_up(model):
    both = penalty(model.parameters(), l1=0.1, l2=0.2).item()
    single = penalty(model.parameters(), l1=0.1).item(), penalty(model.parameters(), l2=0.2).item()
    assert both == pytest.approx(sum(single), rel=1e-14)


def test_the_gradient_is_that_of_the_articles_update_rule(model):
    penalty(model.parameters(), l1=0.1, l2=0.2).backward()
    for layer in model:
        w = layer.weights.els
        np.testing.assert_allclose(layer.weights.grad, 0.1 * np.sign(w) + 0.2 * w, rtol=1e-14)
        assert not layer.biases.grad.any()


def test_float32_stays_float32():
    assert penalty([Parameter([1.0])], l1=0.1, l2=0.1).dtype == np.float32


def test_a_factor_that_is_numpys_number_widens_nothing():
    factor = np.float64(0.1)
    assert penalty([Parameter([1.0])], l1=factor, l2=factor).dtype == np.float32


def test_a_plain_tensor_decays_as_in_the_optimizers():
    assert penalty([Tensor([3.0], requires_grad=True)], l2=1.0).item() == 4.5


def test_nothing_to_punish_is_zero(model):
    assert penalty(model.parameters()).item() == 0
    assert penalty([], l1=1.0, l2=1.0).item() == 0
    assert penalty([Parameter([1.0], decay=False)], l2=1.0).item() == 0


@pytest.mark.parametrize("factors", [{"l1": -1.0}, {"l2": -1.0}])
def test_a_reward_for_large_weights_is_refused(factors):
    with pytest.raises(OptionError, match="penalty: l1 is"):
        penalty([], **factors)
