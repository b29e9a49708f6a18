"""Random draws, shaped like the array that they take. They have no gradient."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..randomness import generator
from .op import Op

__all__ = ["uniform_like"]


def _uniform_like(x: Any, *, rng: Any = None) -> Any:
    dtype = x.dtype if x.dtype in (np.float32, np.float64) else np.dtype(np.float32)
    return generator(rng).random(x.shape, dtype=dtype).astype(x.dtype, copy=False)


uniform_like = Op(
    "uniform_like", _uniform_like, (None,), (None,), equation="y ~ U[0, 1), one draw an element"
)
