"""Training: the loop, what it tells, and what is measured."""

from .callbacks import Callback, EarlyStopping, Plateau, Run
from .compare import Difference, diff
from .evaluate import evaluate, predict
from .fit import fit
from .history import History
from .loggers import CSVLogger, JSONLogger, Logger, LogTo, TensorBoardLogger
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
from .nonfinite import find_nonfinite
from .preflight import Preflight, preflight
from .progress import Progress

__all__ = [
    "CSVLogger",
    "Callback",
    "Difference",
    "EarlyStopping",
    "History",
    "JSONLogger",
    "LogTo",
    "Logger",
    "Plateau",
    "Preflight",
    "Progress",
    "Run",
    "TensorBoardLogger",
    "accuracy",
    "confusion_matrix",
    "diff",
    "evaluate",
    "f1",
    "find_nonfinite",
    "fit",
    "mae",
    "precision",
    "predict",
    "preflight",
    "r_squared",
    "recall",
    "rmse",
    "top_k",
]
