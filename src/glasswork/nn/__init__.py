"""Things with parameters: modules, layers, activations, initializers and losses."""

from . import initializers
from .activations import (
    ELU,
    GELU,
    Identity,
    LeakyReLU,
    LogSoftmax,
    ReLU,
    Sigmoid,
    SiLU,
    Softmax,
    Softplus,
    Tanh,
)
from .batchnorm import BatchNorm
from .dropout import Dropout
from .linear import Linear
from .losses import (
    MAE,
    MSE,
    NLL,
    BinaryCrossEntropy,
    CrossEntropy,
    Hinge,
    Huber,
    KLDivergence,
    Loss,
    penalty,
)
from .module import Module, Sequential
from .parameter import Buffer, Parameter
from .tables import Categories, Missing, Standardize

__all__ = [
    "ELU", "GELU", "MAE", "MSE", "NLL", "BatchNorm", "BinaryCrossEntropy", "Buffer", "Categories",
    "CrossEntropy", "Dropout", "Hinge", "Huber", "Identity", "KLDivergence", "LeakyReLU", "Linear",
    "LogSoftmax", "Loss", "Missing", "Module", "Parameter", "ReLU", "Sequential", "SiLU", "Sigmoid",
    "Softmax", "Softplus", "Standardize", "Tanh", "initializers", "penalty",
]  # fmt: skip
