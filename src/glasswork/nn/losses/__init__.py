"""Losses: called with a prediction and a target, they give one number to make small."""

from .binary import BinaryCrossEntropy, Hinge
from .classification import NLL, CrossEntropy, KLDivergence
from .loss import Loss, penalty
from .regression import MAE, MSE, Huber

__all__ = [
    "MAE", "MSE", "NLL", "BinaryCrossEntropy", "CrossEntropy", "Hinge", "Huber", "KLDivergence",
    "Loss", "penalty",
]  # fmt: skip
