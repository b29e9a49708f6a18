"""Glasswork: a neural-network library that you can see through."""

from __future__ import annotations

import importlib
import typing

from . import errors, functional, nn
from .derivatives import grad, gradients, hessian, hvp, jacobian, jvp, value_and_grad, vjp
from .gradient_check import check_gradient
from .nn import (
    ELU,
    GELU,
    MAE,
    MSE,
    NLL,
    BatchNorm,
    BinaryCrossEntropy,
    Buffer,
    CrossEntropy,
    Dropout,
    Hinge,
    Huber,
    Identity,
    KLDivergence,
    LeakyReLU,
    Linear,
    LogSoftmax,
    Module,
    Parameter,
    ReLU,
    Sequential,
    Sigmoid,
    SiLU,
    Softmax,
    Softplus,
    Tanh,
    penalty,
)
from .ops import elementwise, general, linear
from .randomness import seed
from .tape import no_grad
from .tensor import Tensor
from .threads import threads

if typing.TYPE_CHECKING:
    from . import data, export, optim, saving, train
    from . import estimators as estimators
    from .compiler import compile
    from .data import Batches, split
    from .optim import SGD, Adagrad, Adam, AdamW, RMSprop
    from .saving import load, load_pytorch, register, save
    from .show import explain, walk
    from .train import EarlyStopping, History, diff
    from .train.fit import fit
    from .train.preflight import preflight

__version__ = "0.1.0"

__all__ = [
    "ELU",
    "GELU",
    "MAE",
    "MSE",
    "NLL",
    "SGD",
    "Adagrad",
    "Adam",
    "AdamW",
    "BatchNorm",
    "Batches",
    "BinaryCrossEntropy",
    "Buffer",
    "CrossEntropy",
    "Dropout",
    "EarlyStopping",
    "Hinge",
    "History",
    "Huber",
    "Identity",
    "KLDivergence",
    "LeakyReLU",
    "Linear",
    "LogSoftmax",
    "Module",
    "Parameter",
    "RMSprop",
    "ReLU",
    "Sequential",
    "SiLU",
    "Sigmoid",
    "Softmax",
    "Softplus",
    "Tanh",
    "Tensor",
    "check_gradient",
    "compile",
    "data",
    "diff",
    "elementwise",
    "errors",
    "explain",
    "export",
    "fit",
    "functional",
    "general",
    "grad",
    "gradients",
    "hessian",
    "hvp",
    "jacobian",
    "jvp",
    "linear",
    "load",
    "load_pytorch",
    "nn",
    "no_grad",
    "optim",
    "penalty",
    "preflight",
    "register",
    "save",
    "saving",
    "seed",
    "split",
    "threads",
    "train",
    "value_and_grad",
    "vjp",
    "walk",
]

# What a prediction does without, or what reads files: imported when first asked for.
_LATER = {
    "compiler": ("compile",),
    "data": ("data", "Batches", "split"),
    "estimators": ("estimators",),  # not in __all__: it needs scikit-learn
    "export": ("export",),
    "optim": ("optim", "SGD", "Adagrad", "Adam", "AdamW", "RMSprop"),
    "saving": ("saving", "load", "load_pytorch", "register", "save"),
    "show": ("explain", "walk"),
    "train": ("train", "EarlyStopping", "History", "diff", "fit", "preflight"),
}


def __getattr__(name: str) -> typing.Any:
    for package, names in _LATER.items():
        if name in names:
            module = importlib.import_module(f".{package}", __name__)
            value = module if name == package else getattr(module, name)
            globals()[name] = value
            return value
    raise AttributeError(f"module 'glasswork' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
