"""What holds of every loss: reduction, weights, shapes and dtypes; and penalties."""

from __future__ import annotations

import numpy as np
import pytest

from glasswork import Tensor
from glasswork.errors import DataError, DtypeError, OptionError, ShapeError
from glasswork.nn import (
    MAE,
    MSE,
    NLL,
    BinaryCrossEntropy,
    CrossEntropy,
    Hinge,
    Huber,
    KLDivergence,
    Linear,
    Parameter,
    Sequential,
    penalty,
)

N, CLASSES = 6, 3


def case(kind, target):
    """A loss with a prediction and a target that suit it."""
    rng = np.random.default_rng(0)
    yhat = rng.standard_normal((N, CLASSES))
    targets = {
        "numbers": rng.standard_normal((N, CLASSES)),
        "labels": rng.integers(0, CLASSES, N),
        "shares": rng.dirichlet(np.ones(CLASSES), N),
        "bits": rng.integers(0, 2, (N, CLASSES)),
        "signs": 2 * rng.integers(0, 2, (N, CLASSES)) - 1,
    }
    return kind, yhat, targets[target]


CASES = [
    case(MSE, "numbers"),
    case(MAE, "numbers"),
    case(Huber, "numbers"),
    case(NLL, "labels"),
    case(CrossEntropy, "labels"),
    case(CrossEntropy, "shares"),
    case(KLDivergence, "shares"),
    case(BinaryCrossEntropy, "bits"),
    case(Hinge, "signs"),
]
every_loss = pytest.mark.parametrize(("kind", "yhat", "y"), CASES)


def single(kind, yhat, y):
    return kind(reduction="none")(yhat, y).els


@every_loss
def test_mean_and_sum_are_those_of_the_single_losses(kind, yhat, y):
    losses = single(kind, yhat, y)
    assert len(losses) == N
    np.testing.assert_allclose(kind()(yhat, y).els, losses.mean(), rtol=1e-14)
    np.testing.assert_allclose(kind(reduction="sum")(yhat, y).els, losses.sum(), rtol=1e-14)


@every_loss
def test_a_weight_is_as_many_samples(kind, yhat, y):
    times = np.array([1, 0, 2, 3, 1, 5])
    repeated = kind()(np.repeat(yhat, times, axis=0), np.repeat(y, times, axis=0))
    np.testing.assert_allclose(kind()(yhat, y, times).els, repeated.els, rtol=1e-14)


@every_loss
def test_weights_multiply_the_losses_of_their_samples(kind, yhat, y):
    weights = np.arange(N) / 2
    losses = single(kind, yhat, y)
    expected = losses * weights.reshape(-1, *(1,) * (losses.ndim - 1))
    found = kind(reduction="none")(yhat, y, weights)
    np.testing.assert_allclose(found.els, expected, rtol=1e-15)
    np.testing.assert_allclose(kind(reduction="sum")(yhat, y, weights.tolist()).els, expected.sum())


@every_loss
def test_an_empty_batch_has_a_sum_and_no_mean(kind, yhat, y):
    assert kind(reduction="sum")(yhat[:0], y[:0]).item() == 0
    with pytest.raises(DataError, match="there is no mean of these losses"):
        kind()(yhat[:0], y[:0])


@every_loss
@pytest.mark.parametrize("kind_of_weights", [np.asarray, Tensor])
def test_weights_that_are_all_zero_have_no_mean(kind, yhat, y, kind_of_weights):
    with pytest.raises(DataError, match=r"(?s)no mean of these losses.*weights add up to 0"):
        kind()(yhat, y, kind_of_weights(np.zeros(N)))


@every_loss
def test_weights_that_are_not_one_for_each_sample_are_refused(kind, yhat, y):
    with pytest.raises(ShapeError, match=rf"(?s)weights are not one .*\(7,\).*shape \({N},\)"):
        kind()(yhat, y, np.ones(N + 1))


@every_loss
def test_float32_stays_float32_whatever_the_target_and_weights_are(kind, yhat, y):
    leaf = Tensor(yhat.astype(np.float32), requires_grad=True)
    for reduction in ("mean", "sum", "none"):
        loss = kind(reduction=reduction)(leaf, y, np.ones(N))
        assert loss.dtype == np.float32
        loss.sum().backward()
    assert leaf.grad.dtype == np.float32


@pytest.mark.parametrize(
    ("loss", "y"),
    [
        (Huber(np.float64(0.3)), [[0.0, 1.0]]),
        (Hinge(np.float64(0.3)), [[-1, 1]]),
        (BinaryCrossEntropy(positive_weight=np.float64(0.3)), [[0, 1]]),
        (CrossEntropy(label_smoothing=np.float64(0.3)), [1]),
        (CrossEntropy(label_smoothing=np.float64(0.3)), [[0.5, 0.5]]),
    ],
)
def test_an_option_that_is_numpys_number_widens_nothing(loss, y):
    assert loss(Tensor([[1.0, 2.0]]), y).dtype == np.float32


@every_loss
def test_targets_may_be_lists_arrays_or_tensors(kind, yhat, y):
    expected = kind()(yhat, y).item()
    assert kind()(Tensor(yhat), y.tolist()).item() == expected
    assert kind()(Tensor(yhat), Tensor(y)).item() == expected


@every_loss
def test_the_gradient_is_that_of_central_differences(kind, yhat, y, slopes):
    weights = np.arange(1, N + 1)
    leaf = Tensor(yhat, requires_grad=True)
    kind()(leaf, y, weights).backward()
    expected = slopes(lambda p: kind()(p, y, weights).item(), yhat)
    np.testing.assert_allclose(leaf.grad, expected, rtol=1e-6, atol=1e-9)


@every_loss
def test_an_unknown_reduction_is_refused(kind, yhat, y):
    with pytest.raises(OptionError, match=f"{kind.__name__}: reduction is 'average'"):
        kind(reduction="average")


ELEMENTWISE = [MSE, MAE, Huber, BinaryCrossEntropy, Hinge, KLDivergence]


@pytest.mark.parametrize("kind", ELEMENTWISE)
@pytest.mark.parametrize(
    ("yhat", "y", "mend"),
    [
        ((4, 1), (4,), r"y\[:, None\]"),
        ((4,), (4, 1), r"y\[:, 0\]"),
        ((4, 3), (4, 1), "as many output neurons"),
        ((4, 3), (), "as many output neurons"),
        ((4, 3), (1, 4, 3), "as many output neurons"),
    ],
)
def test_a_target_that_would_broadcast_is_refused_with_both_shapes(kind, yhat, y, mend):
    with pytest.raises(ShapeError) as caught:
        kind()(np.ones(yhat), np.ones(y))
    text = str(caught.value)
    assert text.startswith(f"{kind.__name__}(): prediction and target have different shapes.")
    assert f"The prediction is {yhat}, the target is {y}." in text
    assert caught.match(mend)


@pytest.mark.parametrize("kind", ELEMENTWISE)
def test_a_prediction_of_whole_numbers_is_refused(kind):
    with pytest.raises(DtypeError, match="the prediction is int64, the target float64"):
        kind()(np.array([1, 2]), np.array([0.5, 1.0]))


def test_weights_may_go_with_further_axes_of_the_losses():
    yhat, y = np.ones((2, 3, 4)), np.zeros((2, 3, 4))
    weights = np.array([[1, 0, 0], [0, 0, 1]])
    assert MSE("sum")(yhat, y, weights).item() == 8
    assert MSE()(yhat, y, weights).item() == 1


def test_weights_may_be_learned(slopes):
    yhat, y = np.array([1.0, 2.0]), np.zeros(2)
    weights = Tensor([1.0, 3.0], requires_grad=True, dtype=float)
    MSE()(yhat, y, weights).backward()
    expected = slopes(lambda w: float((w * yhat**2).sum() / w.sum()), np.array([1.0, 3.0]))
    np.testing.assert_allclose(weights.grad, expected, rtol=1e-8)


def test_a_loss_has_nothing_to_learn_and_shows_its_options():
    assert CrossEntropy(label_smoothing=0.1).parameters() == []
    assert repr(CrossEntropy(label_smoothing=0.1)) == "CrossEntropy(label_smoothing=0.1)"
    assert repr(NLL("sum", [1, 2])) == "NLL(reduction='sum', class_weights=array of (2,))"


def test_a_list_of_text_is_no_target():
    with pytest.raises(DtypeError, match="the elements of a target must be numbers; these are <U1"):
        MSE()(Tensor([1.0, 2.0]), ["1", "2"])


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
    with pytest.raises(OptionError, match=r"penalty: l. is"):
        penalty([], **factors)
