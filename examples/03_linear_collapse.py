"""A stack of linear layers is one linear layer; an activation function makes it more.

    ((X W₁ + c₁) W₂ + c₂) W₃ + c₃  =  X W + c    W = W₁ W₂ W₃,  c = c₁ W₂ W₃ + c₂ W₃ + c₃

Two layers at a time are composed here until one is left, and its outputs compared with the stack's.
What the stack does add is a limit: no product has a higher rank than its narrowest factor.

$ python examples/03_linear_collapse.py
three layers  4 → 50 → 2 → 3   361 numbers
one layer     4 → 3             15 numbers
their outputs differ by less than 1e-10: True
rank of W: 2, for the 2 neurons in the middle

What one linear layer explains of the output, at best:
without ReLU   100.0%
with ReLU       37.7%
"""

from __future__ import annotations

from functools import reduce

import numpy as np

from glasswork import Linear, ReLU, Sequential

rng = np.random.default_rng(0)
x = rng.normal(size=(1000, 4))


def layer(inputs: int, outputs: int) -> Linear:
    """A linear layer in float64 with random biases, which would start at zero."""
    made = Linear(inputs, outputs, rng=rng, dtype=np.float64)
    made.biases.els = rng.normal(size=outputs)
    return made


def composed(first: Linear, second: Linear) -> Linear:
    """The one layer that does what `first` and then `second` do."""
    whole = Linear(first.input_neurons, second.output_neurons, dtype=np.float64)
    whole.weights.els = first.weights.els @ second.weights.els
    whole.biases.els = first.biases.els @ second.weights.els + second.biases.els
    return whole


def explained_by_one_layer(y: np.ndarray) -> float:
    """How much of the variance of y the best single linear layer reaches: R² of least squares."""
    ones = np.hstack([x, np.ones((len(x), 1))])
    solution, *_ = np.linalg.lstsq(ones, y)
    return 1 - np.square(y - ones @ solution).sum() / np.square(y - y.mean(axis=0)).sum()


if __name__ == "__main__":
    first, second, third = layer(4, 50), layer(50, 2), layer(2, 3)
    stack = Sequential(first, second, third)
    one = reduce(composed, stack)
    print(f"three layers  4 → 50 → 2 → 3   {sum(p.size for p in stack.parameters())} numbers")
    print(f"one layer     4 → 3             {sum(p.size for p in one.parameters())} numbers")
    difference = np.abs(stack(x).els - one(x).els).max()
    print(f"their outputs differ by less than 1e-10: {difference < 1e-10}")
    print(f"rank of W: {np.linalg.matrix_rank(one.weights.els)}, for the 2 neurons in the middle")

    bent = Sequential(first, ReLU(), second, ReLU(), third)
    print("\nWhat one linear layer explains of the output, at best:")
    print(f"without ReLU   {explained_by_one_layer(stack(x).els):6.1%}")
    print(f"with ReLU      {explained_by_one_layer(bent(x).els):6.1%}")
