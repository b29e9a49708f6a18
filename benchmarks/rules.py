"""Learning rules in plain NumPy, in place, for the contenders that bring none of their own."""

from __future__ import annotations

import numpy as np

from benchmarks.network import Array, Rule


class Momentum:
    """v ← μ v + η g, then w ← w − v. Overwrites the gradients, unless η is 1."""

    def __init__(self, parameters: list[Array], rule: Rule) -> None:
        self.rule = rule
        self.state = [(w, np.zeros_like(w)) for w in parameters]

    def update(self, gradients: list[Array]) -> None:
        rule = self.rule
        for (w, v), g in zip(self.state, gradients, strict=True):
            if rule.learning_rate != 1:
                np.multiply(g, rule.learning_rate, g)
            np.multiply(v, rule.momentum, v)
            np.add(v, g, v)
            np.subtract(w, v, w)


class Adam:
    """Adam (Kingma and Ba, 2015) with the constants 1 − β taken out of the moments.

    With m ← β₁ m + g and v ← β₂ v + g², the change is s m / (√v + ε / c), where
    c = √((1 − β₂) / (1 − β₂ᵗ)) and s = η (1 − β₁) / ((1 − β₁ᵗ) c). Overwrites the gradients.
    """

    def __init__(self, parameters: list[Array], rule: Rule) -> None:
        self.rule, self.time = rule, 0
        self.state = [(w, np.zeros_like(w), np.zeros_like(w), np.empty_like(w)) for w in parameters]

    def update(self, gradients: list[Array]) -> None:
        rule = self.rule
        self.time += 1
        c = ((1 - rule.beta2) / (1 - rule.beta2**self.time)) ** 0.5
        s = rule.learning_rate * (1 - rule.beta1) / ((1 - rule.beta1**self.time) * c)
        for (w, m, v, change), g in zip(self.state, gradients, strict=True):
            np.multiply(m, rule.beta1, m)
            np.add(m, g, m)
            np.multiply(g, g, g)
            np.multiply(v, rule.beta2, v)
            np.add(v, g, v)
            np.sqrt(v, change)
            np.add(change, rule.epsilon / c, change)
            np.divide(m, change, change)
            np.multiply(change, s, change)
            np.subtract(w, change, w)


def learner(parameters: list[Array], rule: Rule) -> Momentum | Adam:
    """The rule that `rule` names, over these parameters."""
    return {"sgd": Momentum, "adam": Adam}[rule.name](parameters, rule)
