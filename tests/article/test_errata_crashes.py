"""Errata 16 to 28: what crashed in the article's code, and works here."""

from __future__ import annotations

import numpy as np
import pytest

from glasswork import MSE, SGD, Linear, Module, Parameter, Tanh, Tensor, check_gradient


class Scale(Module):
    """A user's own layer, written as in the article: no super().__init__()."""

    def __init__(self, factor):
        self.factor = Parameter(factor)

    def forward(self, x):
        return x * self.factor.data


def test_erratum_16_the_optimizer_zeroes_the_gradients_of_its_parameters():
    w = Parameter([1.0, 2.0])
    optimizer = SGD([w], learning_rate=0.1)
    w.sum().backward()
    optimizer.zero_grad()
    np.testing.assert_array_equal(w.grad, [0.0, 0.0])


def test_erratum_17_a_layer_alone_has_parameters():
    assert [p.shape for p in Linear(2, 3).parameters()] == [(2, 3), (3,)]


def test_erratum_18_parameters_are_found_at_every_depth():
    nested = Module(Module(Linear(2, 3), Tanh()), Linear(3, 1))
    assert len(nested.parameters()) == 4  # the article finds 2


def test_erratum_18_parameters_are_found_in_attributes_lists_and_dicts():
    class Network(Module):
        def __init__(self):
            self.first = Scale(1.0)
            self.rest = [Scale(2.0), Scale(3.0)]
            self.named = {"last": Scale(4.0)}

    assert [p.item() for p in Network().parameters()] == [1, 2, 3, 4]


def test_erratum_19_a_module_with_children_has_parameters_of_its_own():
    class Shifted(Module):
        def __init__(self):
            self.inner = Linear(2, 2)
            self.shift = Parameter([0.0, 0.0])

    assert len(Shifted().parameters()) == 3


def test_erratum_19_a_shared_layer_is_counted_once_and_moved_once():
    shared = Scale(1.0)
    model = Module(shared, shared)
    parameters = model.parameters()
    assert parameters == [shared.factor]
    model(Tensor(1.0)).backward()  # x w², whose slope at w = 1 is 2
    SGD(parameters, learning_rate=0.25).step()
    assert shared.factor.item() == 0.5


def test_erratum_20_a_model_is_called():
    model = Linear(2, 1)
    x = Tensor(np.ones((3, 2)))
    np.testing.assert_array_equal(model(x).els, model.forward(x).els)


def test_erratum_21_tensors_are_multiplied_with_the_operator_of_matrices():
    a, b = Tensor(np.ones((2, 3))), Tensor(np.ones((3, 4)))
    np.testing.assert_array_equal((a @ b).els, a.matmul(b).els)


def test_erratum_22_a_number_is_raised_to_a_tensor():
    t = Tensor(3.0, requires_grad=True, dtype=float)
    y = 2**t
    y.backward()
    assert y.item() == 8
    assert t.grad == pytest.approx(8 * np.log(2))


@pytest.mark.parametrize(
    ("a", "b"),
    [((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 2)), ((5, 2, 3), (5, 3, 4)), ((5, 2, 3), (3, 4))],
)
def test_erratum_23_a_product_has_gradients_for_vectors_and_for_batches(a, b, rng):
    check_gradient(np.matmul, rng.normal(size=a), rng.normal(size=b))


def test_erratum_24_a_frozen_parameter_is_left_as_it_is():
    free, frozen = Parameter([1.0]), Parameter([2.0], requires_grad=False)
    optimizer = SGD([free, frozen], learning_rate=0.5)
    (free * frozen).sum().backward()
    optimizer.step()
    assert (free.item(), frozen.item()) == (0, 2)


def test_erratum_24_a_parameter_can_be_frozen_between_forward_and_backward():
    free, frozen = Parameter([1.0]), Parameter([2.0])
    loss = (free * frozen).sum()
    frozen.requires_grad = False
    loss.backward()
    SGD([free, frozen], learning_rate=0.5).step()
    assert (free.item(), frozen.item()) == (0, 2)


def test_erratum_25_whole_numbers_are_divided():
    np.testing.assert_array_equal((Tensor([1, 2]) / Tensor([2, 4])).els, [0.5, 0.5])


def test_erratum_25_division_by_zero_is_infinite():
    with np.errstate(divide="ignore"):
        assert (Tensor(1.0) / 0).item() == np.inf


def test_erratum_26_a_target_may_be_an_array():
    assert MSE()(Tensor([[1.0], [2.0]]), np.array([[0.0], [0.0]])).item() == 2.5


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_erratum_27_every_float_may_want_a_gradient_and_keeps_its_precision(dtype):
    w = Parameter(np.ones(2, dtype))
    (w * w).sum().backward()
    assert w.dtype == w.grad.dtype == dtype


def test_erratum_27_whole_numbers_have_no_gradient_and_a_parameter_of_them_is_float32():
    with pytest.raises(TypeError, match="only floats have a gradient"):
        Tensor([1, 2], requires_grad=True)
    assert Parameter([1, 2]).dtype == np.float32


def test_erratum_28_an_array_times_a_tensor_is_a_tensor():
    x = Tensor([1.0, 2.0], requires_grad=True)
    y = np.array([3.0, 4.0]) * x
    assert isinstance(y, Tensor)
    y.sum().backward()
    np.testing.assert_array_equal(x.grad, [3.0, 4.0])


def test_erratum_28_a_tensor_of_a_tensor_holds_its_numbers():
    assert Tensor(Tensor([1.0, 2.0])).dtype == np.float32
