from __future__ import annotations

import numpy as np

import glasswork as gw

X = np.random.default_rng(0).standard_normal((4, 2))


def given(model: gw.Module, loss=None) -> dict[str, str]:
    derivation = gw.explain(model, loss or gw.MSE())
    return {g.name: g.origin for g in derivation.given}


def test_parameters_have_the_number_of_their_layer():
    model = gw.Sequential(gw.Linear(2, 3, bias=False), gw.BatchNorm(3), gw.ReLU(), gw.Linear(3, 1))
    assert given(model) == {
        "X": "x", "W₁": "0.weights", "γ": "1.scale", "β": "1.shift", "W₂": "3.weights",
        "b₂": "3.biases", "Y": "y",
    }  # fmt: skip
    lines = [e.text.partition(" = ")[0] for e in gw.explain(model, gw.MSE()).lines]
    assert lines[:8] == ["A", "E₁", "T", "Q", "N", "H", "Z", "E₂"]


def test_one_layer_needs_no_number():
    assert list(given(gw.Linear(2, 1))) == ["X", "W", "b", "Y"]


def test_running_means_are_given_in_eval_mode():
    model = gw.Sequential(gw.Linear(2, 3), gw.BatchNorm(3), gw.Linear(3, 1)).eval()
    names = given(model)
    assert names["m"] == "1.running_mean" and names["v"] == "1.running_variance"


class Own(gw.Module):
    """Parameters that the user has named."""

    def __init__(self):
        self.w1 = gw.Parameter(np.ones((2, 3)))
        self.w2 = gw.Parameter(np.ones((3, 1)))
        self.L = gw.Parameter(np.ones(1))
        self.long_name = gw.Parameter(np.ones(1))

    def forward(self, x):
        return (x @ self.w1).tanh() @ self.w2 * self.long_name + self.L


def test_names_of_the_users_own_are_kept_apart():
    derivation = gw.explain(Own(), gw.MSE(), X, X[:, :1])
    names = [g.name for g in derivation.given] + [e.name for e in derivation.lines]
    assert len(set(names)) == len(names)
    assert names[:5] == ["X", "w₁", "w₂", "long_name", "L₁"]
    assert "∂L₂/∂w₁" not in names and "L₂" in names
    latex = next(g.latex for g in derivation.given if g.name == "long_name")
    assert latex == r"\mathrm{long\_name}"


def test_targets_of_one_axis_are_small_letters_and_their_classes_capitals():
    derivation = gw.explain(gw.Linear(2, 3), gw.CrossEntropy())
    assert [g.name for g in derivation.given][-1] == "y"
    assert [e.text for e in derivation.lines if e.name == "Y"] == ["Y = onehot(y, 3)"]


def test_arrays_around_the_loss_are_called_as_in_the_code():
    weights = np.array([[1.0], [2.0], [0.5], [1.0]], np.float32)

    def loss(yhat, y):
        return ((yhat - y) * weights).square().mean()

    assert given(gw.Linear(2, 1), loss)["weights"] == "weights"
