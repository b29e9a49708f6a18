"""Penalties: what large weights add to a loss, against overfitting."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ...errors import OptionError
from ...tensor import Tensor

__all__ = ["penalty"]


def penalty(parameters: Iterable[Tensor], l1: float = 0.0, l2: float = 0.0) -> Tensor:
    """λ₁ ‖w‖₁ + ½ λ₂ ‖w‖₂², to be added to a loss.   (article: Overfitting and Regularization)

    w is every parameter that decays: biases do not (`Parameter(…, decay=False)`). With plain SGD
    the second term is the same as weight decay; with momentum's or Adam's rule it is not. (The
    article squares both norms; the first is not squared.)

    Parameters
    ----------
    parameters : iterable of Tensor
        Such as `model.parameters()`; a plain tensor decays.
    l1, l2 : float
        λ₁, which makes weights zero, and λ₂, which makes them small; from 0 up.

    Raises
    ------
    OptionError
        If l1 or l2 is negative.

    Examples
    --------
    >>> w, b = gw.Parameter([3.0, -4.0]), gw.Parameter([100.0], decay=False)
    >>> penalty([w, b], l1=1.0), penalty([w, b], l2=1.0)
    (Tensor(7., op=multiply), Tensor(12.5, op=multiply))
    """
    if min(l1, l2) < 0:
        raise OptionError(f"penalty: l1 is {l1}, l2 is {l2}.\n  Pass numbers from 0 up.")
    l1, l2 = float(l1), float(l2)
    terms = []
    for w in parameters:
        decays = getattr(w, "decay", True)
        if decays and l1:
            terms.append(l1 * np.abs(w).sum())
        if decays and l2:
            terms.append(l2 / 2 * np.square(w).sum())
    return sum(terms[1:], terms[0]) if terms else Tensor(0.0)
