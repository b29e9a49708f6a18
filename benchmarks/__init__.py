"""Glasswork beside its peers, in turn, in one run: `python -m benchmarks --help`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # what is measured is this checkout
