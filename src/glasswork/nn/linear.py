"""Linear: the layer that has the weights."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from ..errors import ShapeError
from ..limits import COUNT, FLAG, FUNCTION, checked
from ..ops.checks import as_numbers, no_tensor
from ..randomness import RandomSource
from .initializers import Initializer, kaiming_normal
from .module import Module
from .parameter import Parameter, float_dtype

__all__ = ["Linear"]


class Linear(Module):
    """Affine map of each row: Y = X W + b.   (article: Weights and Hidden Layers)

    Parameters
    ----------
    input_neurons, output_neurons : int
        Features per row before and after.
    bias : bool
        Whether to add b, which starts at zero (the article draws it) and is spared by weight
        decay.
    initializer : callable
        Draws W; see `glasswork.nn.initializers`. Kaiming's normal, for the ReLU that follows.
    rng : None, int or Generator
        Where W is drawn from.
    dtype : dtype
        Of W and b. The input is taken in it.

    Shapes
    ------
    x : (…, input_neurons)   W : (input_neurons, output_neurons)   b : (output_neurons,)

    Raises
    ------
    OptionError
        If there is no neuron on one side.
    DtypeError
        If dtype is none of floats, or x no numbers.
    ShapeError
        If the last axis of x is not `input_neurons`, or the initializer gives another shape than
        that of W.

    Examples
    --------
    >>> layer = Linear(3, 2, rng=0)
    >>> layer(np.ones((4, 3))).shape
    (4, 2)
    >>> layer
    Linear(3, 2)  8  parameters: weights (3, 2), biases (2,)
    """

    def __init__(
        self,
        input_neurons: int,
        output_neurons: int,
        bias: bool = True,
        *,
        initializer: Initializer = kaiming_normal,
        rng: RandomSource = None,
        dtype: DTypeLike = np.float32,
    ) -> None:
        self.input_neurons = checked("Linear", "input_neurons", input_neurons, COUNT)
        self.output_neurons = checked("Linear", "output_neurons", output_neurons, COUNT)
        self.bias = checked("Linear", "bias", bias, FLAG)
        initializer = checked("Linear", "initializer", initializer, FUNCTION)
        dtype = float_dtype("Linear", dtype)
        shape = self.input_neurons, self.output_neurons
        first = as_numbers(initializer(shape, rng, dtype), "Linear: what the initializer gives")
        self.weights = Parameter(first)
        if self.weights.shape != shape:
            raise ShapeError(
                "Linear: the initializer gave weights of another shape.\n"
                f"  It was asked for {shape}, and gave {self.weights.shape}.\n"
                "  Let it return an array of the shape that it is passed."
            )
        if bias:
            self.biases = Parameter(np.zeros(output_neurons, dtype), decay=False)

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of the weights, and of what comes out."""
        return self.weights.dtype

    def forward(self, x: Any) -> Any:
        weights = self.weights
        dtype = getattr(x, "dtype", None)
        if dtype is None:
            raise no_tensor(x, "the input")
        if dtype != weights.dtype:
            x = x.astype(weights.dtype)
        try:
            y = x @ weights
        except ShapeError:
            raise self._misfit(x.shape) from None
        return y + self.biases if self.bias else y

    def _misfit(self, shape: tuple[int, ...]) -> ShapeError:
        if not shape:
            return ShapeError(
                "the input is a single number.\n"
                f"  Pass rows of {self.input_neurons} features, or one row."
            )
        return ShapeError(
            f"the input has {shape[-1]} features in a row, not {self.input_neurons}.\n"
            f"  The input is {shape}, the weights are {self.weights.shape}.\n"
            f"  Build Linear({shape[-1]}, {self.output_neurons}), or let the layer before have "
            f"{self.input_neurons} output neurons."
        )
