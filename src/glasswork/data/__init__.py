"""Data: what is learnt from, and how it comes to the loop."""

from glasswork.data.batches import Batches
from glasswork.data.dataset import Dataset
from glasswork.data.generated import circles, line, moons, spirals
from glasswork.data.packaged import digits
from glasswork.data.scaling import Scaling
from glasswork.data.splits import split

__all__ = [
    "Batches",
    "Dataset",
    "Scaling",
    "circles",
    "digits",
    "line",
    "moons",
    "spirals",
    "split",
]
