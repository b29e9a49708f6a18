"""Learning rules: how far each parameter goes, as pure functions of arrays.

    step, *memory = rule(w, g, *memory, learning_rate=η, …)        W ← W + step

`w` is the parameter, `g` the gradient ∇L(W), and the memory what the rule keeps from one step to
the next, zeros before the first, all of one shape. The signature of a rule says the rest: the
positional arguments after `g` are its memory, the keyword-only ones its hyperparameters, handed
over anew at each call; `step_number` counts from 1.

A rule uses operators and ufuncs only: it neither looks at values nor writes into what it is given,
so that it also runs on whatever answers NumPy's calls. With what it has made itself it goes on in
place (`velocity -= …`): an array less to wait for. It gives the step rather than the new W because
the caller can then add it where W stands, with no copy of W made on the way. (Square roots of
numbers are powers: `np.sqrt` would make them float64 scalars, and float32 arrays float64 with
them.)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = [
    "ELEMENTWISE", "Rule", "adagrad", "adam", "adam_hat", "descent", "heavy_ball", "nesterov",
    "rmsprop", "with_l1", "with_l2", "with_weight_decay",
]  # fmt: skip

Rule = Callable[..., tuple[Any, ...]]


def descent(w: Any, g: Any, *, learning_rate: float) -> tuple[Any]:
    """Against the gradient: W ← W − η ∇L(W).   (article: Gradient Descent)

    Examples
    --------
    >>> descent(np.array([1.0, 2.0]), np.array([10.0, -10.0]), learning_rate=0.5)
    (array([-5.,  5.]),)
    """
    return (-learning_rate * g,)


def heavy_ball(
    w: Any, g: Any, velocity: Any, *, learning_rate: float, momentum: float
) -> tuple[Any, Any]:
    """With momentum: U ← αU − η ∇L(W), W ← W + U, and U₀ = 0.   (article: SGD)

    The article takes the gradient at U and adds the old U to W, and so runs away from the minimum:
    the gradient belongs at W, and W moves by the new U (Polyak, 1964).

    Examples
    --------
    >>> heavy_ball(0.0, 1.0, -0.5, learning_rate=0.1, momentum=0.9)
    (-0.55, -0.55)
    """
    velocity = momentum * velocity
    velocity -= learning_rate * g
    return velocity, velocity


def nesterov(
    w: Any, g: Any, velocity: Any, *, learning_rate: float, momentum: float
) -> tuple[Any, Any]:
    """With a look ahead: U ← αU − η ∇L(W), W ← W + αU − η ∇L(W).

    W is the point that the momentum is about to reach, where Nesterov's method takes the gradient
    (Sutskever et al., 2013, eq. 3 and 4; rewritten for that point by Bengio et al., 2013, 3.5).

    Examples
    --------
    >>> nesterov(0.0, 1.0, -0.5, learning_rate=0.1, momentum=0.5)
    (-0.275, -0.35)
    """
    descended = learning_rate * g
    velocity = momentum * velocity
    velocity -= descended
    return momentum * velocity - descended, velocity


def adam(
    w: Any, g: Any, mean: Any, mean_square: Any, *,
    learning_rate: float, step_number: int, beta1: float, beta2: float, epsilon: float,
) -> tuple[Any, Any, Any]:  # fmt: skip
    """Steps of one size for all: M ← β₁M + (1−β₁)g, V ← β₂V + (1−β₂)g², W ← W − η M̂ / (√V̂ + ε).

    M̂ = M / (1−β₁ᵗ) and V̂ = V / (1−β₂ᵗ) make up for M and V having started at zero. Both divisions
    are of numbers here, as at the end of section 2 (Kingma and Ba, 2015, algorithm 1).

    Examples
    --------
    >>> step, *_ = adam(0.0, 7.0, 0.0, 0.0, learning_rate=0.1, step_number=1,
    ...                 beta1=0.9, beta2=0.999, epsilon=1e-8)
    >>> round(step, 6)
    np.float64(-0.1)
    """
    mean = _averaged(mean, g, beta1)
    mean_square = _averaged(mean_square, g * g, beta2)
    root = (1 - beta2**step_number) ** 0.5
    rate = learning_rate * root / (1 - beta1**step_number)
    return -rate * (mean / (np.sqrt(mean_square) + epsilon * root)), mean, mean_square


def adam_hat(
    w: Any, g: Any, mean: Any, mean_square: Any, *,
    learning_rate: float, step_number: int, beta1: float, beta2: float, epsilon: float,
) -> tuple[Any, Any, Any]:  # fmt: skip
    """Adam with ε̂, which V̂'s correction does not pass: W ← W − η √(1−β₂ᵗ) / (1−β₁ᵗ) M / (√V + ε̂).

    The form at the end of section 2 (Kingma and Ba, 2015), which scikit-learn has. It differs from
    `adam` where gradients are as small as ε̂.

    Examples
    --------
    >>> step, *_ = adam_hat(0.0, 7.0, 0.0, 0.0, learning_rate=0.1, step_number=1,
    ...                     beta1=0.9, beta2=0.999, epsilon=1e-8)
    >>> round(step, 6)
    np.float64(-0.1)
    """
    mean = _averaged(mean, g, beta1)
    mean_square = _averaged(mean_square, g * g, beta2)
    rate = learning_rate * (1 - beta2**step_number) ** 0.5 / (1 - beta1**step_number)
    return -rate * (mean / (np.sqrt(mean_square) + epsilon)), mean, mean_square


def _averaged(mean: Any, value: Any, smoothing: float) -> Any:
    """A mean that forgets: ρM + (1−ρ)x."""
    mean = smoothing * mean
    mean += (1 - smoothing) * value
    return mean


def rmsprop(
    w: Any, g: Any, mean_square: Any, *, learning_rate: float, smoothing: float, epsilon: float
) -> tuple[Any, Any]:
    """By the recent size of the gradient: V ← ρV + (1−ρ)g², W ← W − η g / (√V + ε).

    Tieleman and Hinton (2012), lecture 6.5.

    Examples
    --------
    >>> rmsprop(0.0, 2.0, 0.0, learning_rate=0.1, smoothing=0.75, epsilon=0.0)
    (np.float64(-0.2), 1.0)
    """
    mean_square = _averaged(mean_square, g * g, smoothing)
    return -learning_rate * (g / (np.sqrt(mean_square) + epsilon)), mean_square


def adagrad(
    w: Any, g: Any, square_sum: Any, *, learning_rate: float, epsilon: float
) -> tuple[Any, Any]:
    """By all gradients so far: S ← S + g², W ← W − η g / (√S + ε).

    Duchi, Hazan and Singer (2011), figure 1 with the diagonal of G.

    Examples
    --------
    >>> adagrad(0.0, 4.0, 9.0, learning_rate=0.5, epsilon=0.0)
    (np.float64(-0.4), 25.0)
    """
    square_sum = square_sum + g * g
    return -learning_rate * (g / (np.sqrt(square_sum) + epsilon)), square_sum


# These take each element by itself, so a large array may be handed to them in parts.
ELEMENTWISE: tuple[Rule, ...] = (descent, heavy_ball, nesterov, adam, adam_hat, rmsprop, adagrad)


def with_l2(rule: Rule, w: Any, g: Any, *memory: Any, l2: float, **options: Any) -> tuple[Any, ...]:
    """`rule` with the gradient of the penalty (λ/2) ‖W‖²: g + λW.   (article: Regularization)

    Examples
    --------
    >>> with_l2(descent, 10.0, 1.0, l2=0.1, learning_rate=0.5)
    (-1.0,)
    """
    return rule(w, g + l2 * w, *memory, **options)


def with_l1(rule: Rule, w: Any, g: Any, *memory: Any, l1: float, **options: Any) -> tuple[Any, ...]:
    """`rule` with the gradient of the penalty λ ‖W‖₁: g + λ sign(W), nothing where W is 0.

    The article writes (λ/2) ‖W‖₁², whose gradient would grow with the number of weights.

    Examples
    --------
    >>> with_l1(descent, np.array([10.0, 0.0, -10.0]), 1.0, l1=0.5, learning_rate=1.0)
    (array([-1.5, -1. , -0.5]),)
    """
    return rule(w, g + l1 * np.sign(w), *memory, **options)


def with_weight_decay(
    rule: Rule, w: Any, g: Any, *memory: Any,
    weight_decay: float, learning_rate: float, **options: Any,
) -> tuple[Any, ...]:  # fmt: skip
    """`rule`, and W shrunk beside it: W ← W(1 − ηλ) + step.

    The decay takes no part in the rule's memory (Loshchilov and Hutter, 2019, algorithm 2). With
    `descent` it is the same as L2, and only with `descent`.

    Examples
    --------
    >>> with_weight_decay(descent, 10.0, 1.0, weight_decay=0.1, learning_rate=0.5)
    (-1.0,)
    """
    step, *memory_after = rule(w, g, *memory, learning_rate=learning_rate, **options)
    return step - (learning_rate * weight_decay) * w, *memory_after
