"""Pictures, for which the extra `app` installs Matplotlib; and the backward pass, walked."""

from .curves import curve, curves, save_curves
from .walking import Walk, walk

__all__ = ["Walk", "curve", "curves", "save_curves", "walk"]
