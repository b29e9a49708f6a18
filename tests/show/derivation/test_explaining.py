"""The printed mathematics of whole networks, read back from its text alone."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pytest

import glasswork as gw
from glasswork.errors import CompileError, OptionError, TapeError

from .printed import amounts, names_of

RNG = np.random.default_rng(1986)
ROWS = 6


class Net(NamedTuple):
    """A network of float64, a loss, and a batch for them."""

    model: gw.Module
    loss: Any
    x: np.ndarray
    y: np.ndarray


def stack(*layers: gw.Module | int) -> gw.Sequential:
    """Layers in a row; a number is a Linear with so many outputs."""
    made: list[gw.Module] = []
    features = 2
    for layer in layers:
        if isinstance(layer, int):
            made.append(gw.Linear(features, layer, rng=RNG, dtype=float))
            made[-1].biases.els = RNG.standard_normal(layer)
            features = layer
        else:
            made.append(layer)
    return gw.Sequential(*made)


def norm(features: int) -> gw.BatchNorm:
    layer = gw.BatchNorm(features, dtype=float)
    layer.scale.els, layer.shift.els = RNG.uniform(0.5, 2, (2, features))
    layer.running_mean.els, layer.running_variance.els = RNG.uniform(0.5, 2, (2, features))
    return layer


X = RNG.standard_normal((ROWS, 2))
LABELS = RNG.integers(0, 2, ROWS)
NUMBERS = RNG.standard_normal((ROWS, 1))
SHARES = RNG.dirichlet((1, 1, 1), ROWS)
WEIGHTS = np.array([1.0, 3.0])
DEEP = 8, gw.GELU(), 6, gw.LeakyReLU(), norm(6), gw.ELU(), gw.Dropout(0.5), 1

NETWORKS = {
    "a line": Net(stack(1), gw.MSE(), X, NUMBERS),
    "article's spirals": Net(stack(16, gw.Tanh(), 16, gw.Tanh(), 2), gw.CrossEntropy(), X, LABELS),
    "relu, smoothed and weighted": Net(
        stack(7, gw.ReLU(), 5, gw.ReLU(), 2),
        gw.CrossEntropy(label_smoothing=0.1, class_weights=WEIGHTS),
        X,
        LABELS,
    ),
    "smoothed": Net(stack(7, gw.ReLU(), 2), gw.CrossEntropy(label_smoothing=0.1), X, LABELS),
    "sigmoid, yes or no": Net(
        stack(5, gw.Sigmoid(), 1),
        gw.BinaryCrossEntropy(positive_weight=3.0),
        X,
        LABELS[:, None].astype(float),
    ),
    "deep, in eval mode": Net(stack(*DEEP).eval(), gw.Huber(0.3), X, NUMBERS),
    "batch norm, in training": Net(stack(*DEEP[:-2], 1), gw.Huber(0.3), X, NUMBERS),
    "silu and softplus": Net(stack(5, gw.SiLU(), 4, gw.Softplus(), 1), gw.MAE(), X, NUMBERS),
    "shares of three": Net(stack(4, gw.Tanh(), 3), gw.CrossEntropy(label_smoothing=0.2), X, SHARES),
    "softmax inside": Net(stack(4, gw.Softmax(), 1), gw.Hinge(), X, np.sign(NUMBERS)),
    "log-softmax": Net(stack(3, gw.LogSoftmax()), gw.NLL(), X, LABELS),
    "divergence": Net(stack(3, gw.LogSoftmax()), gw.KLDivergence(), X, SHARES),
    "gelu by tanh": Net(stack(3, gw.GELU(approximate=True), 1), gw.MSE("sum"), X, NUMBERS),
    "many classes": Net(stack(300), gw.CrossEntropy(), X, RNG.integers(0, 300, ROWS)),
    "one row": Net(stack(3, gw.ReLU(), 2), gw.CrossEntropy(), X[:1], LABELS[:1]),
}
networks = pytest.mark.parametrize("net", NETWORKS.values(), ids=list(NETWORKS))


def arrays_of(net: Net) -> dict[str, Any]:
    """What a reader of the text has beside it."""
    return net.model.state_dict() | {"x": net.x, "y": net.y, "constant": WEIGHTS}


def gradients(net: Net) -> dict[str, np.ndarray]:
    """What backward leaves, by path; the running means stay as they were."""
    before = net.model.state_dict()
    net.loss(net.model(net.x), net.y).backward()
    found = {path: p.grad.copy() for path, p in net.model.named_parameters()}
    for parameter in net.model.parameters():
        parameter.zero_grad()
    net.model.load_state_dict(before)
    return found


@networks
def test_the_printed_gradient_is_what_backward_leaves(net):
    page = str(gw.explain(net.model, net.loss, net.x, net.y))
    known, names = amounts(page, arrays_of(net)), names_of(page)
    for path, grad in gradients(net).items():
        assert known[f"∂L/∂{names[path]}"] == pytest.approx(grad, rel=1e-9, abs=1e-13)


@networks
def test_the_printed_gradient_is_the_difference_quotient_of_the_printed_loss(net):
    page = str(gw.explain(net.model, net.loss, net.x, net.y))
    arrays, names = arrays_of(net), names_of(page)
    known, step = amounts(page, arrays), 1e-6
    for path, parameter in net.model.named_parameters():
        place = tuple(RNG.integers(0, n) for n in parameter.shape)
        sides = []
        for way in (step, -step):
            moved = parameter.els.copy()
            moved[place] += way
            sides.append(amounts(page, arrays | {path: moved}, until="backward")["L"])
        slope = (sides[0] - sides[1]) / (2 * step)
        # A difference of losses of about 1, with 1e-16 of rounding, over a step of 1e-6.
        assert known[f"∂L/∂{names[path]}"][place] == pytest.approx(slope, rel=1e-6, abs=1e-8)


@networks
def test_the_printed_loss_is_the_loss(net):
    page = str(gw.explain(net.model, net.loss, net.x, net.y))
    before = net.model.state_dict()
    expected = net.loss(net.model(net.x), net.y).item()
    net.model.load_state_dict(before)
    assert amounts(page, arrays_of(net))["L"] == pytest.approx(expected, rel=1e-12)


def test_two_layers_without_biases_are_one_line_for_the_first():
    model = gw.Sequential(
        gw.Linear(2, 3, bias=False, rng=0), gw.ReLU(), gw.Linear(3, 2, bias=False, rng=1)
    )
    lines = [e.text for e in gw.explain(model, gw.CrossEntropy()).lines]
    assert lines == [
        "H = max(X W₁, 0)",
        "Z = H W₂",
        "Y = onehot(y, 2)",
        "L = -Σ (Y ⊙ ln(softmax(Z))) / 4",
        "∂L/∂Z = (softmax(Z) - Y) / 4",
        "∂L/∂W₂ = Hᵀ ∂L/∂Z",
        "∂L/∂W₁ = Xᵀ ((∂L/∂Z W₂ᵀ) ⊙ [H > 0])",
    ]


def test_a_loss_that_was_computed_before_has_the_same_mathematics_and_no_page():
    net = NETWORKS["article's spirals"]
    before = gw.explain(net.model, net.loss(net.model(net.x), net.y), net.x, net.y)
    whole = gw.explain(net.model, net.loss, net.x, net.y)
    unknown = {"A₃": "Z"}  # without the prediction, nobody can tell that it is the last
    texts = [e.text for e in before.lines]
    for theirs, ours in unknown.items():
        texts = [text.replace(theirs, ours) for text in texts]
    assert texts == [e.text for e in whole.lines]
    assert not before.source and not any(e.code for e in before.lines)


def test_dropout_in_training_has_a_mask_of_what_is_drawn():
    model = stack(4, gw.ReLU(), gw.Dropout(0.25, rng=0), 1)
    derivation = gw.explain(model, gw.MSE(), X, NUMBERS)
    drawn = next(g.elements for g in derivation.given if g.name == "U")
    page, arrays = str(derivation), model.state_dict() | {"x": X, "y": NUMBERS}
    known = amounts(page, arrays | {"drawn from [0, 1)": drawn})
    assert "D = H ⊙ [U < 0.75] / 0.75" in page
    moved = arrays["0.biases"] + [1e-6, 0, 0, 0]
    above = amounts(page, arrays | {"0.biases": moved, "drawn from [0, 1)": drawn})["L"]
    slope = (above - known["L"]) / 1e-6
    assert known["∂L/∂b₁"][0] == pytest.approx(slope, rel=1e-4, abs=1e-6)


def test_nothing_is_changed_by_an_explanation():
    net = NETWORKS["batch norm, in training"]
    generator = np.random.default_rng(3)
    model = gw.Sequential(*net.model.children, gw.Dropout(0.5, rng=generator))
    model(net.x).sum().backward()
    state, grads = model.state_dict(), [p.grad.copy() for p in model.parameters()]
    drawn = generator.bit_generator.state
    gw.explain(model, net.loss, net.x, net.y)
    gw.explain(model, net.loss)
    assert all(np.array_equal(state[k], v) for k, v in model.state_dict().items())
    assert all(map(np.array_equal, grads, (p.grad for p in model.parameters())))
    assert generator.bit_generator.state == drawn and model.training
    model.children[-1].eval()
    modes = [part.training for _, part in model.named_modules()]
    gw.explain(model, net.loss)
    assert [part.training for _, part in model.named_modules()] == modes


@pytest.mark.parametrize(
    "loss",
    [gw.MSE(), gw.MAE(), gw.Huber(), gw.BinaryCrossEntropy(), gw.Hinge(), gw.CrossEntropy()],
    ids=lambda loss: type(loss).__name__,
)
def test_a_batch_is_made_for_a_loss_where_none_is_passed(loss):
    derivation = gw.explain(gw.Sequential(gw.Linear(3, 5), gw.Tanh(), gw.Linear(5, 2)), loss)
    assert next(g for g in derivation.given if g.name == "X").shape == (4, 3)
    assert derivation.lines[-1].name == "∂L/∂b₁"


def test_log_probabilities_get_labels_and_shares():
    model = gw.Sequential(gw.Linear(3, 2), gw.LogSoftmax())
    for loss in (gw.NLL(), gw.KLDivergence()):
        assert gw.explain(model, loss).lines[-1].shape == (2,)


class Tied(gw.Module):
    """One layer, used twice, and a gain of the user's own."""

    def __init__(self):
        self.layer = gw.Linear(2, 2, rng=0, dtype=float)
        self.gain = gw.Parameter(np.array([1.5, -0.5]))

    def forward(self, x):
        return self.layer(self.layer(x).tanh()) * self.gain


def test_the_gradient_of_what_is_used_twice_is_a_sum():
    net = Net(Tied(), gw.MSE(), X, RNG.standard_normal((ROWS, 2)))
    page = str(gw.explain(net.model, net.loss, net.x, net.y))
    known, names = amounts(page, arrays_of(net)), names_of(page)
    assert names == {"x": "X", "layer.weights": "W", "layer.biases": "b", "gain": "gain", "y": "Y"}
    for path, grad in gradients(net).items():
        assert known[f"∂L/∂{names[path]}"] == pytest.approx(grad, rel=1e-12)


def test_a_frozen_layer_is_given_and_has_no_gradient():
    model = stack(3, gw.ReLU(), 1)
    model[0].freeze()
    derivation = gw.explain(model, gw.MSE(), X, NUMBERS)
    assert [e.name for e in derivation.lines][-2:] == ["∂L/∂W₂", "∂L/∂b₂"]
    assert "W₁" in {g.name for g in derivation.given}


def test_a_penalty_is_part_of_the_loss():
    model = stack(3, gw.Tanh(), 1)

    def loss(yhat, y):
        return gw.MSE()(yhat, y) + gw.penalty(model.parameters(), l2=0.5)

    net = Net(model, loss, X, NUMBERS)
    page = str(gw.explain(*net))
    known, names = amounts(page, arrays_of(net)), names_of(page)
    for path, grad in gradients(net).items():
        assert known[f"∂L/∂{names[path]}"] == pytest.approx(grad, rel=1e-9)


def test_an_op_of_the_users_own_is_what_its_forward_and_its_rule_say():
    swish = gw.elementwise(
        "swish", lambda x: x / (1 + np.exp(-x)),
        (lambda y, x: y + (1 - y) / (1 + np.exp(-x)),), equation="y = x σ(x)",
    )  # fmt: skip

    class Net(gw.Module):
        def __init__(self):
            self.layer = gw.Linear(2, 1, bias=False, rng=0)

        def forward(self, x):
            return swish(self.layer(x))

    lines = [e.text for e in gw.explain(Net(), gw.MSE()).lines]
    assert lines[:2] == ["A = X W", "Z = A / (1 + exp(-A))"]


def test_an_op_that_looks_at_values_is_written_as_a_call():
    def forward(x):
        return np.full_like(x, float(x.max())) * 0 + np.asarray(x).copy()

    odd = gw.elementwise("odd", forward, (1,), equation="y = x")
    x = gw.Tensor(X, requires_grad=True)
    derivation = gw.explain(gw.Module(), (odd(x) * x).sum())
    assert derivation.lines[0].text.endswith("odd(C)")


def test_what_depends_on_values_is_refused_with_what_to_do():
    class Hasty(gw.Module):
        def __init__(self):
            self.layer = gw.Linear(2, 1)

        def forward(self, x):
            z = self.layer(x)
            return z if z.sum().item() > 0 else -z

    with pytest.raises(CompileError, match="the program must hold for every batch"):
        gw.explain(Hasty(), gw.MSE(), X, NUMBERS)
    loss = gw.MSE()(Hasty()(X), NUMBERS)
    assert gw.explain(Hasty(), loss).lines[-1].name.startswith("∂L/∂")


@pytest.mark.parametrize("loss", [gw.MSE("none"), lambda z, y: 3.0, lambda z, y: gw.Tensor(1.0)])
def test_a_loss_is_one_number_that_rests_on_a_parameter(loss):
    with pytest.raises(OptionError, match="one number that rests on a parameter"):
        gw.explain(stack(1), loss, X, NUMBERS)


def test_a_class_is_no_loss_and_no_network_yet():
    with pytest.raises(OptionError, match=r"MSE is a class, and no loss yet\.\n  Pass MSE\("):
        gw.explain(stack(1), gw.MSE)
    with pytest.raises(OptionError, match=r"Linear is a class, .*\.\n  Pass Linear\("):
        gw.explain(gw.Linear, gw.MSE(), X, NUMBERS)


def test_a_loss_whose_leaf_has_changed_is_refused():
    model = stack(1)
    loss = gw.MSE()(model(X), NUMBERS)
    model.children[0].weights.els = np.ones((2, 1))
    with pytest.raises(TapeError, match="given a new value since"):
        gw.explain(model, loss)


def test_long_chains_are_cut_into_short_equations():
    x = gw.Tensor(X, requires_grad=True)
    value = x
    for _ in range(1000):
        value = np.sin(value) * 0.5
    derivation = gw.explain(gw.Module(), value.sum())
    assert max(len(e.text) for e in derivation.lines) < 90
    assert len(derivation.lines) > 1000


def test_a_network_without_a_linear_needs_a_batch():
    class Scale(gw.Module):
        def __init__(self):
            self.factor = gw.Parameter(np.array([2.0, 3.0]))

        def forward(self, x):
            return x * self.factor

    with pytest.raises(OptionError, match=r"Scale has no Linear .*\n.* Pass a batch"):
        gw.explain(Scale(), gw.MSE())
    assert (
        gw.explain(Scale(), gw.MSE(), X, X).lines[-1].text == "∂L/∂factor = 2 · (1ᵀ (E ⊙ X)) / 12"
    )
