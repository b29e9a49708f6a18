"""The backward pass, walked one value at a time."""

from .visits import Contribution, Visit
from .walker import Walk, walk

__all__ = ["Contribution", "Visit", "Walk", "walk"]
