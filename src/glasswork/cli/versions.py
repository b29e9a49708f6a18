"""Which versions are at work: told by `--version`, and written down with every run."""

from __future__ import annotations

import platform
from importlib import import_module

import numpy as np

__all__ = ["versions"]


def versions() -> dict[str, str]:
    """The versions of Glasswork, NumPy and Python."""
    own: str = import_module("glasswork").__version__
    return {"glasswork": own, "numpy": np.__version__, "python": platform.python_version()}
