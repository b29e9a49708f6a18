"""Activation functions as modules, to stand between layers.   (article: Activation Functions)

Their equations and conventions are beside the ops, in `glasswork.ops.activations`.
"""

from __future__ import annotations

from typing import Any

from .. import functional as F
from ..limits import ANY, FLAG, checked
from ..tensor import Tensor
from .module import Module

__all__ = [
    "ELU", "GELU", "Identity", "LeakyReLU", "LogSoftmax", "ReLU", "SiLU", "Sigmoid", "Softmax",
    "Softplus", "Tanh",
]  # fmt: skip


class Identity(Module):
    """y = x: where a layer may be left out.

    Examples
    --------
    >>> Identity()(np.array([-1.0, 1.0])).els
    array([-1.,  1.])
    """

    def forward(self, x: Any) -> Any:
        return x


class ReLU(Module):
    """y = max(x, 0), with the slope 0 at 0.   (article: Rectified Linear Unit)

    Examples
    --------
    >>> ReLU()(np.array([-1.0, 1.0])).els
    array([0., 1.])
    """

    def forward(self, x: Any) -> Any:
        # A tensor's method is the shortest way.
        return x.relu() if isinstance(x, Tensor) else F.relu(x)


class Sigmoid(Module):
    """y = 1 / (1 + e⁻ˣ), between 0 and 1.   (article: Sigmoid)

    Examples
    --------
    >>> Sigmoid()(np.array([-1000.0, 0.0])).els
    array([0. , 0.5])
    """

    def forward(self, x: Any) -> Any:
        return x.sigmoid() if isinstance(x, Tensor) else F.sigmoid(x)


class Tanh(Module):
    """y = (eˣ - e⁻ˣ) / (eˣ + e⁻ˣ), between -1 and 1.   (article: Tanh)

    Examples
    --------
    >>> Tanh()(np.array([0.0, 1000.0])).els
    array([0., 1.])
    """

    def forward(self, x: Any) -> Any:
        return x.tanh() if isinstance(x, Tensor) else F.tanh(x)


class Softmax(Module):
    """yᵢ = e^xᵢ / Σⱼ e^xⱼ: positive numbers that add up to one.

    `CrossEntropy` takes what goes in here, not what comes out.

    Parameters
    ----------
    axis : int
        Along which they add up.

    Examples
    --------
    >>> Softmax()(np.array([1000.0, 1000.0])).els
    array([0.5, 0.5])
    """

    def __init__(self, axis: int = -1) -> None:
        self.axis = axis

    def forward(self, x: Any) -> Any:
        return F.softmax(x, self.axis)


class LogSoftmax(Module):
    """yᵢ = xᵢ - ln Σⱼ e^xⱼ: the logarithm of softmax, exact where softmax rounds to 0.

    Parameters
    ----------
    axis : int
        Along which the e^yᵢ add up to one.

    Examples
    --------
    >>> LogSoftmax()(np.array([0.0, 1000.0])).els
    array([-1000.,     0.])
    """

    def __init__(self, axis: int = -1) -> None:
        self.axis = axis

    def forward(self, x: Any) -> Any:
        return F.log_softmax(x, self.axis)


class Softplus(Module):
    """y = ln(1 + eˣ): a smooth ReLU, whose slope is the sigmoid (Dugas et al., 2001).

    Examples
    --------
    >>> Softplus()(np.array([0.0, 1000.0])).els
    array([6.93147181e-01, 1.00000000e+03])
    """

    def forward(self, x: Any) -> Any:
        return F.softplus(x)


class LeakyReLU(Module):
    """y = x where x > 0, else slope · x (Maas et al., 2013).

    Parameters
    ----------
    slope : float
        For negative inputs, so that no neuron is dead for good.

    Examples
    --------
    >>> LeakyReLU(0.1)(np.array([-1.0, 1.0])).els
    array([-0.1,  1. ])
    """

    def __init__(self, slope: float = 0.01) -> None:
        self.slope = checked("LeakyReLU", "slope", slope, ANY)

    def forward(self, x: Any) -> Any:
        return F.leaky_relu(x, self.slope)


class ELU(Module):
    """y = x where x > 0, else α (eˣ - 1) (Clevert et al., 2016).

    Parameters
    ----------
    alpha : float
        -α is what it goes to for very negative inputs.

    Examples
    --------
    >>> ELU(2.0)(np.array([-1000.0, 1.0])).els
    array([-2.,  1.])
    """

    def __init__(self, alpha: float = 1.0) -> None:
        self.alpha = checked("ELU", "alpha", alpha, ANY)

    def forward(self, x: Any) -> Any:
        return F.elu(x, self.alpha)


class GELU(Module):
    """y = x Φ(x), where Φ is the normal distribution (Hendrycks and Gimpel, 2016).

    Parameters
    ----------
    approximate : bool
        Use ½ x (1 + tanh(√(2/π) (x + 0.044715 x³))), the paper's approximation.

    Examples
    --------
    >>> GELU()(np.array([0.0, 1.0])).els.round(4)
    array([0.    , 0.8413])
    """

    def __init__(self, approximate: bool = False) -> None:
        self.approximate = checked("GELU", "approximate", approximate, FLAG)

    def forward(self, x: Any) -> Any:
        return F.gelu(x, self.approximate)


class SiLU(Module):
    """y = x σ(x), also called Swish (Elfwing et al., 2018).

    Examples
    --------
    >>> SiLU()(np.array([0.0, 1.0])).els.round(4)
    array([0.    , 0.7311])
    """

    def forward(self, x: Any) -> Any:
        return F.silu(x)
