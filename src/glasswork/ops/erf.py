"""The error function, which NumPy lacks.

W. J. Cody, Rational Chebyshev approximations for the error function, Mathematics of Computation
23 (1969), 631-637: three intervals, a rational function in each, to the precision of float64.
"""

from __future__ import annotations

from math import pi, sqrt
from typing import Any

import numpy as np

from .op import elementwise

__all__ = ["erf"]

# Coefficients of Cody's tables 1 to 3, highest power first; numerator, then denominator.
_SMALL = (
    (1.85777706184603153e-1, 3.16112374387056560e0, 1.13864154151050156e2,
     3.77485237685302021e2, 3.20937758913846947e3),
    (1.0, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3,
     2.84423683343917062e3),
)  # fmt: skip
_MIDDLE = (
    (2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594e0,
     6.61191906371416295e1, 2.98635138197400131e2, 8.81952221241769090e2,
     1.71204761263407058e3, 2.05107837782607147e3, 1.23033935479799725e3),
    (1.0, 1.57449261107098347e1, 1.17693950891312499e2, 5.37181101862009858e2,
     1.62138957456669019e3, 3.29079923573345963e3, 4.36261909014324716e3,
     3.43936767414372164e3, 1.23033935480374942e3),
)  # fmt: skip
_LARGE = (
    (1.63153871373020978e-2, 3.05326634961232344e-1, 3.60344899949804439e-1,
     1.25781726111229246e-1, 1.60837851487422766e-2, 6.58749161529837803e-4),
    (1.0, 2.56852019228982242e0, 1.87295284992346047e0, 5.27905102951428412e-1,
     6.05183413124413191e-2, 2.33520497626869185e-3),
)  # fmt: skip


def _ratio(x: Any, table: tuple[tuple[float, ...], tuple[float, ...]]) -> Any:
    values = []
    for coefficients in table:
        value = coefficients[0]
        for coefficient in coefficients[1:]:
            value = value * x + coefficient
        values.append(value)
    return values[0] / values[1]


def _erf(x: Any) -> Any:
    size = np.abs(x)
    if size.dtype == np.float16:  # too narrow for the powers
        return _erf(np.asarray(x, np.float32)).astype(np.float16)
    small = np.minimum(size, 0.46875)
    middle = np.clip(size, 0.46875, 4.0)
    large = np.clip(size, 4.0, 10.0)  # erf is 1 to the last bit from 6 on
    inverse = 1 / (large * large)
    tail = (1 / sqrt(pi) - inverse * _ratio(inverse, _LARGE)) / large
    value = np.where(
        size <= 0.46875,
        small * _ratio(small * small, _SMALL),
        np.where(
            size <= 4.0,
            1 - np.exp(-middle * middle) * _ratio(middle, _MIDDLE),
            1 - np.exp(-large * large) * tail,
        ),
    )
    return np.copysign(value, x)


def _erf_slope(y: Any, x: Any) -> Any:
    z = np.clip(x, -30, 30)  # from where on the slope is 0, and the square overflows nowhere
    return 2 / sqrt(pi) * np.exp(-z * z)


erf = elementwise(
    "erf",
    _erf,
    (_erf_slope,),
    equation="y = (2/√π) ∫₀ˣ e^(-t²) dt",
    onnx="Erf",
)
