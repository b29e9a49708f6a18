"""Optimizers that choose a step size for each element by the gradients that it had."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from . import rules
from .optimizer import Optimizer
from .schedules import LearningRate

__all__ = ["Adagrad", "Adam", "AdamW", "RMSprop"]


class Adam(Optimizer):
    """Mean gradients over root mean squares: W ← W − η M̂ / (√V̂ + ε).   (Kingma and Ba, 2015)

    Parameters
    ----------
    parameters : iterable of Parameter, or of dict
        What to move, or groups of it; see `Optimizer`.
    learning_rate : float or callable
        η, or a schedule.
    beta1, beta2 : float
        How much of M and V is kept at each step, from 0 up and below 1.
    epsilon : float
        ε, which keeps steps finite where gradients vanish.
    l1, l2 : float
        λ of the penalties λ ‖W‖₁ and (λ/2) ‖W‖² on the loss, added to the gradient; biases are
        spared. This is no weight decay: V divides it too. See `AdamW`.

    Notes
    -----
    Parameters of float16 do not go with it, as in PyTorch: there ε = 1e-8 is 0, so that a gradient
    of 0 gives 0 / 0, and the square of one of 256 overflows. Keep them in float32.

    Examples
    --------
    >>> from ..tensor import Tensor
    >>> w = Tensor([5.0, -0.5], requires_grad=True)
    >>> (w * w).sum().backward()
    >>> Adam([w], learning_rate=0.25).step()
    >>> w.els
    array([ 4.75, -0.25], dtype=float32)
    """

    def __init__(
        self,
        parameters: Iterable[Any],
        learning_rate: LearningRate = 0.001,
        *,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
        l1: float = 0.0,
        l2: float = 0.0,
    ) -> None:
        super().__init__(
            parameters, learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, l1=l1, l2=l2
        )

    def rule(self, options: Mapping[str, Any]) -> rules.Rule:
        """Adam's."""
        return rules.adam


class AdamW(Optimizer):
    """Adam with weight decay beside it: W ← W(1 − ηλ) − η M̂ / (√V̂ + ε).

    (Loshchilov and Hutter, 2019.) The decay does not pass through M and V, so that every weight
    shrinks at the same pace.

    Parameters
    ----------
    parameters, learning_rate, beta1, beta2, epsilon
        As for `Adam`.
    weight_decay : float
        λ. It is multiplied by η, as in PyTorch; the paper multiplies it by the schedule alone.
        Parameters with `decay=False`, such as biases, are spared.

    Examples
    --------
    >>> from ..tensor import Tensor
    >>> w = Tensor([5.0], requires_grad=True)
    >>> AdamW([w], learning_rate=0.1, weight_decay=0.5).step()  # there is no gradient
    >>> w.els
    array([4.75], dtype=float32)
    """

    def __init__(
        self,
        parameters: Iterable[Any],
        learning_rate: LearningRate = 0.001,
        *,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
        weight_decay: float = 0.01,
    ) -> None:
        super().__init__(
            parameters,
            learning_rate,
            beta1=beta1,
            beta2=beta2,
            epsilon=epsilon,
            weight_decay=weight_decay,
        )

    def rule(self, options: Mapping[str, Any]) -> rules.Rule:
        """Adam's; the decay is added to it for parameters that decay."""
        return rules.adam


class RMSprop(Optimizer):
    """The gradient over its recent root mean square: W ← W − η g / (√V + ε).

    (Tieleman and Hinton, 2012, lecture 6.5.)

    Parameters
    ----------
    parameters, learning_rate, epsilon, l1, l2
        As for `Adam`.
    smoothing : float
        ρ, how much of V is kept at each step, from 0 up and below 1.

    Examples
    --------
    >>> from ..tensor import Tensor
    >>> w = Tensor([5.0], requires_grad=True)
    >>> (w * w).sum().backward()
    >>> RMSprop([w], learning_rate=0.1, smoothing=0.75).step()
    >>> w.els
    array([4.8], dtype=float32)
    """

    def __init__(
        self,
        parameters: Iterable[Any],
        learning_rate: LearningRate = 0.01,
        *,
        smoothing: float = 0.99,
        epsilon: float = 1e-8,
        l1: float = 0.0,
        l2: float = 0.0,
    ) -> None:
        super().__init__(
            parameters, learning_rate, smoothing=smoothing, epsilon=epsilon, l1=l1, l2=l2
        )

    def rule(self, options: Mapping[str, Any]) -> rules.Rule:
        """RMSprop's."""
        return rules.rmsprop


class Adagrad(Optimizer):
    """The gradient over the root of all its squares: W ← W − η g / (√S + ε).

    (Duchi, Hazan and Singer, 2011.) What had few or small gradients takes large steps, and all
    steps grow smaller.

    Parameters
    ----------
    parameters, learning_rate, epsilon, l1, l2
        As for `Adam`.

    Examples
    --------
    >>> from ..tensor import Tensor
    >>> w = Tensor([5.0, -0.5], requires_grad=True)
    >>> (w * w).sum().backward()
    >>> Adagrad([w], learning_rate=0.25).step()
    >>> w.els
    array([ 4.75, -0.25], dtype=float32)
    """

    def __init__(
        self,
        parameters: Iterable[Any],
        learning_rate: LearningRate = 0.01,
        *,
        epsilon: float = 1e-10,
        l1: float = 0.0,
        l2: float = 0.0,
    ) -> None:
        super().__init__(parameters, learning_rate, epsilon=epsilon, l1=l1, l2=l2)

    def rule(self, options: Mapping[str, Any]) -> rules.Rule:
        """Adagrad's."""
        return rules.adagrad
