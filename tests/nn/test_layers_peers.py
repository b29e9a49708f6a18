"""Layers give PyTorch's values and gradients."""

from __future__ import annotations

import numpy as np
import pytest

from glasswork import Tensor, nn

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.peers

ACTIVATIONS = [
    (nn.Identity(), torch.nn.Identity()),
    (nn.ReLU(), torch.nn.ReLU()),
    (nn.Sigmoid(), torch.nn.Sigmoid()),
    (nn.Tanh(), torch.nn.Tanh()),
    (nn.Softmax(), torch.nn.Softmax(-1)),
    (nn.Softmax(0), torch.nn.Softmax(0)),
    (nn.LogSoftmax(), torch.nn.LogSoftmax(-1)),
    (nn.Softplus(), torch.nn.Softplus()),
    (nn.LeakyReLU(), torch.nn.LeakyReLU()),
    (nn.LeakyReLU(0.3), torch.nn.LeakyReLU(0.3)),
    (nn.ELU(), torch.nn.ELU()),
    (nn.ELU(2.0), torch.nn.ELU(2.0)),
    (nn.GELU(), torch.nn.GELU()),
    (nn.GELU(approximate=True), torch.nn.GELU("tanh")),
    (nn.SiLU(), torch.nn.SiLU()),
]


def agree(ours, theirs, x, rtol=1e-9, **parameters):
    """Both give the same, and the same gradients for input and parameters."""
    leaf, peer = Tensor(x, requires_grad=True), torch.tensor(x, requires_grad=True)
    y, expected = ours(leaf), theirs(peer)
    seed = np.random.default_rng(2).random(y.shape)
    y.backward(seed)
    expected.backward(torch.tensor(seed))
    np.testing.assert_allclose(y.els, expected.detach().numpy(), rtol=rtol, atol=1e-12)
    np.testing.assert_allclose(leaf.grad, peer.grad.numpy(), rtol=rtol, atol=1e-12)
    for name, parameter in parameters.items():
        np.testing.assert_allclose(
            getattr(ours, name).grad, parameter.grad.numpy().T, rtol=rtol, atol=1e-12
        )


@pytest.mark.parametrize(("ours", "theirs"), ACTIVATIONS, ids=str)
def test_activations(ours, theirs, rng):
    x = rng.normal(0, 3, (5, 4))
    x[0] = [0, -1000, 1000, 30]
    agree(ours, theirs, x)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("shape", [(5, 3), (3,), (2, 5, 3)])
def test_linear(bias, shape, rng):
    theirs = torch.nn.Linear(3, 2, bias=bias, dtype=torch.float64)
    ours = nn.Linear(3, 2, bias=bias, dtype=np.float64)
    state = {"weights": theirs.weight.detach().numpy().T}
    parameters = {"weights": theirs.weight}
    if bias:
        state["biases"] = theirs.bias.detach().numpy()
        parameters["biases"] = theirs.bias
    ours.load_state_dict(state)
    agree(ours, theirs, rng.random(shape), **parameters)


@pytest.mark.parametrize("momentum", [0.0, 0.1, 1.0])
@pytest.mark.parametrize("epsilon", [1e-5, 0.1])
def test_batchnorm_in_training_and_after(momentum, epsilon, rng):
    theirs = torch.nn.BatchNorm1d(3, epsilon, momentum, dtype=torch.float64)
    ours = nn.BatchNorm(3, momentum, epsilon, dtype=np.float64)
    scale, shift = rng.random(3), rng.random(3)
    theirs.load_state_dict(
        {"weight": torch.tensor(scale), "bias": torch.tensor(shift)}, strict=False
    )
    ours.scale.els, ours.shift.els = scale, shift
    for _ in range(3):
        ours.scale.zero_grad(), ours.shift.zero_grad(), theirs.zero_grad()
        agree(ours, theirs, rng.normal(2, 3, (6, 3)), scale=theirs.weight, shift=theirs.bias)
        np.testing.assert_allclose(ours.running_mean.els, theirs.running_mean, rtol=1e-12)
        np.testing.assert_allclose(ours.running_variance.els, theirs.running_var, rtol=1e-12)
    ours.eval(), theirs.eval()
    ours.scale.zero_grad(), ours.shift.zero_grad(), theirs.zero_grad()
    agree(ours, theirs, rng.normal(2, 3, (1, 3)), scale=theirs.weight, shift=theirs.bias)


def test_dropout_keeps_as_much_as_pytorch_does():
    x = np.ones(100_000)
    torch.manual_seed(0)
    expected = torch.nn.Dropout(0.3)(torch.tensor(x)).numpy()
    found = nn.Dropout(0.3, rng=0)(x).els
    np.testing.assert_allclose(np.unique(found), np.unique(expected), rtol=1e-15)
    assert abs(found.mean() - expected.mean()) < 5 * np.sqrt(2 * 0.3 / 0.7 / x.size)
