"""The report of a training: one file of HTML that needs nothing else, not even Matplotlib."""

from .document import report, write_report
from .material import Material, figures

__all__ = ["Material", "figures", "report", "write_report"]
