"""A training step written out: the page that `gw.compile` makes of it, beside its derivation.

Two layers learn XOR: a hidden one of three neurons with ReLU, softmax and cross-entropy at the end.
On the left is what one derives on paper, with n = 4 rows; on the right what the compiler wrote down
by running the step once, and what is run from then on. docs/compiler.md explains it.

Below are the losses of the loop as it stands and of two pages of it: the one above, and one that
keeps the order of all operations, and with it every bit.

$ python examples/08_written_out.py
X W₁                            np.dot(x, hidden_weights, hidden)
A = X W₁ + b₁                   np.add(hidden, hidden_biases, hidden)
H = max(A, 0)                   np.maximum(hidden, zero, out=relu)
H W₂                            np.dot(relu, output_weights, output)
Z = H W₂ + b₂                   np.add(output, output_biases, output)
y; those below 0 are huge now   y_view = y.view(np.uint64)
each y is 0 or 1                if not y_view[y_view.argmax()] < 2: raise without_class(y, 2)
m = the larger of Zᵢ₀ and Zᵢ₁   np.maximum(output_0, output_1, out=largest)
Z - m, of the same softmax      np.subtract(output, largest_column, shifted)
i, where row and class y meet   np.add(y, begins, places)
z = (Z - m)ᵢ                    shifted_view.take(places, 0, chosen, 'clip')
E = exp(Z - m), at most 1       np.exp(shifted, exponentials)
s = Σ E, along each row         np.dot(exponentials, ones, sums)
ln s                            np.log(sums_0, logarithms)
ln s - z, the loss of each row  np.subtract(logarithms, chosen, differences)
L = Σ (ln s - z) / n            loss = np.dot(differences, ones_4) / 4
softmax(Z) = E / s              np.divide(exponentials, sums, d_output)
Y, with a 1 for each class y    one_hot.take(y, 0, d_output_true, 'clip')
softmax(Z) - Y                  np.subtract(d_output, d_output_true, d_output)
∂L/∂Z = (softmax(Z) - Y) / n    np.multiply(scale, d_output, d_output)
∂L/∂b₂ = 1ᵀ ∂L/∂Z               np.dot(ones_4, d_output, d_output_biases)
∂L/∂H = ∂L/∂Z W₂ᵀ               np.dot(d_output, output_weights.T, d_relu)
∂L/∂W₂ = Hᵀ ∂L/∂Z               np.dot(relu.T, d_output, d_output_weights)
[A > 0], which is sign(H)       np.sign(relu, hidden_mask)
∂L/∂A = ∂L/∂H ⊙ [A > 0]         np.multiply(d_relu, hidden_mask, d_hidden)
∂L/∂b₁ = 1ᵀ ∂L/∂A               np.dot(ones_4, d_hidden, d_hidden_biases)
∂L/∂W₁ = Xᵀ ∂L/∂A               np.dot(x.T, d_hidden, d_hidden_weights)
-η ∂L/∂θ, θ = (W₁, b₁, W₂, b₂)  np.multiply(-learning_rate, gradients, change)
θ - η ∂L/∂θ                     np.add(parameters, change, parameters)
L                               return loss

loss at step    as it stands            page           exact
           1        0.975017        0.975017        0.975017
          10        0.615705        0.615705        0.615705
         100        0.026954        0.026954        0.026954
        1000        0.001228        0.001228        0.001228

alike to 11 digits: True
exact, to the last bit: True
"""

from __future__ import annotations

from textwrap import wrap

import numpy as np

import glasswork as gw

FORWARD = [
    "X W₁",
    "A = X W₁ + b₁",
    "H = max(A, 0)",
    "H W₂",
    "Z = H W₂ + b₂",
    "y; those below 0 are huge now",
    "each y is 0 or 1",
    "m = the larger of Zᵢ₀ and Zᵢ₁",
    "Z - m, of the same softmax",
    "i, where row and class y meet",
    "z = (Z - m)ᵢ",
    "E = exp(Z - m), at most 1",
    "s = Σ E, along each row",
    "ln s",
    "ln s - z, the loss of each row",
    "L = Σ (ln s - z) / n",
]
BACKWARD = [
    "softmax(Z) = E / s",
    "Y, with a 1 for each class y",
    "softmax(Z) - Y",
    "∂L/∂Z = (softmax(Z) - Y) / n",
    "∂L/∂b₂ = 1ᵀ ∂L/∂Z",
    "∂L/∂H = ∂L/∂Z W₂ᵀ",
    "∂L/∂W₂ = Hᵀ ∂L/∂Z",
    "[A > 0], which is sign(H)",
    "∂L/∂A = ∂L/∂H ⊙ [A > 0]",
    "∂L/∂b₁ = 1ᵀ ∂L/∂A",
    "∂L/∂W₁ = Xᵀ ∂L/∂A",
]
UPDATE = ["-η ∂L/∂θ, θ = (W₁, b₁, W₂, b₂)", "θ - η ∂L/∂θ", "L"]

x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float)
y = np.array([0, 1, 1, 0])


class Network(gw.Module):
    """Two layers, whose names the page takes over."""

    def __init__(self):
        rng = np.random.default_rng(6)
        self.hidden = gw.Linear(2, 3, rng=rng, dtype=float)
        self.output = gw.Linear(3, 2, rng=rng, dtype=float)

    def forward(self, x):
        """The scores of both classes."""
        return self.output(self.hidden(x).relu())


def training(way):
    """A step of a new network, run in the given way: as it is, or compiled."""
    network = Network()
    loss_function = gw.CrossEntropy()
    optimizer = gw.SGD(network.parameters(), learning_rate=0.5)

    @way
    def step(x, y):
        loss = loss_function(network(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss

    return step


def code_of(source: str) -> list[str]:
    """The lines of a page's function, without their comments."""
    body = source.partition("\ndef ")[2].splitlines()[1:]
    return [code for line in body if (code := line.partition("#")[0].strip())]


if __name__ == "__main__":
    ways = {"as it stands": lambda step: step, "page": gw.compile, "exact": gw.compile(exact=True)}
    steps = {name: training(way) for name, way in ways.items()}
    losses = {name: [step(x, y).item() for _ in range(1000)] for name, step in steps.items()}

    derivation = [*FORWARD, *BACKWARD, *UPDATE]
    for equation, code in zip(derivation, code_of(steps["page"].source), strict=True):
        first, *rest = wrap(code, 64, subsequent_indent="    ")
        print(f"{equation:32}{first}", *(f"{'':32}{more}" for more in rest), sep="\n")

    print(f"\nloss at step{''.join(f'{name:>16}' for name in losses)}")
    for i in (1, 10, 100, 1000):
        print(f"{i:12}{''.join(f'{line[i - 1]:16.6f}' for line in losses.values())}")
    truth, page, exact = losses.values()
    print("\nalike to 11 digits:", np.allclose(page, truth, rtol=1e-11, atol=0))
    print("exact, to the last bit:", exact == truth)
