"""Every loss, with every option, gives PyTorch's values and gradients."""

from __future__ import annotations

import numpy as np
import pytest

from glasswork import Tensor, nn

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.peers

N, CLASSES = 7, 4
RNG = np.random.default_rng(0)
NUMBERS = RNG.normal(0, 2, (N, CLASSES))
LABELS = RNG.integers(0, CLASSES, N)
SHARES = RNG.dirichlet(np.ones(CLASSES), N)
SHARES[0] = [1, 0, 0, 0]
BITS = RNG.integers(0, 2, (N, CLASSES)).astype(float)
CLASS_WEIGHTS = RNG.uniform(0.5, 2, CLASSES)
SAMPLE_WEIGHTS = RNG.uniform(0.5, 2, N)
each_reduction = pytest.mark.parametrize("reduction", ["mean", "sum", "none"])


@pytest.fixture
def yhat() -> np.ndarray:
    return np.random.default_rng(1).normal(0, 2, (N, CLASSES))


def agree(ours, theirs, yhat, y):
    """Both losses give the same, and the same gradient for a seed that is not all ones."""
    leaf = Tensor(yhat, requires_grad=True)
    peer = torch.tensor(yhat, requires_grad=True)
    loss, expected = ours(leaf, y), theirs(peer, torch.tensor(y))
    seed = np.random.default_rng(2).random(loss.shape)
    loss.backward(seed)
    expected.backward(torch.tensor(seed))
    np.testing.assert_allclose(loss.els, expected.detach().numpy(), rtol=1e-6, atol=1e-14)
    np.testing.assert_allclose(leaf.grad, peer.grad.numpy(), rtol=1e-6, atol=1e-14)


@each_reduction
@pytest.mark.parametrize(
    ("ours", "theirs"),
    [(nn.MSE, torch.nn.MSELoss), (nn.MAE, torch.nn.L1Loss)],
)
def test_squared_and_absolute_errors(ours, theirs, reduction, yhat):
    agree(ours(reduction), theirs(reduction=reduction), yhat, NUMBERS)


@each_reduction
@pytest.mark.parametrize("delta", [0.5, 1.0, 3.0])
def test_huber(delta, reduction, yhat):
    theirs = torch.nn.HuberLoss(reduction, delta)
    agree(nn.Huber(delta, reduction), theirs, yhat, NUMBERS)


@each_reduction
def test_huber_at_its_kinks(reduction):
    errors = np.array([[-1.0, 0.0, 1.0]])
    theirs = torch.nn.HuberLoss(reduction, 1.0)
    agree(nn.Huber(1.0, reduction), theirs, errors, np.zeros((1, 3)))


@each_reduction
@pytest.mark.parametrize("weights", [None, CLASS_WEIGHTS])
def test_nll(weights, reduction, yhat):
    yhat = yhat - np.log(np.exp(yhat).sum(axis=1, keepdims=True))
    peer_weights = None if weights is None else torch.tensor(weights)
    theirs = torch.nn.NLLLoss(peer_weights, reduction=reduction)
    agree(nn.NLL(reduction, weights), theirs, yhat, LABELS)


@each_reduction
@pytest.mark.parametrize("smoothing", [0.0, 0.1, 1.0])
@pytest.mark.parametrize("weights", [None, CLASS_WEIGHTS])
@pytest.mark.parametrize("y", [LABELS, SHARES])
def test_cross_entropy(y, weights, smoothing, reduction, yhat):
    peer_weights = None if weights is None else torch.tensor(weights)
    theirs = torch.nn.CrossEntropyLoss(peer_weights, reduction=reduction, label_smoothing=smoothing)
    agree(nn.CrossEntropy(reduction, weights, smoothing), theirs, yhat, y)


def test_cross_entropy_of_large_logits(yhat):
    agree(nn.CrossEntropy(), torch.nn.CrossEntropyLoss(), 1e4 * yhat, LABELS)


@pytest.mark.parametrize("weights", [None, CLASS_WEIGHTS])
def test_cross_entropy_of_classes_that_are_ruled_out(weights, yhat):
    yhat[:, 3] = -np.inf
    peer_weights = None if weights is None else torch.tensor(weights)
    theirs = torch.nn.CrossEntropyLoss(peer_weights)
    agree(nn.CrossEntropy(class_weights=weights), theirs, yhat, LABELS % 3)


@each_reduction
@pytest.mark.parametrize("weight", [1.0, 3.0, CLASS_WEIGHTS])
@pytest.mark.parametrize("y", [BITS, SHARES])
def test_binary_cross_entropy(y, weight, reduction, yhat):
    theirs = torch.nn.BCEWithLogitsLoss(
        reduction=reduction, pos_weight=torch.tensor(weight, dtype=torch.float64)
    )
    agree(nn.BinaryCrossEntropy(reduction, weight), theirs, yhat, y)


@pytest.mark.parametrize(("ours", "theirs"), [("mean", "batchmean"), ("sum", "sum")])
def test_divergence(ours, theirs, yhat):
    yhat = yhat - np.log(np.exp(yhat).sum(axis=1, keepdims=True))
    agree(nn.KLDivergence(ours), torch.nn.KLDivLoss(reduction=theirs), yhat, SHARES)


def test_single_divergences_are_the_sums_of_pytorchs(yhat):
    yhat = yhat - np.log(np.exp(yhat).sum(axis=1, keepdims=True))
    single = torch.nn.KLDivLoss(reduction="none")
    agree(nn.KLDivergence("none"), lambda p, y: single(p, y).sum(1), yhat, SHARES)


@each_reduction
@pytest.mark.parametrize("margin", [0.0, 1.0, 2.5])
def test_hinge(margin, reduction, yhat):
    ranking = torch.nn.MarginRankingLoss(margin, reduction=reduction)
    agree(
        nn.Hinge(margin, reduction),
        lambda p, y: ranking(p, torch.zeros_like(p), y),
        yhat,
        2 * BITS - 1,
    )


@pytest.mark.parametrize("reduction", ["sum", "none"])
def test_weights_of_samples(reduction, yhat):
    theirs = torch.nn.BCEWithLogitsLoss(torch.tensor(SAMPLE_WEIGHTS[:, None]), reduction=reduction)
    ours = nn.BinaryCrossEntropy(reduction)
    agree(lambda p, y: ours(p, y, SAMPLE_WEIGHTS), theirs, yhat, BITS)
