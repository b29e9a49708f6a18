"""Errata 29 to 45: what ran in the article's code, looked right, and was not."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest

import glasswork as gw
from glasswork import MSE, SGD, Batches, Linear, Module, Parameter, ReLU, Tanh, Tensor, fit
from glasswork.nn.initializers import gain, kaiming_normal, lecun_normal, xavier_normal
from glasswork.ops import OPS
from glasswork.optim import exponential_decay


def test_erratum_29_the_deviation_of_the_weights_is_a_root():
    weights = Linear(784, 400, rng=0).weights.els
    assert weights.std() == pytest.approx((2 / 784) ** 0.5, rel=0.01)  # 0.0505, not 0.00128


def test_erratum_29_the_size_of_a_signal_survives_five_layers(rng):
    deep = Module(*(layer for _ in range(5) for layer in (Linear(256, 256, rng=rng), ReLU())))
    signal = deep(Tensor(rng.normal(size=(1000, 256)))).els
    assert 0.5 < signal.std() < 1.2  # the article's weights leave 1e-7 of it


def test_erratum_30_biases_start_at_zero():
    np.testing.assert_array_equal(Linear(5, 3, rng=0).biases.els, np.zeros(3))


def test_erratum_31_the_gain_is_that_of_the_activation():
    assert gain("relu") == pytest.approx(2**0.5)
    assert (gain("sigmoid"), gain("tanh")) == (1, pytest.approx(5 / 3))
    weights = kaiming_normal((1000, 100), rng=0, activation="tanh")
    assert weights.std() == pytest.approx(5 / 3 / 1000**0.5, rel=0.01)


def test_erratum_31_tanh_has_initializers_of_its_own():
    assert xavier_normal((300, 100), rng=0).std() == pytest.approx((2 / 400) ** 0.5, rel=0.02)
    assert lecun_normal((300, 100), rng=0).std() == pytest.approx((1 / 300) ** 0.5, rel=0.02)


def test_erratum_32_the_variance_is_two_over_the_inputs():
    assert kaiming_normal((500, 400), rng=0).var() == pytest.approx(2 / 500, rel=0.02)


def test_erratum_33_the_layer_draws_as_it_says():
    np.testing.assert_array_equal(Linear(5, 3, rng=0).weights.els, kaiming_normal((5, 3), rng=0))


def test_erratum_34_a_number_stays_a_number_and_a_row_stays_a_row():
    x = Tensor([1.0, 2.0, 3.0], requires_grad=True)
    assert (x.sum() / 3).shape == ()  # (1,) in the article
    assert (x * np.ones(3)).shape == (3,)  # (1, 3) in the article


def test_erratum_35_what_is_taught_is_there(rng):
    x, y = rng.normal(size=(60, 2)), rng.normal(size=(60, 1))
    model = Module(Linear(2, 8, rng=0), Tanh(), Linear(8, 1, rng=0))
    rate = exponential_decay(0.05, decay=0.01)
    optimizer = SGD(model.parameters(), rate, momentum=0.9, l1=1e-4, l2=1e-3)
    history = fit(model, MSE(), optimizer, Batches(x, y, batch_size=20, rng=0), epochs=10)
    assert history["loss"][-1] < history["loss"][0]


def test_erratum_36_a_loss_is_reduced_as_it_is_asked_to_be():
    yhat, y = Tensor([[1.0], [2.0]]), np.zeros((2, 1))
    assert MSE(reduction="mean")(yhat, y).item() == 2.5
    assert MSE(reduction="sum")(yhat, y).item() == 5
    np.testing.assert_array_equal(MSE(reduction="none")(yhat, y).els, [[1.0], [4.0]])


def test_erratum_36_sums_take_an_axis_and_the_other_functions_are_there():
    t = Tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    np.testing.assert_array_equal(t.sum(axis=0).els, [5.0, 7.0, 9.0])
    np.testing.assert_array_equal(t.mean(axis=1, keepdims=True).els, [[2.0], [5.0]])
    assert (t.max().item(), t.T.shape, t.reshape(6).shape) == (6, (3, 2), (6,))
    np.testing.assert_allclose(t.exp().log().els, t.els, rtol=1e-6)


def test_erratum_37_gradients_add_up_until_they_are_zeroed():
    w = Parameter([1.0])
    optimizer = SGD([w], learning_rate=0.25)
    for _ in range(2):
        (2 * w).sum().backward()
    assert w.grad == 4
    optimizer.step()
    assert (w.item(), w.grad.item()) == (0, 4)
    optimizer.step(zero_grad=True)
    assert (w.item(), w.grad.item()) == (-1, 0)


def test_erratum_38_a_prediction_need_not_be_recorded():
    model = Module(Linear(2, 3), Tanh())
    with gw.no_grad():
        yhat = model(Tensor(np.ones((1, 2))))
    assert not yhat.requires_grad
    assert len(yhat.tape) == 1


def test_erratum_39_a_step_is_freed_without_the_garbage_collector():
    model = Module(Linear(8, 8), Tanh(), Linear(8, 1))
    gc.disable()
    try:
        loss = MSE()(model(Tensor(np.ones((4, 8)))), np.zeros((4, 1)))
        loss.backward()
        values = [weakref.ref(entry) for entry in loss.tape if entry.op is not None]
        del loss
        assert len(values) > 5
        assert not [value for value in values if value() is not None]
    finally:
        gc.enable()


def test_erratum_40_a_recorded_value_is_not_copied():
    x = Tensor(np.ones((2, 3)), requires_grad=True)
    assert np.shares_memory(x.reshape(3, 2).els, x.els)


def test_erratum_40_an_operation_of_one_operand_has_one_input():
    assert len(Tensor(1.0, requires_grad=True).tanh().inputs) == 1


def test_erratum_40_the_slope_of_the_sigmoid_is_made_of_its_value():
    value = OPS["sigmoid"].forward(np.array(0.3))
    assert OPS["sigmoid"].vjp[0](1.0, value, None) == value * (1 - value)


def test_erratum_41_relu_is_zero_and_not_minus_zero_wherever_it_is_shut():
    y = Tensor([-np.inf, -1.0, 0.0]).relu().els
    np.testing.assert_array_equal(y, [0.0, 0.0, 0.0])
    assert not np.signbit(y).any()


def test_erratum_41_the_sigmoid_of_large_numbers_does_not_overflow():
    with np.errstate(over="raise", invalid="raise"):
        y = Tensor([-np.inf, -1e4, 1e4, np.inf]).sigmoid()
    np.testing.assert_array_equal(y.els, [0.0, 0.0, 1.0, 1.0])


def test_erratum_42_a_power_of_a_negative_number_has_its_slope():
    a = Tensor(-2.0, requires_grad=True)
    (a**3).backward()
    assert a.grad == 12


def test_erratum_42_powers_at_zero_have_their_limits():
    for exponent, slope in {0: 0, 1: 1, 2: 0}.items():
        a = Tensor(0.0, requires_grad=True)
        (a**exponent).backward()
        assert a.grad == slope
    b = Tensor(2.0, requires_grad=True)
    (0.0**b).backward()
    assert b.grad == 0


def test_erratum_42_the_slope_of_a_root_at_zero_is_infinite():
    a = Tensor(0.0, requires_grad=True)
    with np.errstate(divide="ignore"):
        (a**0.5).backward()
    assert a.grad == np.inf


def test_erratum_43_one_seed_gives_one_network():
    def weights():
        gw.seed(7)
        return Linear(3, 3).weights.els

    np.testing.assert_array_equal(weights(), weights())
    np.testing.assert_array_equal(Linear(3, 3, rng=7).weights.els, weights())


def test_erratum_43_nothing_is_drawn_from_the_state_that_all_of_numpy_shares():
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    Linear(3, 3)
    np.testing.assert_array_equal(np.random.get_state()[1], before)  # noqa: NPY002


def test_erratum_44_a_tensor_says_what_it_is():
    x = Tensor([[1.0, 2.0]], requires_grad=True)
    assert repr(x) == "Tensor([[1., 2.]], requires_grad=True)"
    assert (x.shape, len(x), x.sum().item()) == ((1, 2), 1, 3.0)
    np.testing.assert_array_equal((x == [[1.0, 0.0]]).els, [[True, False]])


def test_erratum_45_the_data_of_a_parameter_is_the_parameter():
    w = Parameter([1.0])
    assert w.data is w
    assert isinstance(w, Tensor)


def test_erratum_45_bias_says_whether_and_biases_are_the_numbers():
    assert Linear(2, 3).bias is True
    assert Linear(2, 3).biases.shape == (3,)
    without = Linear(2, 3, bias=False)
    assert without.bias is False
    assert len(without.parameters()) == 1
