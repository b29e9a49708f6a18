"""Data from files that are not trusted: one reader for each format, and one door to them all."""

from .reading import read_dataset, read_samples
from .tabular import is_table, read_rows

__all__ = ["is_table", "read_dataset", "read_rows", "read_samples"]
