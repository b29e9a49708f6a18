"""Central differences: what knows nothing of rules, and so has the last word about them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

STEP = 1e-6

# The quotient is off by about STEP² f''' and 1e-16 / STEP: 1e-10 for the numbers that are drawn.
TOLERANCE = {"rtol": 1e-6, "atol": 1e-7}


def difference(f: Callable[..., Any], inputs: Sequence[Any], position: int) -> np.ndarray:
    """∂f/∂x of f(*inputs), x being inputs[position], in the shape of f followed by that of x.

        ∂f/∂xᵢ ≈ (f(x + h eᵢ) - f(x - h eᵢ)) / 2h

    The inputs are arrays of float64; h is STEP.
    """
    x = inputs[position]
    columns = []
    for place in np.ndindex(x.shape):
        sides = []
        for step in (STEP, -STEP):
            moved = x.copy()
            moved[place] += step
            sides.append(np.asarray(f(*inputs[:position], moved, *inputs[position + 1 :])))
        columns.append((sides[0] - sides[1]) / (2 * STEP))
    shape = np.shape(f(*inputs))
    if not columns:
        return np.zeros((*shape, *x.shape))
    return np.stack(columns, axis=-1).reshape((*shape, *x.shape))


def weighted(jacobian: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Σ weights · f, differentiated: the Jacobian with its first axes summed away."""
    return np.tensordot(weights, jacobian, axes=weights.ndim)
