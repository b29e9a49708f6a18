"""The article's equations, each computed as it is written down, and by the library."""

from __future__ import annotations

import math

import numpy as np
import pytest

import glasswork as gw
from glasswork import (
    MSE,
    SGD,
    Batches,
    Linear,
    Module,
    Parameter,
    ReLU,
    Sigmoid,
    Tanh,
    Tensor,
    penalty,
)
from glasswork import functional as F
from glasswork.optim import exponential_decay


def test_the_dot_product_sums_the_products_of_the_components(rng):
    x, y = rng.normal(size=(2, 5))
    assert (Tensor(x) @ y).item() == pytest.approx(sum(x[i] * y[i] for i in range(5)))


@pytest.mark.parametrize("p", [1, 2, 3])
def test_the_norm_is_the_pth_root_of_the_sum_of_pth_powers(p, rng):
    x = rng.normal(size=5)
    assert F.norm(x, p) == pytest.approx(sum(abs(x[i]) ** p for i in range(5)) ** (1 / p))


def test_the_hadamard_product_multiplies_element_by_element():
    x, y = Tensor([[1.0, 2.0], [3.0, 4.0]]), Tensor([[5.0, 6.0], [7.0, 8.0]])
    np.testing.assert_array_equal((x * y).els, [[5.0, 12.0], [21.0, 32.0]])


def test_an_element_of_a_product_is_a_row_times_a_column(rng):
    a, b = rng.normal(size=(2, 3)), rng.normal(size=(3, 4))
    c = [[sum(a[i, k] * b[k, j] for k in range(3)) for j in range(4)] for i in range(2)]
    np.testing.assert_allclose((Tensor(a) @ b).els, c)


def test_a_matrix_times_a_vector_holds_its_products_with_the_rows(rng):
    a, x = rng.normal(size=(2, 3)), rng.normal(size=3)
    np.testing.assert_allclose((Tensor(a) @ x).els, [np.vdot(row, x) for row in a])


def test_a_vector_is_added_to_every_row_and_collects_the_gradient_of_all():
    b = Tensor([10.0, 20.0], requires_grad=True)
    c = Tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]) + b
    np.testing.assert_array_equal(c.els, [[11.0, 22.0], [13.0, 24.0], [15.0, 26.0]])
    c.sum().backward()
    np.testing.assert_array_equal(b.grad, [3.0, 3.0])


def test_the_gradient_of_half_a_squared_error_is_the_input_times_the_error(rng):
    x, w, y = rng.normal(size=4), Tensor(rng.normal(size=4), requires_grad=True), 0.5
    yhat = w @ x
    ((y - yhat) ** 2 / 2).backward()
    np.testing.assert_allclose(w.grad, x * (yhat.item() - y))


def test_a_small_step_along_the_gradient_raises_a_function_most(rng):
    def f(x):
        return (x**3).sum() + x[0] * x[1]

    x = rng.normal(size=3)
    uphill = gw.grad(f)(x).els
    uphill /= np.linalg.norm(uphill)
    others = rng.normal(size=(100, 3))
    others /= np.linalg.norm(others, axis=1, keepdims=True)
    raised = [f(Tensor(x + 1e-3 * way)).item() for way in (uphill, *others)]
    assert raised[0] == max(raised)


def test_a_layer_gives_for_each_neuron_its_weights_times_the_input_and_its_bias(rng):
    layer = Linear(3, 2, rng=rng, dtype=float)
    layer.biases.els = rng.normal(size=2)
    x = rng.normal(size=(5, 3))
    w, b = layer.weights.els, layer.biases.els
    neurons = [[sum(row[k] * w[k, j] for k in range(3)) + b[j] for j in range(2)] for row in x]
    np.testing.assert_allclose(layer(x).els, neurons)


def test_linear_layers_one_after_the_other_are_one_linear_layer(rng):
    first, second = Linear(3, 8, rng=rng, dtype=float), Linear(8, 2, rng=rng, dtype=float)
    first.biases.els = rng.normal(size=8)
    x = rng.normal(size=(5, 3))
    w = first.weights.els @ second.weights.els
    c = first.biases.els @ second.weights.els + second.biases.els
    np.testing.assert_allclose(Module(first, second)(x).els, x @ w + c)


def test_a_narrow_layer_limits_the_rank_of_the_whole(rng):
    narrow = Module(Linear(4, 1, rng=rng, dtype=float), Linear(1, 4, rng=rng, dtype=float))
    assert np.linalg.matrix_rank(narrow(np.eye(4)).els) == 1


@pytest.mark.parametrize("x", [-2.0, -0.5, 0.5, 2.0])
def test_activation_functions_and_their_slopes_are_those_of_the_article(x):
    sigmoid = 1 / (1 + math.exp(-x))
    tanh = (math.exp(x) - math.exp(-x)) / (math.exp(x) + math.exp(-x))
    for activation, value, slope in (
        (ReLU(), max(x, 0.0), float(x > 0)),
        (Sigmoid(), sigmoid, sigmoid * (1 - sigmoid)),
        (Tanh(), tanh, 1 - tanh**2),
    ):
        t = Tensor(x, requires_grad=True, dtype=float)
        y = activation(t)
        y.backward()
        assert (y.item(), t.grad.item()) == pytest.approx((value, slope), rel=1e-12)


def test_the_slope_of_relu_at_zero_is_zero():
    t = Tensor(0.0, requires_grad=True)
    t.relu().backward()
    assert t.grad == 0


def test_the_mean_squared_error_is_the_mean_of_the_squared_errors(rng):
    yhat, y = rng.normal(size=(2, 6, 1))
    mse = sum((y[i, 0] - yhat[i, 0]) ** 2 for i in range(6)) / 6
    assert MSE()(Tensor(yhat), y).item() == pytest.approx(mse)


def test_a_step_of_descent_goes_against_the_gradient():
    w = Parameter([1.0, -2.0])
    (w**2).sum().backward()
    SGD([w], learning_rate=0.25).step()
    np.testing.assert_array_equal(w.els, [0.5, -1.0])


def test_gradient_descent_is_the_same_optimizer_with_one_batch(rng):
    x, y = rng.normal(size=(50, 3)), rng.normal(size=(50, 1))
    (batch,) = Batches(x, y, batch_size=len(x), shuffle=False)
    np.testing.assert_array_equal(batch[0], x)
    np.testing.assert_array_equal(batch[1], y)


def test_an_epoch_meets_every_sample_once():
    (met,) = zip(*Batches(np.arange(10), batch_size=3, rng=0), strict=True)
    assert sorted(np.concatenate(met)) == list(range(10))


def test_the_learning_rate_decays_exponentially():
    rate = exponential_decay(0.5, decay=0.1)
    assert [rate(i) for i in range(5)] == pytest.approx([0.5 / math.exp(0.1 * i) for i in range(5)])


def test_momentum_moves_by_all_gradients_so_far_the_older_the_less():
    w = Parameter(np.array([0.0]))
    optimizer = SGD([w], learning_rate=0.1, momentum=0.5)
    slopes = (8.0, -2.0, 3.0)
    for slope in slopes:
        (slope * w).sum().backward()
        optimizer.step(zero_grad=True)
    moves = [
        -0.1 * sum(0.5 ** (i - k) * slopes[k] for k in range(i + 1)) for i in range(len(slopes))
    ]
    assert w.item() == pytest.approx(sum(moves))


def test_momentum_comes_to_rest_where_the_printed_rule_runs_away():
    w = Parameter(np.array([0.0]))
    optimizer = SGD([w], learning_rate=0.1, momentum=0.9)
    for _ in range(400):
        ((w - 3) ** 2).sum().backward()
        optimizer.step(zero_grad=True)
    assert w.item() == pytest.approx(3.0, abs=1e-6)

    printed, velocity = 0.0, 0.0  # the gradient at U, and the old U added to W
    for _ in range(50):
        printed, velocity = printed + velocity, 0.9 * velocity - 0.1 * 2 * (velocity - 3)
    assert printed > 90


def test_the_penalty_and_the_update_rule_of_l2_are_the_same(rng):
    start, x = rng.normal(size=3), rng.normal(size=3)
    in_loss, in_rule = Parameter(start), Parameter(start)
    loss = (in_loss @ x) ** 2 + penalty([in_loss], l2=0.1)
    loss.backward()
    SGD([in_loss], learning_rate=0.5).step()
    ((in_rule @ x) ** 2).backward()
    SGD([in_rule], learning_rate=0.5, l2=0.1).step()
    np.testing.assert_allclose(in_rule.els, in_loss.els)
    shrunk = start * (1 - 0.5 * 0.1) - 0.5 * 2 * (start @ x) * x
    np.testing.assert_allclose(in_rule.els, shrunk)


def test_the_penalty_of_l1_is_the_sum_of_sizes_and_is_not_squared():
    w = Parameter([3.0, -4.0])
    assert penalty([w], l1=2.0).item() == 14
    assert penalty([w], l2=2.0).item() == 25


def test_the_worked_example_comes_out_as_by_hand():
    x1, x2 = (Tensor(v, requires_grad=True, dtype=float) for v in (2.0, 3.0))
    z = x1 * x2 + np.sin(x1)
    z.backward()
    assert len(z.tape) == 5
    assert (x1.grad, x2.grad) == pytest.approx((3 + math.cos(2), 2))
    gradients = gw.gradients(z, list(z.tape))
    assert [g.item() for g in gradients] == pytest.approx([3 + math.cos(2), 2, 1, 1, 1])


@pytest.mark.parametrize("inputs", [1, 1000])
def test_each_rule_is_called_once_however_many_inputs_there_are(inputs):
    calls = []
    cube = gw.elementwise(
        "cube", lambda x: x**3, (lambda y, x: calls.append(x) or 3 * x**2,), equation="y = x³"
    )
    x = Tensor(np.full(inputs, 2.0), requires_grad=True)
    cube(x).sum().backward()
    np.testing.assert_array_equal(x.grad, np.full(inputs, 12.0))
    assert len(calls) == 1


def test_forward_mode_gives_the_same_derivative_along_a_direction(rng):
    def f(x):
        return np.tanh(x[0] * x[1]) + np.sin(x).sum()

    x, way = rng.normal(size=(2, 3))
    _, moved = gw.jvp(f, (x,), (way,))
    assert moved.item() == pytest.approx(np.vdot(gw.grad(f)(x).els, way))


def test_equal_weights_stay_equal_for_ever(rng):
    first, last = Linear(2, 3, dtype=float), Linear(3, 1, dtype=float)
    first.weights.els, last.weights.els = np.full((2, 3), 0.5), np.full((3, 1), 0.5)
    model = Module(first, Tanh(), last)
    optimizer = SGD(model.parameters(), learning_rate=0.1)
    x, y = rng.normal(size=(20, 2)), rng.normal(size=(20, 1))
    for _ in range(100):
        MSE()(model(x), y).backward()
        optimizer.step(zero_grad=True)
    alike = np.tile(first.weights.els[:, :1], 3)
    np.testing.assert_allclose(first.weights.els, alike, rtol=1e-9)  # BLAS may round columns apart
