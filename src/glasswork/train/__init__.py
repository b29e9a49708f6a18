"""Training: the loop, what it tells, and what is measured."""

from .history import History

__all__ = ["History"]
