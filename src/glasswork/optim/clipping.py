"""Gradient clipping: called between `backward` and the optimizer's `step`.

The norm and the factor are ops, of which no gradient is asked: gradients may be whatever answers
ops and NumPy's calls with `out`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..limits import checked
from ..ops import Op
from .parameters import tensors_of

__all__ = ["clip_gradient_norm", "clip_gradient_values", "gradient_norm"]


def _norm_of(*gradients: np.ndarray) -> float:
    """√ Σ ‖g‖², again in float64 if a square is beyond float32."""
    wide = [g if g.itemsize >= 4 else g.astype(np.float32) for g in gradients]
    norm = math.hypot(*[math.sqrt(np.vdot(g, g)) for g in wide])
    if norm == math.inf:
        wide = [g.astype(np.float64) for g in gradients]
        norm = math.hypot(*[math.sqrt(np.vdot(g, g)) for g in wide])
    return norm


def _factor_to(norm: float, limit: float) -> float:
    """What makes a norm of `limit` of a larger one; 1 for one that is not, or is no number."""
    return limit / norm if limit < norm < math.inf else 1.0


_norm = Op("gradient_norm", _norm_of, (), (), equation="‖g‖ = √ Σ ‖gᵢ‖²")
_factor = Op(
    "clipping_factor",
    _factor_to,
    (None, None),
    (None, None),
    equation="limit / ‖g‖ if limit < ‖g‖ < ∞, else 1",
)


def gradient_norm(parameters: Iterable[Any]) -> float:
    """√ Σ ‖g‖², over the gradients of all parameters that are not frozen.

    Examples
    --------
    >>> from ..tensor import Tensor
    >>> a, b = Tensor(1.0, requires_grad=True), Tensor(1.0, requires_grad=True)
    >>> (3 * a - 4 * b).backward()
    >>> gradient_norm([a, b])
    5.0
    """
    norm: float = _norm(*_gradients("gradient_norm", parameters))
    return norm


def clip_gradient_norm(parameters: Iterable[Any], limit: float) -> float:
    """Scale all gradients together so that their norm is at most `limit`: g ← g · limit / ‖g‖.

    (Pascanu, Mikolov and Bengio, 2013, algorithm 1.) The direction stays. PyTorch divides by
    ‖g‖ + 10⁻⁶.

    Parameters
    ----------
    parameters : iterable of Parameter
        Whose gradients are scaled, in place; usually `optimizer.parameters`.
    limit : float
        The largest norm that is left as it is, above 0.

    Returns
    -------
    float
        The norm before. One that is inf or nan scales nothing, and tells you so.

    Examples
    --------
    >>> from ..tensor import Tensor
    >>> w = Tensor([1.0, 1.0], requires_grad=True)
    >>> (w * [30.0, -40.0]).sum().backward()
    >>> clip_gradient_norm([w], limit=5.0), w.grad
    (50.0, array([ 3., -4.], dtype=float32))
    """
    limit = checked("clip_gradient_norm", "limit", limit)
    gradients = _gradients("clip_gradient_norm", parameters)
    norm: float = _norm(*gradients)
    factor = _factor(norm, limit)
    if type(factor) is not float or factor != 1.0:
        for g in gradients:
            np.multiply(g, factor, out=g)
    return norm


def clip_gradient_values(parameters: Iterable[Any], limit: float) -> None:
    """Bring each element of each gradient between −limit and limit, in place.

    Examples
    --------
    >>> from ..tensor import Tensor
    >>> w = Tensor([1.0, 1.0], requires_grad=True)
    >>> (w * [30.0, -4.0]).sum().backward()
    >>> clip_gradient_values([w], limit=5.0)
    >>> w.grad
    array([ 5., -4.], dtype=float32)
    """
    limit = checked("clip_gradient_values", "limit", limit)
    for g in _gradients("clip_gradient_values", parameters):
        np.clip(g, -limit, limit, out=g)


def _gradients(owner: str, parameters: Iterable[Any]) -> list[NDArray[Any]]:
    found = [tensor.grad for tensor in tensors_of(owner, parameters)]
    return [g for g in found if g is not None]
