"""Gradient clipping: called between `backward` and the optimizer's `step`."""

from __future__ import annotations

from collections.abc import Iterable
from math import hypot, inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .limits import checked
from .parameters import tensors_of

__all__ = ["clip_gradient_norm", "clip_gradient_values", "gradient_norm"]


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
    return _norm(_gradients("gradient_norm", parameters))


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
    norm = _norm(gradients)
    if limit < norm < inf:
        for g in gradients:
            np.multiply(g, limit / norm, out=g)
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


def _norm(gradients: list[NDArray[Any]], least: type[np.floating] = np.float32) -> float:
    """√ Σ ‖g‖², again in float64 if a square is beyond float32."""
    wide = [g.astype(np.promote_types(g.dtype, least), copy=False) for g in gradients]
    norm = hypot(*(float(np.vdot(g, g)) ** 0.5 for g in wide))
    return _norm(gradients, np.float64) if norm == inf and least is np.float32 else norm
