"""Pictures: what happened, drawn with Matplotlib, which the extra `app` installs."""

from .curves import curve, curves, save_curves

__all__ = ["curve", "curves", "save_curves"]
