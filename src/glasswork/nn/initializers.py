"""First values of weights.

Each is a function of a shape, a source of randomness and a dtype, so that `Linear(…,
initializer=xavier_uniform)` takes it as it is, and `functools.partial(kaiming_normal,
activation="tanh")` with options. Weights are (inputs, outputs): fan_in, the number of inputs of a
neuron, is the second-last size, and fan_out the last, each times the sizes before these two.

All keep the spread of a signal, or of its gradient, the same from layer to layer.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod, sqrt
from typing import Literal, get_args

import numpy as np
from numpy.typing import DTypeLike

from ..errors import ShapeError
from ..limits import ANY, SIZES, checked, one_of
from ..ops.checks import as_dtype
from ..randomness import RandomSource, generator

__all__ = [
    "Activation", "Fan", "Initializer", "constant", "gain", "kaiming_normal", "kaiming_uniform",
    "lecun_normal", "lecun_uniform", "ones", "orthogonal", "xavier_normal", "xavier_uniform",
    "zeros",
]  # fmt: skip

Shape = tuple[int, ...]
Initializer = Callable[[Shape, RandomSource, DTypeLike], np.ndarray]
Activation = Literal["linear", "sigmoid", "tanh", "relu", "leaky_relu", "selu"]
Fan = Literal["fan_in", "fan_out"]
FANS = one_of(*get_args(Fan))


def gain(activation: Activation, slope: float = 0.01) -> float:
    """What an activation takes from the spread of a signal, to be given back by the weights.

    √2 for ReLU, which drops half of it; √(2 / (1 + slope²)) for leaky ReLU (He et al., 2015, eq.
    10 and 15); 5/3 for tanh and 3/4 for SELU, found by trial (as in PyTorch); 1 else.

    Examples
    --------
    >>> gain("tanh")
    1.6666666666666667
    """
    slope = checked("initializer", "slope", slope, ANY)
    gains = {
        "linear": 1.0,
        "sigmoid": 1.0,
        "tanh": 5 / 3,
        "relu": sqrt(2),
        "leaky_relu": sqrt(2 / (1 + slope**2)),
        "selu": 3 / 4,
    }
    return gains[checked("initializer", "activation", activation, one_of(*gains))]


def kaiming_normal(
    shape: Shape,
    rng: RandomSource = None,
    dtype: DTypeLike = np.float32,
    *,
    mode: Fan = "fan_in",
    activation: Activation = "relu",
    slope: float = 0.01,
) -> np.ndarray:
    """W ~ N(0, σ²), σ = gain / √fan.   (article: Model Parameters)

    With ReLU that is σ = √(2 / inputs): He et al., 2015, eq. 10. (The article's code has
    `(2 / n)**1/2`, which is 1 / n.)

    Parameters
    ----------
    mode : "fan_in" or "fan_out"
        Keep the spread of the signal going forward, or that of the gradient coming back.
    activation : str
        What follows the layer; see `gain`.
    slope : float
        Of leaky ReLU.

    Raises
    ------
    OptionError, ShapeError
        If mode or activation is none of these, or if the shape has fewer than two axes.

    Examples
    --------
    >>> kaiming_normal((200, 1000), rng=0).std().round(3)
    np.float32(0.1)
    """
    return _normal(shape, gain(activation, slope) / sqrt(_fan(shape, mode)), rng, dtype)


def kaiming_uniform(
    shape: Shape,
    rng: RandomSource = None,
    dtype: DTypeLike = np.float32,
    *,
    mode: Fan = "fan_in",
    activation: Activation = "relu",
    slope: float = 0.01,
) -> np.ndarray:
    """W ~ U(-b, b), b = gain √(3 / fan): He et al., 2015.

    The options are those of `kaiming_normal`, and so is the deviation, b / √3.

    Examples
    --------
    >>> bool(abs(kaiming_uniform((6, 1000), rng=0)).max() <= 1.0)
    True
    """
    return _uniform(shape, gain(activation, slope) * sqrt(3 / _fan(shape, mode)), rng, dtype)


def xavier_normal(
    shape: Shape,
    rng: RandomSource = None,
    dtype: DTypeLike = np.float32,
    *,
    activation: Activation = "linear",
) -> np.ndarray:
    """W ~ N(0, σ²), σ = gain √(2 / (fan_in + fan_out)): Glorot and Bengio, 2010, eq. 12.

    Examples
    --------
    >>> xavier_normal((100, 100), rng=0).std().round(2)
    np.float32(0.1)
    """
    return _normal(shape, gain(activation) * sqrt(1 / _mean_fan(shape)), rng, dtype)


def xavier_uniform(
    shape: Shape,
    rng: RandomSource = None,
    dtype: DTypeLike = np.float32,
    *,
    activation: Activation = "linear",
) -> np.ndarray:
    """W ~ U(-b, b), b = gain √(6 / (fan_in + fan_out)): Glorot and Bengio, 2010, eq. 16.

    Examples
    --------
    >>> bool(abs(xavier_uniform((3, 3), rng=0)).max() <= 1.0)
    True
    """
    return _uniform(shape, gain(activation) * sqrt(3 / _mean_fan(shape)), rng, dtype)


def lecun_normal(
    shape: Shape, rng: RandomSource = None, dtype: DTypeLike = np.float32
) -> np.ndarray:
    """W ~ N(0, σ²), σ = √(1 / fan_in): LeCun et al., Efficient BackProp, 1998, eq. 16.

    Examples
    --------
    >>> lecun_normal((100, 100), rng=0).std().round(2)
    np.float32(0.1)
    """
    return _normal(shape, sqrt(1 / _fan(shape, "fan_in")), rng, dtype)


def lecun_uniform(
    shape: Shape, rng: RandomSource = None, dtype: DTypeLike = np.float32
) -> np.ndarray:
    """W ~ U(-b, b), b = √(3 / fan_in), whose deviation is that of `lecun_normal`.

    Examples
    --------
    >>> bool(abs(lecun_uniform((3, 3), rng=0)).max() <= 1.0)
    True
    """
    return _uniform(shape, sqrt(3 / _fan(shape, "fan_in")), rng, dtype)


def orthogonal(
    shape: Shape,
    rng: RandomSource = None,
    dtype: DTypeLike = np.float32,
    *,
    activation: Activation = "linear",
) -> np.ndarray:
    """W = gain Q with QᵀQ = 1, or QQᵀ = 1 where W is wide: Saxe et al., 2014.

    Q comes from the QR decomposition of a normal matrix, with the signs of R's diagonal taken out,
    so that every rotation is as likely as any other (Mezzadri, 2007).

    Examples
    --------
    >>> q = orthogonal((3, 2), rng=0)
    >>> np.allclose(q.T @ q, np.eye(2), atol=1e-6)
    True
    """
    _fans(shape)
    rows, columns = prod(shape[:-1]), shape[-1]
    drawn = generator(rng).standard_normal((max(rows, columns), min(rows, columns)))
    q, r = np.linalg.qr(drawn)
    q *= np.where(np.diagonal(r) < 0, -1, 1)
    tall = q if rows >= columns else q.T
    return (gain(activation) * tall).reshape(shape).astype(as_dtype(dtype, "initializer"))


def zeros(shape: Shape, rng: RandomSource = None, dtype: DTypeLike = np.float32) -> np.ndarray:
    """W = 0: for biases. Neurons with equal weights would learn the same.

    Examples
    --------
    >>> zeros((2,))
    array([0., 0.], dtype=float32)
    """
    return constant(shape, rng, dtype, value=0.0)


def ones(shape: Shape, rng: RandomSource = None, dtype: DTypeLike = np.float32) -> np.ndarray:
    """W = 1: for scales.

    Examples
    --------
    >>> ones((2,))
    array([1., 1.], dtype=float32)
    """
    return constant(shape, rng, dtype, value=1.0)


def constant(
    shape: Shape, rng: RandomSource = None, dtype: DTypeLike = np.float32, *, value: float
) -> np.ndarray:
    """W = value; nothing is drawn.

    Examples
    --------
    >>> constant((2,), value=0.5)
    array([0.5, 0.5], dtype=float32)
    """
    checked("initializer", "shape", shape, SIZES)
    number = checked("initializer", "value", value, ANY)
    return np.full(shape, number, as_dtype(dtype, "initializer"))


def _fans(shape: Shape) -> tuple[int, int]:
    """The inputs of a neuron and its outputs."""
    if len(checked("initializer", "shape", shape, SIZES)) < 2:
        raise ShapeError(
            f"initializer: the shape {shape} has no inputs and outputs.\n"
            "  Pass (inputs, outputs), or use zeros, ones or constant."
        )
    return prod(shape[:-1]), prod(shape[:-2]) * shape[-1]


def _fan(shape: Shape, mode: Fan) -> int:
    """One of the two, and 1 if there are none."""
    fans = _fans(shape)
    return max(fans[get_args(Fan).index(checked("initializer", "mode", mode, FANS))], 1)


def _mean_fan(shape: Shape) -> float:
    """The mean of both, and 1 if it is less."""
    return max(sum(_fans(shape)) / 2, 1)


def _normal(shape: Shape, deviation: float, rng: RandomSource, dtype: DTypeLike) -> np.ndarray:
    drawn = generator(rng).standard_normal(shape, _drawable(dtype))
    return (drawn * deviation).astype(dtype, copy=False)


def _uniform(shape: Shape, bound: float, rng: RandomSource, dtype: DTypeLike) -> np.ndarray:
    drawn = generator(rng).random(shape, _drawable(dtype))
    return (bound * (2 * drawn - 1)).astype(dtype, copy=False)


def _drawable(dtype: DTypeLike) -> type[np.float32] | type[np.float64]:
    """What a Generator can draw: float64 for float64, float32 for what is narrower."""
    return np.float64 if as_dtype(dtype, "initializer") == np.float64 else np.float32
