"""Code as the article writes it, in its names and call forms, trains with our library.

The classes are listed in the article's sections Loss Functions, Layers and Stochastic Gradient
Descent; what is imported from Glasswork in one test is the user's own in another.
"""

from __future__ import annotations

import numpy as np
import pytest

import glasswork
from glasswork import Module, Parameter, Tensor


def MSE():  # noqa: N802 (the article's name)
    def compute_loss(yhat, y):
        N = np.prod(y.els.shape, dtype=float)  # noqa: N806 (the article's name)
        return ((y - yhat) ** 2).sum() / N

    return compute_loss


class Linear(Module):
    def __init__(self, input_neurons, output_neurons, bias=True):
        self.weights = Parameter(
            np.random.normal(  # noqa: NPY002 (the article's source of randomness)
                0, (2 / input_neurons) ** 1 / 2, (input_neurons, output_neurons)
            )
        )
        self.bias = bias
        if bias:
            self.biases = Parameter(np.random.randn(output_neurons))  # noqa: NPY002

    def forward(self, x):
        out = x.matmul(self.weights.data)
        if self.bias:
            return out + self.biases.data
        return out


class ReLU(Module):
    def forward(self, x):
        return x.relu()


class Sigmoid(Module):
    def forward(self, x):
        return x.sigmoid()


class Tanh(Module):
    def forward(self, x):
        return x.tanh()


class SGD:
    def __init__(self, parameters, learning_rate):
        self.parameters = parameters
        self.learning_rate = learning_rate

    def step(self, zero_grad=False):
        for param in self.parameters:
            param = param.data  # noqa: PLW2901 (as in the article)
            param.els = param.els - self.learning_rate * param.grad
            if zero_grad:
                param.zero_grad()

    def zero_grad(self):
        for param in self.parameters:
            param.zero_grad()


class Own:
    """The article's listings, as if a user had typed them."""

    MSE, Linear, ReLU, Sigmoid, Tanh, SGD = MSE, Linear, ReLU, Sigmoid, Tanh, SGD


@pytest.fixture(params=[glasswork, Own], ids=["ours", "the reader's own"])
def library(request):
    return request.param


@pytest.fixture(autouse=True)
def seeded():
    """Both sources of randomness start anew; NumPy's global one is left as it was."""
    state = np.random.get_state()  # noqa: NPY002
    np.random.seed(0)  # noqa: NPY002
    glasswork.seed(0)
    yield
    np.random.set_state(state)  # noqa: NPY002


@pytest.mark.parametrize("activation", ["ReLU", "Sigmoid", "Tanh"])
def test_a_network_written_as_in_the_article_learns_xor(library, activation):
    x = Tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    y = Tensor([[0.0], [1.0], [1.0], [0.0]])
    model = Module(library.Linear(2, 16), getattr(library, activation)(), library.Linear(16, 1))
    loss_function = library.MSE()
    optimizer = library.SGD(model.parameters(), 0.3 if activation == "Sigmoid" else 0.1)
    for _ in range(4000 if activation == "Sigmoid" else 1000):
        yhat = model.forward(x)
        loss = loss_function(yhat, y)
        loss.backward()
        optimizer.step(zero_grad=True)
    np.testing.assert_allclose(model.forward(x).els, y.els, atol=0.1)


def test_a_layer_written_as_in_the_article_learns_a_regression(library):
    x = Tensor(np.linspace(-1.0, 1.0, 50).reshape(50, 1))
    y = Tensor(2 * x.els + 1)
    model = Module(library.Linear(1, 1))
    loss_function = library.MSE()
    optimizer = library.SGD(model.parameters(), learning_rate=0.3)
    for _ in range(100):
        optimizer.zero_grad()
        loss = loss_function(model.forward(x), y)
        loss.backward()
        optimizer.step()
    (layer,) = model.children
    assert layer.weights.data.els[0, 0] == pytest.approx(2, abs=1e-3)
    assert layer.biases.data.els[0] == pytest.approx(1, abs=1e-3)


def test_a_tensor_is_made_as_in_the_article():
    t = Tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True, dtype=float)
    assert t.els.dtype == float
    np.testing.assert_array_equal(t.grad, np.zeros((2, 2)))
    np.testing.assert_array_equal(t[1].els, [3.0, 4.0])
    t.sum().backward()
    np.testing.assert_array_equal(t.grad, np.ones((2, 2)))
    t.zero_grad()
    np.testing.assert_array_equal(t.grad, np.zeros((2, 2)))


def test_an_operation_is_defined_by_its_function_and_its_derivatives():
    """The article's `__op(other, operation, derivative_a, derivative_b)`: our maker."""
    multiply = glasswork.elementwise(
        "multiply", lambda a, b: a * b, (lambda y, a, b: b, lambda y, a, b: a), equation="y = a b"
    )
    a, b = Tensor(2.0, requires_grad=True), Tensor(3.0, requires_grad=True)
    multiply(a, b).backward()
    assert (a.grad, b.grad) == (3, 2)


@pytest.mark.parametrize(
    ("compute", "value"),
    [
        (lambda t: t + 2, 5), (lambda t: 2 + t, 5),
        (lambda t: t - 2, 1), (lambda t: 2 - t, -1),
        (lambda t: t * 2, 6), (lambda t: 2 * t, 6),
        (lambda t: t / 2, 1.5), (lambda t: 6 / t, 2),
        (lambda t: t**2, 9), (lambda t: 2**t, 8),
        (lambda t: -t, -3), (lambda t: t.sum(), 3),
        (lambda t: t.relu(), 3), (np.sum, 3),
    ],
)  # fmt: skip
def test_every_operation_on_the_articles_list_is_there_with_its_reverse(compute, value):
    t = Tensor(3.0, requires_grad=True)
    y = compute(t)
    assert y.item() == value
    y.backward()
    assert np.isfinite(t.grad)
