"""Equations and the lines of the compiled page that compute them."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

import glasswork as gw

LABELS = np.array([0, 1, 1, 0])
X = np.random.default_rng(0).standard_normal((4, 2))


class Network(gw.Module):
    def __init__(self):
        self.hidden = gw.Linear(2, 3, rng=0, dtype=float)
        self.output = gw.Linear(3, 2, rng=1, dtype=float)

    def forward(self, x):
        return self.output(self.hidden(x).relu())


@pytest.fixture(scope="module")
def derivation():
    return gw.explain(Network(), gw.CrossEntropy(), X, LABELS)


def test_each_number_is_that_of_the_line_with_these_words(derivation):
    page = derivation.source.splitlines()
    for equation in derivation.lines:
        for number, text in equation.code:
            assert page[number - 1].strip().startswith(text)


def test_no_line_belongs_to_two_equations_and_backward_none_is_left_over(derivation):
    numbers = Counter(number for e in derivation.lines for number, _ in e.code)
    assert set(numbers.values()) == {1}
    page = derivation.source.splitlines()
    begin = next(i for i, line in enumerate(page, 1) if line.strip().startswith("# backward"))
    backward = [i for i, line in enumerate(page, 1) if i > begin and line.startswith("    np.")]
    assert backward and set(backward) <= set(numbers)


def test_what_the_lines_do_is_what_the_equation_says(derivation):
    code = {e.name: [text for _, text in e.code] for e in derivation.lines}
    assert code["A"] == [
        "np.dot(x, hidden_weights, hidden)",
        "np.add(hidden, hidden_biases, hidden)",
    ]
    assert code["H"] == ["np.maximum(hidden, 0, out=relu)"]
    assert code["∂L/∂A"] == [
        "np.dot(d_output, output_weights.T, d_relu)",
        "np.sign(relu, hidden_mask)",
        "np.multiply(d_relu, hidden_mask, d_hidden)",
    ]
    assert code["∂L/∂W₁"] == ["np.dot(x.T, d_hidden, d_hidden_weights)"]
    assert code["∂L/∂b₂"] == ["np.dot(ones_4, d_output, d_output_biases)"]
    assert code["L"][-1] == "loss = np.dot(differences, ones_4) / 4"


def test_equations_stand_beside_their_lines(derivation):
    lines = derivation.beside().splitlines()
    (row,) = (line for line in lines if line.startswith("∂L/∂W₁"))
    assert row.split("  ")[0] == "∂L/∂W₁ = Xᵀ ∂L/∂A"
    assert row.endswith("np.dot(x.T, d_hidden, d_hidden_weights)")
    assert [line for line in lines if line.startswith("Y")] == ["Y = onehot(y, 2)"]


def test_on_the_page_of_a_training_step_the_lines_are_found_again(derivation):
    network, loss_of = Network(), gw.CrossEntropy()
    optimizer = gw.SGD(network.parameters(), learning_rate=0.1)

    @gw.compile
    def step(x, y):
        loss = loss_of(network(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss

    step(X, LABELS)
    found = derivation.on(step.source)
    page = step.source.splitlines()
    names = {page[i - 1].split("(")[0].strip(): e.name for i, e in found.items()}
    assert {e.name for e in found.values()} == {e.name for e in derivation.lines if e.code}
    assert names["np.sign"] == "∂L/∂A" and names["np.log"] == "L"
    assert not any("learning_rate" in page[i - 1] for i in found)
