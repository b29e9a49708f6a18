"""Training: the loop, what it tells, and what is measured."""

from .callbacks import Callback, EarlyStopping, Plateau, Run
from .evaluate import evaluate, predict
from .fit import fit
from .history import History
from .metrics import (
    accuracy,
    confusion_matrix,
    f1,
    mae,
    precision,
    r_squared,
    recall,
    rmse,
    top_k,
)
from .progress import Progress

__all__ = [
    "Callback",
    "EarlyStopping",
    "History",
    "Plateau",
    "Progress",
    "Run",
    "accuracy",
    "confusion_matrix",
    "evaluate",
    "f1",
    "fit",
    "mae",
    "precision",
    "predict",
    "r_squared",
    "recall",
    "rmse",
    "top_k",
]
