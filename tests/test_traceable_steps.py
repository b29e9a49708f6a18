"""Whole training steps look at no value: they run on arrays that only say what is done to them.

Each training runs twice from the same start, on arrays and on opaque ones: both must end in the
same bits.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import glasswork as gw
from glasswork import Parameter, nn, optim
from glasswork import functional as F
from glasswork.errors import DataError, ShapeError
from glasswork.nn.tree import walk
from glasswork.optim import lanes
from glasswork.tensor import Tensor

from .opaque import Opaque, opened, wrapped

BATCH, FEATURES, OUTPUTS = 6, 4, 3
X = np.random.default_rng(1).standard_normal((BATCH, FEATURES)).astype(np.float32)
NUMBERS = np.random.default_rng(2).standard_normal((BATCH, OUTPUTS))
LABELS = np.array([0, 2, 1, 1, 0, 2])
ANSWERS = np.random.default_rng(3).integers(0, 2, (BATCH, OUTPUTS))
SHARES = np.random.default_rng(4).dirichlet(np.ones(OUTPUTS), BATCH)
WEIGHTS = np.arange(1.0, BATCH + 1)

LAYERS = {
    "Identity": nn.Identity, "ReLU": nn.ReLU, "Sigmoid": nn.Sigmoid, "Tanh": nn.Tanh,
    "Softmax": nn.Softmax, "LogSoftmax": nn.LogSoftmax, "Softplus": nn.Softplus,
    "LeakyReLU": nn.LeakyReLU, "ELU": nn.ELU, "GELU": nn.GELU, "SiLU": nn.SiLU,
    "GELU, approximate": lambda: nn.GELU(approximate=True),
    "Linear": lambda: nn.Linear(FEATURES, FEATURES, bias=False, rng=5),
    "Linear, in float64": lambda: nn.Linear(FEATURES, FEATURES, rng=5, dtype=float),
    "Sequential": lambda: nn.Sequential(nn.Tanh(), nn.Sequential()),
    "BatchNorm": lambda: nn.BatchNorm(FEATURES),
    "BatchNorm, eval": lambda: nn.BatchNorm(FEATURES).eval(),
    "Missing": lambda: nn.Missing(FEATURES),
    "Missing, told": lambda: nn.Sequential(nn.Missing(4, [0, 2]), nn.Linear(6, 4, rng=5)),
    "Standardize": lambda: nn.Standardize(FEATURES),
    "Categories": lambda: nn.Categories(FEATURES, {1: ["a"]}),
    "Dropout": lambda: nn.Dropout(0.5, rng=6),
    "Dropout, eval": lambda: nn.Dropout(0.5, rng=6).eval(),
}  # fmt: skip
LOSSES = {
    "MSE": (nn.MSE(), NUMBERS),
    "MSE, sum": (nn.MSE("sum"), NUMBERS),
    "MSE, weights": (nn.MSE(), NUMBERS, WEIGHTS),
    "MAE": (nn.MAE(), NUMBERS),
    "Huber": (nn.Huber(0.5), NUMBERS),
    "NLL": (nn.NLL(), LABELS),
    "NLL, weights": (nn.NLL(class_weights=[1, 2, 3]), LABELS, WEIGHTS),
    "CrossEntropy": (nn.CrossEntropy(), LABELS),
    "CrossEntropy, weights": (nn.CrossEntropy("mean", [1, 2, 3]), LABELS, WEIGHTS),
    "CrossEntropy, smooth": (nn.CrossEntropy(label_smoothing=0.1), LABELS),
    "CrossEntropy, shares": (nn.CrossEntropy(class_weights=[1, 2, 3]), SHARES),
    "KLDivergence": (nn.KLDivergence(), SHARES),
    "BinaryCrossEntropy": (nn.BinaryCrossEntropy(), ANSWERS),
    "BinaryCrossEntropy, weights": (nn.BinaryCrossEntropy("sum", [1, 2, 3]), ANSWERS, WEIGHTS),
    "Hinge": (nn.Hinge(), 2 * ANSWERS - 1),
}
OPTIMIZERS = {
    "descent": lambda p: optim.SGD(p, 0.1),
    "heavy ball": lambda p: optim.SGD(p, 0.1, momentum=0.9),
    "Nesterov": lambda p: optim.SGD(p, 0.1, momentum=0.9, nesterov=True, l1=0.01, l2=0.1),
    "Adam": lambda p: optim.Adam(p, optim.cosine(0.1, steps=3)),
    "AdamW": lambda p: optim.AdamW(p, 0.1, weight_decay=0.1),
    "RMSprop": lambda p: optim.RMSprop(p, 0.1),
    "Adagrad": lambda p: optim.Adagrad(p, 0.1),
    "groups": lambda p: optim.SGD([{"parameters": p[:1], "learning_rate": 0.2}, *p[1:]], 0.1),
}


def training(hide: Any, layer: Any, criterion: Any, optimizer: Any, between: Any = None) -> Any:
    """The losses of three steps, and every array that is there at the end."""
    loss, *target = criterion
    model = nn.Sequential(
        nn.Linear(FEATURES, FEATURES, rng=7), layer(), nn.Linear(FEATURES, OUTPUTS, rng=8)
    )
    optimizer = optimizer(model.parameters())
    tensors = [node for _, node in walk(model) if isinstance(node, Tensor)]
    for tensor in tensors:
        tensor._els = hide(tensor._els)
    for slot in optimizer._slots:
        slot.memory = [*map(hide, slot.memory)]
    losses = []
    for _ in range(3):
        losses.append(loss(model(hide(X)), *map(hide, target)))
        optimizer.zero_grad()
        losses[-1].backward()
        if between is not None:
            between(model)
        optimizer.step()
    memories = [array for slot in optimizer._slots for array in slot.memory]
    assert all(isinstance(tensor.els, Opaque) for tensor in tensors) == (hide is wrapped)
    return [opened(x) for x in (*(t.els for t in (*losses, *tensors)), *memories)]


def check(*parts: Any) -> None:
    for found, expected in zip(training(wrapped, *parts), training(np.copy, *parts), strict=True):
        assert found.dtype == expected.dtype
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("layer", LAYERS.values(), ids=LAYERS)
def test_a_step_through_any_layer_looks_at_no_value(layer):
    check(layer, LOSSES["MSE"], OPTIMIZERS["descent"])


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
def test_a_step_with_any_loss_looks_at_no_value(loss):
    check(nn.LogSoftmax, loss, OPTIMIZERS["descent"])


@pytest.mark.parametrize("strip", [lanes.STRIP, 1])
@pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=OPTIMIZERS)
def test_a_step_of_any_optimizer_looks_at_no_value(optimizer, strip, monkeypatch):
    monkeypatch.setattr(lanes, "STRIP", strip)
    check(nn.Tanh, LOSSES["CrossEntropy"], optimizer)


@pytest.mark.parametrize("limit", [1e-3, 1e3])
@pytest.mark.parametrize("clip", [optim.clip_gradient_norm, optim.clip_gradient_values])
def test_clipping_looks_at_no_value(clip, limit):
    parts = nn.Tanh, LOSSES["CrossEntropy"], OPTIMIZERS["descent"]
    check(*parts, lambda model: clip(model.parameters(), limit))


def test_penalties_and_frozen_parameters_need_no_value():
    def between(model):
        model.children[0].freeze()
        nn.penalty(model.parameters(), l1=0.1, l2=0.1).backward()

    check(nn.Tanh, LOSSES["MSE"], OPTIMIZERS["heavy ball"], between)


@pytest.mark.parametrize("columns", [FEATURES, FEATURES + 1])
def test_shapes_that_do_not_fit_are_told_in_the_same_words(columns):
    layer, wrong = nn.Linear(FEATURES, FEATURES), np.ones((BATCH + 1, columns), np.float32)
    messages = []
    for hide in (wrapped, np.copy):
        with pytest.raises(ShapeError) as told:
            layer(hide(wrong)) + hide(X)
        messages.append(str(told.value))
    assert messages[0] == messages[1]


@pytest.mark.parametrize(
    ("loss", "bad"),
    [
        (nn.CrossEntropy(), [LABELS + 1]),
        (nn.BinaryCrossEntropy(), [ANSWERS + 1]),
        (nn.Hinge(), [ANSWERS]),
        (nn.MSE(), [NUMBERS, 0 * WEIGHTS]),
    ],
)
def test_what_cannot_be_is_told_when_there_are_values(loss, bad):
    with pytest.raises(DataError) as seen:
        loss(NUMBERS, *bad)
    with pytest.raises(DataError) as found:
        loss(*map(wrapped, (NUMBERS, *bad)))
    assert str(found.value) == str(seen.value)


def test_every_layer_and_every_loss_is_among_them():
    kinds = {kind for kind in vars(nn).values() if isinstance(kind, type)}
    parts = {kind.__name__ for kind in kinds if issubclass(kind, nn.Module)}
    cases = {name.partition(",")[0] for name in (*LAYERS, *LOSSES)}
    assert parts - cases == {"Module", "Loss"}


def test_a_choice_by_a_mask_that_nobody_has_seen_is_one_of_tensors():
    t = Parameter(X)
    chosen = F.where(wrapped(X > 0), t, 2 * t)
    chosen.sum().backward()
    np.testing.assert_array_equal(opened(chosen.els), np.where(X > 0, X, 2 * X))
    np.testing.assert_array_equal(opened(t.grad), np.where(X > 0, 1, 2))


def test_what_is_assigned_is_taken_as_it_is_where_the_dtype_is_right():
    parameter = Parameter(X)
    els, gradient = wrapped(X + 1), wrapped(X + 2)
    parameter.els, parameter.grad = els, gradient
    assert parameter.els is els
    assert parameter.grad is gradient
    parameter.grad = wrapped(X.astype(np.float64))
    assert parameter.grad.dtype == np.float32
    with pytest.raises(ShapeError, match="els: the new elements have another shape"):
        parameter.els = wrapped(X[0])


def test_a_backward_pass_starts_from_a_seed_that_nobody_has_seen():
    parameter = Parameter(X)
    (parameter * 2).backward(wrapped(X))
    np.testing.assert_array_equal(opened(parameter.grad), 2 * X)


def cubes(x):
    return (x**3 * [1.0, 2.0, 3.0, 4.0]).sum()


@pytest.mark.parametrize(
    "derive",
    [
        gw.grad(cubes),
        gw.grad(lambda x: gw.grad(cubes)(x).square().sum()),
        gw.jacobian(lambda x: x.sum(axis=0) ** 2),
        lambda x: gw.hvp(cubes, (x,), (x,)),
        lambda x: gw.jvp(cubes, (x,), (x,))[1],
        lambda x: gw.vjp(cubes, x)[1](2.0)[0],
    ],
    ids=["grad", "grad of grad", "jacobian", "hvp", "jvp", "vjp"],
)
def test_derivatives_of_functions_look_at_no_value(derive):
    found, expected = derive(wrapped(X)).els, derive(X).els
    assert isinstance(found, Opaque)
    np.testing.assert_array_equal(opened(found), expected)
