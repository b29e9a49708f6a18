"""Scaling: features of unlike size brought to one."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .rows import as_rows

__all__ = ["Scaling"]

Array = NDArray[Any]


class Scaling(NamedTuple):
    """Each feature shifted to mean 0 and divided to deviation 1: z = (x − mean) / deviation.

    The two are measured on the training part and used on every other, so that nothing of the test
    part is learnt. A feature that never changes has deviation 1 here, and becomes 0.

    Parameters
    ----------
    mean, deviation : array
        One number per feature, in float64.

    Shapes
    ------
    x, z : (samples, features)   mean, deviation : (features,)

    Examples
    --------
    >>> x_train, x_test = np.array([[1.0, 200.0], [3.0, 600.0]]), np.array([[2.0, 800.0]])
    >>> scaling = Scaling.of(x_train)
    >>> scaling(x_train)
    array([[-1., -1.],
           [ 1.,  1.]])
    >>> scaling(x_test)
    array([[0., 2.]])
    >>> scaling.inverse(scaling(x_test))
    array([[  2., 800.]])
    """

    mean: Array
    deviation: Array

    @classmethod
    def of(cls, x: Array) -> Scaling:
        """The scaling that brings the features of x to mean 0 and deviation 1.

        Raises
        ------
        DataError
            If x has no samples.
        """
        (x,) = as_rows("Scaling", [x])
        mean = x.mean(axis=0, dtype=np.float64)
        deviation = x.std(axis=0, dtype=np.float64)
        return cls(mean, np.where(np.ptp(x, axis=0) > 0, deviation, 1.0))

    def __call__(self, x: Array) -> Array:
        """The values z, in the dtype of x (float32 when x holds whole numbers)."""
        return ((x - self.mean) / self.deviation).astype(_floating(x))

    def inverse(self, z: Array) -> Array:
        """The values x that became z, in the dtype of z."""
        return (z * self.deviation + self.mean).astype(_floating(z))


def _floating(values: Array) -> np.dtype[Any]:
    kept = np.issubdtype(values.dtype, np.floating)
    return values.dtype if kept else np.dtype(np.float32)
