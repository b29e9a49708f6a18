"""A compiled step with any loss, however reduced and weighted, is the eager step."""

from __future__ import annotations

import numpy as np
import pytest

import glasswork as gw
from glasswork import nn

from .side_by_side import BATCH, FEATURES, OUTPUTS, Training, check, of_batches, training
from .test_layers import exactness


def labels(rng):
    return rng.integers(0, OUTPUTS, BATCH)


def short_labels(rng):
    return labels(rng).astype(np.uint8)


def answers(rng):
    return rng.integers(0, 2, (BATCH, OUTPUTS)).astype(np.float32)


def shares(rng):
    return rng.dirichlet(np.ones(OUTPUTS), BATCH)


def sides(rng):
    return 2 * answers(rng) - 1


def importance(rng):
    return rng.uniform(0, 2, BATCH)


numbers = (BATCH, OUTPUTS)

LOSSES = {
    "MSE": (nn.MSE, numbers),
    "MAE": (nn.MAE, numbers),
    "Huber": (lambda r: nn.Huber(0.5, r), numbers),
    "NLL": (nn.NLL, labels),
    "NLL with class weights": (lambda r: nn.NLL(r, [1, 2, 3]), labels),
    "CrossEntropy": (nn.CrossEntropy, labels),
    "CrossEntropy of uint8": (nn.CrossEntropy, short_labels),
    "CrossEntropy with class weights": (lambda r: nn.CrossEntropy(r, [1, 2, 3]), labels),
    "CrossEntropy, smooth": (lambda r: nn.CrossEntropy(r, label_smoothing=0.1), labels),
    "CrossEntropy, smooth with class weights": (
        lambda r: nn.CrossEntropy(r, [1, 2, 3], label_smoothing=0.1),
        labels,
    ),
    "CrossEntropy of shares": (nn.CrossEntropy, shares),
    "CrossEntropy of shares, smooth with class weights": (
        lambda r: nn.CrossEntropy(r, [1, 2, 3], 0.1),
        shares,
    ),
    "KLDivergence": (nn.KLDivergence, shares),
    "BinaryCrossEntropy": (nn.BinaryCrossEntropy, answers),
    "BinaryCrossEntropy with a positive weight": (lambda r: nn.BinaryCrossEntropy(r, 3), answers),
    "BinaryCrossEntropy with positive weights": (
        lambda r: nn.BinaryCrossEntropy(r, [1, 2, 3]),
        answers,
    ),
    "Hinge": (lambda r: nn.Hinge(0.5, r), sides),
}
OF_LOGARITHMS = ("NLL", "NLL with class weights", "KLDivergence")


def network(name, dtype=np.float32):
    last = [nn.LogSoftmax()] if name in OF_LOGARITHMS else []
    return nn.Sequential(
        nn.Linear(FEATURES, 5, rng=7, dtype=dtype),
        nn.Tanh(),
        nn.Linear(5, OUTPUTS, rng=8, dtype=dtype),
        *last,
    )


@exactness
@pytest.mark.parametrize("weighted", [False, True], ids=["plain", "weighted"])
@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("name", LOSSES)
def test_any_loss_compiled_is_the_loss(name, reduction, weighted, exact):
    loss, target = LOSSES[name]

    def make():
        model = network(name)
        return training(model, loss(reduction), gw.SGD(model.parameters(), 0.02))

    weights = [importance] if weighted else []
    check(make, of_batches((BATCH, FEATURES), target, *weights), exact)


@exactness
@pytest.mark.parametrize("name", LOSSES)
def test_any_loss_in_float64_compiled_is_the_loss(name, exact):
    loss, target = LOSSES[name]

    def make():
        model = network(name, np.float64)
        return training(model, loss("mean"), gw.SGD(model.parameters(), 0.02))

    check(make, of_batches((BATCH, FEATURES), target), exact)


@exactness
@pytest.mark.parametrize("name", LOSSES)
def test_the_losses_of_each_sample_may_be_reduced_by_ones_own_means(name, exact):
    loss, target = LOSSES[name]

    def make():
        model, each = network(name), loss("none")

        def criterion(yhat, y):
            return each(yhat, y).square().mean()

        return training(model, criterion, gw.SGD(model.parameters(), 0.02))

    check(make, of_batches((BATCH, FEATURES), target), exact)


@exactness
def test_many_classes_are_compared_rather_than_looked_up(exact):
    def make():
        model = nn.Linear(FEATURES, 300, rng=1)
        return training(model, nn.CrossEntropy(), gw.SGD(model.parameters(), 0.02))

    def of_many(rng):
        return rng.integers(0, 300, BATCH)

    check(make, of_batches((BATCH, FEATURES), of_many), exact)


@exactness
@pytest.mark.parametrize("shape", [(2, 3), ()])
def test_labels_of_any_shape_are_taken(shape, exact):
    def make():
        model = nn.Linear(FEATURES, OUTPUTS, rng=1)
        return training(model, nn.CrossEntropy(), gw.SGD(model.parameters(), 0.02))

    def of_shape(rng):
        return np.asarray(rng.integers(0, OUTPUTS, shape))

    check(make, of_batches((*shape, FEATURES), of_shape), exact)


@exactness
def test_a_penalty_in_the_loss_is_a_part_of_it(exact):
    def make():
        model, loss = network("MSE"), nn.MSE()

        def criterion(yhat, y):
            return loss(yhat, y) + nn.penalty(model.parameters(), l1=0.01, l2=0.1)

        return training(model, criterion, gw.SGD(model.parameters(), 0.02))

    check(make, of_batches((BATCH, FEATURES), numbers), exact)


@pytest.mark.parametrize(
    "exact",
    [True, False],
    ids=["exact", "fast"],
)
def test_classes_may_be_ruled_out(exact):
    ruled_out = np.array([0, 0, -np.inf], np.float32)

    def make():
        model, loss = network("CrossEntropy"), nn.CrossEntropy()

        def criterion(yhat, y):
            return loss(yhat + ruled_out, y)

        return training(model, criterion, gw.SGD(model.parameters(), 0.02))

    def of_two(rng):
        return rng.integers(0, 2, BATCH)

    check(make, of_batches((BATCH, FEATURES), of_two), exact)


@exactness
@pytest.mark.parametrize("scale", [1e4, 1e30])
def test_very_sure_predictions_overflow_nothing(scale, exact):
    losses = nn.CrossEntropy(), nn.BinaryCrossEntropy()

    def make():
        model = network("CrossEntropy")

        def step(x, y):
            yhat = model(x) * scale
            return losses[0](yhat, y), losses[1](yhat, np.abs(np.sign(yhat.detach())))

        return Training(step, [model], [])

    check(make, of_batches((BATCH, FEATURES), labels, steps=5), exact)


@pytest.mark.parametrize(
    "exact",
    [
        True,
        False,
    ],
    ids=["exact", "fast"],
)
def test_labels_in_another_byte_order(exact):
    def make():
        model = network("CrossEntropy")
        return training(model, nn.CrossEntropy(), gw.SGD(model.parameters(), 0.02))

    def swapped(rng):
        return labels(rng).astype(np.dtype(np.int64).newbyteorder())

    check(make, of_batches((BATCH, FEATURES), swapped, steps=5), exact)
