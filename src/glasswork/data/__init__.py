"""Data: what is learnt from, and how it comes to the loop."""

from .batches import Batches
from .dataset import Dataset
from .datasets import DATASETS, digits, load
from .files import read_dataset, read_rows, read_samples
from .generated import circles, line, moons, spirals
from .scaling import Scaling
from .splits import split
from .targets import one_hot

__all__ = [
    "DATASETS",
    "Batches",
    "Dataset",
    "Scaling",
    "circles",
    "digits",
    "line",
    "load",
    "moons",
    "one_hot",
    "read_dataset",
    "read_rows",
    "read_samples",
    "spirals",
    "split",
]
