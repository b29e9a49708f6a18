"""Learning: rules that move parameters, optimizers that apply them, schedules and clipping."""

from .adaptive import Adagrad, Adam, AdamW, RMSprop
from .clipping import clip_gradient_norm, clip_gradient_values, gradient_norm
from .optimizer import Optimizer
from .plateau import ReduceOnPlateau
from .schedules import (
    Schedule,
    constant,
    cosine,
    exponential_decay,
    inverse_time,
    one_cycle,
    schedule,
    step_decay,
    warm_up,
)
from .sgd import SGD

__all__ = [
    "SGD",
    "Adagrad",
    "Adam",
    "AdamW",
    "Optimizer",
    "RMSprop",
    "ReduceOnPlateau",
    "Schedule",
    "clip_gradient_norm",
    "clip_gradient_values",
    "constant",
    "cosine",
    "exponential_decay",
    "gradient_norm",
    "inverse_time",
    "one_cycle",
    "schedule",
    "step_decay",
    "warm_up",
]
