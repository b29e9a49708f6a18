"""What every optimizer does around its rule."""

from __future__ import annotations

import gc
import tracemalloc

import numpy as np
import pytest

from glasswork import Parameter, Tensor
from glasswork.nn import Linear, Sequential, Tanh
from glasswork.optim import SGD, Optimizer, exponential_decay

from .descent import descend


def test_every_optimizer_comes_to_the_minimum(kind):
    w = Parameter(np.array([1.0, 5.0]))
    descend(kind([w], lambda step: 0.5 / (1 + 0.05 * step)), w, steps=400)
    np.testing.assert_allclose(w.els, 3.0, atol=0.05)  # l1, l2 and decay stop a little short of it


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_every_optimizer_keeps_the_dtype_of_parameters_and_memory(kind, dtype):
    w = Parameter(np.array([1.0, 5.0], dtype))
    optimizer = kind([w], lambda step: np.float64(0.05))
    descend(optimizer, w, steps=2)
    arrays = [w.els, *(v for v in optimizer.state_dict().values() if isinstance(v, np.ndarray))]
    assert {array.dtype for array in arrays} == {np.dtype(dtype)}


def test_every_optimizer_moves_single_numbers(kind):
    w = Parameter(1.0)
    els = w.els
    descend(kind([w]), w, steps=3)
    assert w.els is els
    assert els > 1.0


def test_parameters_stay_the_arrays_that_they_are(kind):
    w = Parameter([1.0, 5.0])
    els = w.els
    descend(kind([w]), w, steps=3)
    assert w.els is els


def test_an_optimizer_goes_on_with_an_array_that_was_assigned():
    w = Parameter([1.0])
    optimizer = SGD([w], 0.25)
    w.els = np.array([5.0], np.float32)
    descend(optimizer, w)
    assert w.els.tolist() == [4.0]


def test_the_parameters_of_the_article_with_their_tensor_in_data_learn():
    class Held:
        def __init__(self, data):
            self.data = Tensor(data, True, float)

    held = Held([1.0])
    optimizer = SGD([held], 0.25)
    ((held.data - 3) ** 2).backward()
    optimizer.step(zero_grad=True)
    assert held.data.els.tolist() == [2.0]
    assert held.data.grad.tolist() == [0.0]


def test_parameters_and_learning_rate_are_attributes_as_in_the_article():
    w = Parameter([1.0])
    optimizer = SGD([w], 0.5)
    assert optimizer.parameters == [w]
    assert optimizer.learning_rate == 0.5


def test_a_parameter_that_is_listed_twice_moves_once():
    w = Parameter([1.0])
    descend(SGD([w, w], 0.25), w)
    assert w.els.tolist() == [2.0]


def test_zero_grad_forgets_the_gradients_of_all_parameters():
    """Erratum 16: the article's calls a method that its Parameter lacks."""
    w, b = Parameter([1.0]), Parameter([2.0])
    (w * b).sum().backward()
    SGD([w, b], 0.1).zero_grad()
    assert w.grad.tolist() == b.grad.tolist() == [0.0]


def test_a_frozen_parameter_and_its_memory_stay_as_they_are(kind):
    """Erratum 24: the article multiplies the learning rate by None."""
    frozen, free = Parameter([1.0], requires_grad=False), Parameter([1.0])
    optimizer = kind([frozen, free])
    before = {name: value for name, value in optimizer.state_dict().items() if name[:2] == "0."}
    descend(optimizer, free, steps=2)
    assert frozen.els.tolist() == [1.0]
    assert free.els[0] > 1.0
    assert {name: optimizer.state_dict()[name] for name in before} == before


def test_a_parameter_that_is_thawed_learns_as_if_it_were_new(kind):
    thawed, new = Parameter([1.0], requires_grad=False), Parameter([1.0])
    optimizer, other = kind([thawed]), kind([new])
    optimizer.step()
    thawed.requires_grad = True
    descend(optimizer, thawed, steps=2)
    descend(other, new, steps=2)
    assert thawed.els == new.els


def test_gradients_add_up_until_they_are_forgotten():
    """Erratum 37: step() leaves them, as in the article; step(zero_grad=True) does not."""
    w = Parameter([1.0])
    optimizer = SGD([w], 0.0)
    for expected in (3.0, 6.0):
        (3.0 * w).sum().backward()
        optimizer.step()
        assert w.grad.tolist() == [expected]
    optimizer.step(zero_grad=True)
    assert w.grad.tolist() == [0.0]


def test_without_a_gradient_momentum_goes_on():
    w = Parameter([0.0])
    optimizer = SGD([w], 1.0, momentum=0.5)
    w.grad = [-4.0]
    optimizer.step(zero_grad=True)
    optimizer.step()
    assert w.els.tolist() == [4.0 + 2.0]


def test_without_a_gradient_l2_shrinks_as_the_penalty_would():
    w = Parameter([4.0])
    SGD([w], 0.5, l2=0.5).step()
    assert w.els.tolist() == [3.0]


def test_an_optimizer_shows_its_options():
    assert repr(SGD([Parameter([0.0])], exponential_decay(0.1, 0.5), momentum=0.9)) == (
        "<SGD: 1 parameters, learning_rate=exponential_decay(initial=0.1, decay=0.5), "
        "momentum=0.9, nesterov=False, l1=0.0, l2=0.0>"
    )


def test_the_base_class_is_no_optimizer_itself():
    """Erratum 36: the article's base class is just SGD."""
    with pytest.raises(TypeError, match="abstract"):
        Optimizer([Parameter([0.0])], 0.1)


def test_an_optimizer_of_a_user_is_a_rule_and_its_options():
    class Clumsy(Optimizer):
        def __init__(self, parameters, learning_rate, blindness):
            super().__init__(parameters, learning_rate, blindness=blindness)

        def rule(self, options):
            def step_and_sum(w, g, total, *, learning_rate, blindness):
                return -learning_rate * (g - blindness), total + g

            return step_and_sum

    w = Parameter([1.0])
    optimizer = Clumsy([w], 0.5, blindness=1)
    w.grad = [3.0]
    optimizer.step()
    assert w.els.tolist() == [0.0]
    assert optimizer.state_dict()["0.total"].tolist() == [3.0]


def test_full_batch_gradient_descent_is_sgd_with_one_batch(rng):
    """The mean of the gradients of all samples is the gradient of the mean."""
    x, y = rng.standard_normal((8, 3)), rng.standard_normal(8)
    w = Parameter(np.zeros(3))
    ((x @ w - y) ** 2).mean().backward()
    SGD([w], 0.1).step()
    np.testing.assert_allclose(w.els, 0.1 * 2 / 8 * x.T @ y, rtol=1e-12)


def test_two_hundred_steps_of_a_network_leave_memory_flat(kind, rng):
    x, y = rng.standard_normal((32, 4), np.float32), rng.standard_normal((32, 1), np.float32)
    model = Sequential(Linear(4, 16, rng=0), Tanh(), Linear(16, 1, rng=1))
    optimizer = kind(model.parameters())

    def train(steps):
        for _ in range(steps):
            ((model(x) - y) ** 2).mean().backward()
            optimizer.step(zero_grad=True)

    gc.disable()
    try:
        tracemalloc.start()
        train(20)
        before = tracemalloc.get_traced_memory()[0]
        train(200)
        assert tracemalloc.get_traced_memory()[0] - before < 10_000  # one step's arrays are 20 kB
    finally:
        tracemalloc.stop()
        gc.enable()
