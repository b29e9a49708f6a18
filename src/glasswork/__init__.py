"""Glasswork: a neural-network library that you can see through."""

from __future__ import annotations

from . import functional
from .derivatives import (
    grad,
    gradients,
    hessian,
    hvp,
    jacobian,
    jvp,
    value_and_grad,
    vjp,
)
from .gradient_check import check_gradient
from .nn.parameter import Buffer, Parameter
from .ops import elementwise, general, linear
from .randomness import seed
from .tape import no_grad
from .tensor import Tensor

__version__ = "0.1.0"

__all__ = [
    "Buffer",
    "Parameter",
    "Tensor",
    "check_gradient",
    "elementwise",
    "functional",
    "general",
    "grad",
    "gradients",
    "hessian",
    "hvp",
    "jacobian",
    "jvp",
    "linear",
    "no_grad",
    "seed",
    "value_and_grad",
    "vjp",
]
