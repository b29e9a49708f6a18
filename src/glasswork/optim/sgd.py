"""Stochastic gradient descent, the article's optimizer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..errors import OptionError
from . import rules
from .optimizer import Optimizer
from .schedules import LearningRate

__all__ = ["SGD"]


class SGD(Optimizer):
    """Gradient descent, with momentum if wanted: U ← αU − η ∇L(W), W ← W + U.

    (article: Stochastic Gradient Descent.) With batches it is called stochastic; with one batch of
    all samples it is the article's Gradient Descent, in the same code.

    Parameters
    ----------
    parameters : iterable of Parameter, or of dict
        What to move, or groups of it; see `Optimizer`.
    learning_rate : float or callable
        η, or a schedule.
    momentum : float
        α, from 0 up and below 1: at 1 no gradient would ever be forgotten.
    nesterov : bool
        Whether the gradient is taken where the momentum leads.
    l1, l2 : float
        λ of the penalties λ ‖W‖₁ and (λ/2) ‖W‖² on the loss, as a part of the rule. They spare
        parameters with `decay=False`, such as biases.

    Raises
    ------
    OptionError
        As for `Optimizer`, and if `nesterov` has no momentum to look ahead with.

    Notes
    -----
    The article's printed rule takes the gradient at U and moves W by the old U: it diverges even on
    (w − 3)². PyTorch keeps the velocity without η: U ← αU + ∇L(W), W ← W − ηU, which is the same
    as long as η is constant; when η falls, ours still carries out the steps that it has promised.

    Examples
    --------
    >>> from ..tensor import Tensor
    >>> w = Tensor(0.0, requires_grad=True)
    >>> optimizer = SGD([w], learning_rate=0.1, momentum=0.5)
    >>> for _ in range(50):
    ...     ((w - 3) ** 2).backward()
    ...     optimizer.step(zero_grad=True)
    >>> round(w.item(), 4)
    3.0
    """

    def __init__(
        self,
        parameters: Iterable[Any],
        learning_rate: LearningRate,
        momentum: float = 0.0,
        *,
        nesterov: bool = False,
        l1: float = 0.0,
        l2: float = 0.0,
    ) -> None:
        super().__init__(
            parameters, learning_rate, momentum=momentum, nesterov=nesterov, l1=l1, l2=l2
        )

    def rule(self, options: Mapping[str, Any]) -> rules.Rule:
        """Descent, the heavy ball, or Nesterov's."""
        if options["momentum"]:
            return rules.nesterov if options["nesterov"] else rules.heavy_ball
        if options["nesterov"]:
            raise OptionError(
                "SGD: nesterov is True and momentum is 0.0.\n"
                "  Pass a momentum above 0, such as 0.9: without it there is nowhere to look ahead."
            )
        return rules.descent
