"""Each activation is a module that does what its op does."""

from __future__ import annotations

from math import erf, exp, log, log1p, sqrt, tanh

import numpy as np
import pytest

from glasswork import Tensor, nn

POINTS = [-2.0, -0.5, 0.0, 0.5, 2.0]

ACTIVATIONS = [
    (nn.Identity(), lambda x: x),
    (nn.ReLU(), lambda x: max(x, 0)),
    (nn.Sigmoid(), lambda x: 1 / (1 + exp(-x))),
    (nn.Tanh(), tanh),
    (nn.Softplus(), lambda x: log1p(exp(x))),
    (nn.LeakyReLU(), lambda x: x if x > 0 else 0.01 * x),
    (nn.LeakyReLU(0.3), lambda x: x if x > 0 else 0.3 * x),
    (nn.ELU(), lambda x: x if x > 0 else exp(x) - 1),
    (nn.ELU(1.5), lambda x: x if x > 0 else 1.5 * (exp(x) - 1)),
    (nn.GELU(), lambda x: x * (1 + erf(x / sqrt(2))) / 2),
    (
        nn.GELU(approximate=True),
        lambda x: x * (1 + tanh(0.7978845608028654 * (x + 0.044715 * x**3))) / 2,
    ),
    (nn.SiLU(), lambda x: x / (1 + exp(-x))),
]
SOFT = [(nn.Softmax, lambda share: share), (nn.LogSoftmax, log)]


def name(case):
    return repr(case) if isinstance(case, nn.Module) else ""


@pytest.mark.parametrize(("activation", "equation"), ACTIVATIONS, ids=name)
def test_each_element_is_as_the_equation_says(activation, equation):
    expected = [equation(x) for x in POINTS]
    np.testing.assert_allclose(activation(np.array(POINTS)).els, expected, rtol=1e-14, atol=1e-16)


@pytest.mark.parametrize(("activation", "equation"), ACTIVATIONS, ids=name)
def test_the_gradient_is_the_slope_of_the_equation(activation, equation):
    x = Tensor([p for p in POINTS if p], requires_grad=True, dtype=float)
    activation(x).sum().backward()
    slopes = [(equation(p + 1e-6) - equation(p - 1e-6)) / 2e-6 for p in POINTS if p]
    np.testing.assert_allclose(x.grad, slopes, rtol=1e-8, atol=1e-9)


@pytest.mark.parametrize(("activation", "equation"), ACTIVATIONS, ids=name)
def test_float32_stays_float32(activation, equation):
    assert activation(np.ones(3, np.float32)).dtype == np.float32


@pytest.mark.parametrize("kind", [nn.LeakyReLU, nn.ELU])
def test_an_option_that_is_numpys_number_widens_nothing(kind):
    assert kind(np.float64(0.3))(Tensor([-1.0, 1.0])).dtype == np.float32


@pytest.mark.parametrize(("kind", "of_share"), SOFT)
@pytest.mark.parametrize("axis", [0, 1, -1])
def test_shares_add_up_to_one_along_their_axis(kind, of_share, axis):
    x = np.array([[0.0, 1.0, 2.0], [3.0, 0.0, 1.0]])
    shares = np.exp(x) / np.exp(x).sum(axis=axis, keepdims=True)
    expected = np.vectorize(of_share)(shares)
    np.testing.assert_allclose(kind(axis)(x).els, expected, rtol=1e-14)


def test_an_activation_has_nothing_to_learn_and_shows_its_options():
    assert nn.ELU(2.0).parameters() == []
    assert [repr(a) for a in (nn.ReLU(), nn.ELU(2.0), nn.Softmax(0))] == [
        "ReLU()",
        "ELU(alpha=2.0)",
        "Softmax(axis=0)",
    ]
