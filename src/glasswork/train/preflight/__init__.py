"""Before a training: whether a network, its data and its loss can learn together at all."""

from .checking import preflight
from .report import Finding, Preflight

__all__ = ["Finding", "Preflight", "preflight"]
