"""Batch normalization: each feature with mean 0 and variance 1 over the batch."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from ..errors import ShapeError
from ..limits import COUNT, FROM_ZERO, UP_TO_ONE, checked
from ..ops.checks import no_tensor
from .module import Module
from .parameter import Buffer, Parameter, float_dtype

__all__ = ["BatchNorm"]


class BatchNorm(Module):
    """y = γ (x - mean) / √(variance + ε) + β, feature by feature (Ioffe and Szegedy, 2015).

    In training, mean and variance are those of the batch (Σ (x - mean)² / n), and the running ones
    move towards them, the variance then taken as Σ (x - mean)² / (n - 1). In eval mode the running
    ones take their place, so that a prediction does not rest on its neighbours.

    Parameters
    ----------
    features : int
        Per row.
    momentum : float
        How far the running values move towards those of a batch, from 0 to 1 (as in PyTorch).
    epsilon : float
        Added to the variance.
    dtype : dtype
        Of all its values. The input is taken in it.

    Attributes
    ----------
    scale, shift : Parameter
        γ and β, from 1 and 0. Weight decay spares both.
    running_mean, running_variance : Buffer
        From 0 and 1; saved, not learned.

    Shapes
    ------
    x, y : (batch, features)   the others : (features,)

    Raises
    ------
    OptionError
        If features, momentum or epsilon is none.
    DtypeError
        If dtype is none of floats.
    ShapeError
        If x is not (batch, features), or if training gives it a batch of one.

    Examples
    --------
    >>> layer = BatchNorm(1)
    >>> layer(np.array([[1.0], [3.0]])).els
    array([[-0.999995],
           [ 0.999995]], dtype=float32)
    >>> layer.running_mean, layer.running_variance
    (Buffer([0.2]), Buffer([1.1]))
    """

    def __init__(
        self,
        features: int,
        momentum: float = 0.1,
        epsilon: float = 1e-5,
        dtype: DTypeLike = np.float32,
    ) -> None:
        self.features = checked("BatchNorm", "features", features, COUNT)
        self.momentum = checked("BatchNorm", "momentum", momentum, UP_TO_ONE)
        self.epsilon = checked("BatchNorm", "epsilon", epsilon, FROM_ZERO)
        dtype = float_dtype("BatchNorm", dtype)
        self.scale = Parameter(np.ones(features, dtype), decay=False)
        self.shift = Parameter(np.zeros(features, dtype), decay=False)
        self.running_mean = Buffer(np.zeros(features, dtype))
        self.running_variance = Buffer(np.ones(features, dtype))

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of the scale, and of what comes out."""
        return self.scale.dtype

    def forward(self, x: Any) -> Any:
        if not hasattr(x, "dtype"):
            raise no_tensor(x, "the input")
        self._check(x.shape)
        if x.dtype != self.dtype:
            x = x.astype(self.dtype)
        if self.training:
            mean = x.mean(axis=0)
            centered = x - mean
            variance = centered.square().mean(axis=0)
            self._remember(mean.els, variance.els, x.shape[0])
        else:
            centered = x - self.running_mean
            variance = self.running_variance
        return centered / (variance + self.epsilon).sqrt() * self.scale + self.shift

    def _remember(self, mean: np.ndarray, variance: np.ndarray, n: int) -> None:
        old, new = 1 - self.momentum, self.momentum
        self.running_mean.els = old * self.running_mean.els + new * mean
        unbiased = variance * (n / (n - 1))
        self.running_variance.els = old * self.running_variance.els + new * unbiased

    def _check(self, shape: tuple[int, ...]) -> None:
        if shape[1:] != (self.features,):
            raise ShapeError(
                f"the input is {shape}, not (batch, {self.features}).\n"
                "  Pass rows of that many features; put other axes into the batch first, with\n"
                f"  x.reshape(-1, {self.features})."
            )
        if self.training and shape[0] < 2:
            raise ShapeError(
                f"the input is {shape}: in training, a batch of {shape[0]} has no variance.\n"
                "  Use larger batches, drop the last one if it is odd, or call eval() to predict."
            )
