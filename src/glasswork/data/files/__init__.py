"""Data from files that are not trusted: one reader for each format, and one door to them all."""

from .reading import read_dataset, read_samples

__all__ = ["read_dataset", "read_samples"]
