"""Pictures, for which the extra `app` installs Matplotlib; the backward pass, and the mathematics."""

from .curves import curve, curves, save_curves
from .derivation import Derivation, explain
from .walking import Walk, walk

__all__ = ["Derivation", "Walk", "curve", "curves", "explain", "save_curves", "walk"]
