"""Derivation on demand: the mathematics of one network, beside the lines that compute it."""

from .derivation import Derivation, Equation, Given
from .explaining import explain

__all__ = ["Derivation", "Equation", "Given", "explain"]
