"""Dropout: noise in training that keeps neurons from relying on each other."""

from __future__ import annotations

from typing import Any

from .. import functional as F
from ..limits import UP_TO_ONE, checked
from ..ops.checks import no_tensor
from ..randomness import RandomSource, generator
from .module import Module

__all__ = ["Dropout"]


class Dropout(Module):
    """y = x m / (1 - p), m = 0 with probability p and else 1; in eval mode y = x.

    Inverted dropout (Srivastava et al., 2014, section 10): what is kept grows in training, so that
    the mean stays and predictions need no factor.

    Parameters
    ----------
    probability : float
        Of each element to be dropped, from 0 to 1.
    rng : None, int or Generator
        Where the draws come from; a number seeds a generator of the layer's own.

    Raises
    ------
    OptionError
        If probability is none.

    Examples
    --------
    >>> layer = Dropout(0.5, rng=0)
    >>> layer(np.ones(8)).els
    array([0., 2., 2., 2., 0., 0., 0., 0.])
    >>> layer.eval()(np.ones(8)).els
    array([1., 1., 1., 1., 1., 1., 1., 1.])
    """

    def __init__(self, probability: float = 0.5, rng: RandomSource = None) -> None:
        self.probability = checked("Dropout", "probability", probability, UP_TO_ONE)
        self._rng = None if rng is None else generator(rng)

    def forward(self, x: Any) -> Any:
        if not self.training or self.probability == 0:
            return x
        if not hasattr(x, "dtype"):
            raise no_tensor(x, "the input")
        kept = 1 - self.probability
        mask = (F.uniform_like(x, self._rng) < kept).astype(x.dtype)
        return x * (mask / (kept or 1))
