"""The worked example of the article: L(x₁, x₂) = x₁ x₂ + sin(x₁), and the tape that it leaves.

Forwards, every value takes the next γ. Backwards, from γ₅ to γ₁, the rule of each operation passes
its gradient on to what it was made of; γ₁ was used twice, and receives two parts.

$ python examples/02_tape.py
Forwards:
γ   made of  equation   shape  value
γ₁  leaf                ()     2
γ₂  leaf                ()     3
γ₃  γ₁ · γ₂  y = a b    ()     6
γ₄  sin(γ₁)  y = sin x  ()     0.9093
γ₅  γ₃ + γ₄  y = a + b  ()     6.909

And backwards:
γ   made of  equation   shape  value   ∂γ₅/∂γ
γ₁  leaf                ()     2       2.584
γ₂  leaf                ()     3       2
γ₃  γ₁ · γ₂  y = a b    ()     6       1
γ₄  sin(γ₁)  y = sin x  ()     0.9093  1
γ₅  γ₃ + γ₄  y = a + b  ()     6.909   1

∂L/∂x₁ by the tape 2.583853163453, by hand x₂ + cos x₁ = 2.583853163453
∂L/∂x₂ by the tape 2.000000000000, by hand          x₁ = 2.000000000000
"""

from __future__ import annotations

import math

import numpy as np

from glasswork import Tensor

x1 = Tensor(2.0, requires_grad=True, dtype=float)
x2 = Tensor(3.0, requires_grad=True, dtype=float)

if __name__ == "__main__":
    loss = x1 * x2 + np.sin(x1)
    print("Forwards:")
    print(loss.tape)

    loss.backward()
    print("\nAnd backwards:")
    print(loss.tape)

    print(f"\n∂L/∂x₁ by the tape {x1.grad:.12f}, by hand x₂ + cos x₁ = {3 + math.cos(2):.12f}")
    print(f"∂L/∂x₂ by the tape {x2.grad:.12f}, by hand          x₁ = {2:.12f}")
