"""Data: what is learnt from, and how it comes to the loop."""

from glasswork.data.batches import Batches
from glasswork.data.dataset import Dataset
from glasswork.data.datasets import DATASETS, load
from glasswork.data.files import read_dataset, read_samples
from glasswork.data.generated import circles, line, moons, spirals
from glasswork.data.packaged import digits
from glasswork.data.scaling import Scaling
from glasswork.data.splits import split
from glasswork.data.targets import one_hot

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
    "read_samples",
    "spirals",
    "split",
]
