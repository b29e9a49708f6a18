"""Random draws, shaped like the array that they take. They have no gradient."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..randomness import generator
from .op import Op

__all__ = ["uniform_like"]


def _uniform_like(x: Any, *, rng: Any = None) -> Any:
    # float16 would round some draws up to 1, and whole numbers all of them down to 0.
    dtype = np.float64 if x.dtype == np.float64 else np.float32
    return generator(rng).random(x.shape, dtype)


uniform_like = Op(
    "uniform_like",
    _uniform_like,
    (None,),
    (None,),
    equation="y ~ U[0, 1), one draw an element",
    whole=True,
)
