"""The pictures of the examples: drawn with matplotlib where it is installed, else left out."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

__all__ = ["DARK", "LIGHT", "WARM", "save_picture"]

DARK, LIGHT, WARM = "#1f4e79", "#9dc3e6", "#d1495b"

STYLE = {
    "axes.grid": True,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": "medium",
    "font.size": 9,
    "grid.alpha": 0.25,
    "legend.frameon": False,
}


def save_picture(name: str, width: float, height: float, draw: Callable[[Any], None]) -> None:
    """Save what `draw` puts on a figure of so many inches, in the folder where you stand.

    What is said about it goes to the error stream: the output is the same with matplotlib and
    without.
    """
    try:
        from matplotlib import rc_context
        from matplotlib.figure import Figure
    except ImportError:
        print("No picture: it needs matplotlib (pip install 'glasswork[app]').", file=sys.stderr)
        return
    with rc_context(STYLE):
        figure = Figure(figsize=(width, height), layout="constrained")
        draw(figure)
        figure.savefig(name, dpi=110, metadata={"Software": None})
    print(f"The picture is {name}.", file=sys.stderr)
