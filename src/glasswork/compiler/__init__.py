"""Source: a step, written out as the NumPy program that it is."""

from .step import Compiled, compile

__all__ = ["Compiled", "compile"]
